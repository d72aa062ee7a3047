/**
 * What agents see comes in two blocks: what all agents of a community see alike, once per community,
 * and what each agent sees itself. The rows of a community follow one another.
 *
 * @module
 */

/** One of something for each block. */
export interface Blocks<T> {
  /** Of the community: alike for its agents. */
  readonly common: T;
  /** Of the agent itself. */
  readonly own: T;
}

/** Numbers of a network's input in either block, as far as they fill it. */
export type SeenNumbers = Blocks<Float32Array | Float64Array>;

/** Makes one of something for each block. */
export function eachBlock<T>(make: (block: keyof Blocks<T>) => T): Blocks<T> {
  return { common: make("common"), own: make("own") };
}

/**
 * How many communities the blocks show, where each has `sizes` numbers. Without a common block
 * nothing holds rows together, and each counts as one.
 */
export function communitiesOf({ common, own }: SeenNumbers, sizes: Blocks<number>): number {
  return sizes.common === 0 ? own.length / sizes.own : common.length / sizes.common;
}

/**
 * Writes what each row sees as a vector of its own, the common block before the own one.
 *
 * @param flat `[rows × (common + own)]`
 *
 * @example
 * ```ts
 * import { flatRows } from "./blocks.ts";
 * const seen = { common: Float64Array.of(7), own: Float64Array.of(1, 2) };
 * const flat = flatRows(seen, { common: 1, own: 1 }, new Float64Array(4));
 * if (flat.join() !== "7,1,7,2") throw new Error("one community of two agents");
 * ```
 */
export function flatRows<T extends Float32Array | Float64Array>(
  seen: SeenNumbers,
  sizes: Blocks<number>,
  flat: T,
): T {
  const rows = seen.own.length / sizes.own;
  const agents = rows / communitiesOf(seen, sizes);
  for (let row = 0, at = 0; row < rows; row++) {
    const from = Math.floor(row / agents) * sizes.common;
    for (let k = from; k < from + sizes.common; k++) flat[at++] = seen.common[k];
    for (let k = row * sizes.own; k < (row + 1) * sizes.own; k++) flat[at++] = seen.own[k];
  }
  return flat;
}
