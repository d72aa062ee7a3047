/**
 * Cutting the rows of many communities into blocks that fit into the processor's cache: as many whole
 * communities as fit, or a part of one that is larger than a block.
 *
 * @module
 */

/** Most rows of a block: its activations then stay in the processor's cache. */
export const BLOCK_ROWS = 128;

/** A block: `rows` agents of each of `communities`. */
export interface Block {
  /** The first community. */
  readonly community: number;
  /** How many communities. */
  readonly communities: number;
  /** The block's first row among all. */
  readonly row: number;
  /** Rows of each community in the block. */
  readonly rows: number;
}

/** Blocks that `communities` of `agents` rows each are cut into. */
export function blockCount(communities: number, agents: number): number {
  if (communities === 0) return 0;
  if (agents > BLOCK_ROWS) return communities * Math.ceil(agents / BLOCK_ROWS);
  return Math.ceil(communities / Math.floor(BLOCK_ROWS / agents));
}

/**
 * Block `k` of these, in the order of the rows; all are about as long.
 *
 * @example
 * ```ts
 * import { blockOf } from "./cut.ts";
 * const { community, communities, row, rows } = blockOf(1, 24, 10);
 * if ([community, communities, row, rows].join() !== "12,12,120,10") throw new Error("the second dozen");
 * ```
 */
export function blockOf(k: number, communities: number, agents: number): Block {
  const count = blockCount(communities, agents);
  if (agents <= BLOCK_ROWS) {
    const [from, to] = share(k, communities, count);
    return { community: from, communities: to - from, row: from * agents, rows: agents };
  }
  const parts = count / communities;
  const community = Math.floor(k / parts);
  const [from, to] = share(k % parts, agents, parts);
  return { community, communities: 1, row: community * agents + from, rows: to - from };
}

/** Where part `k` of `count` parts begins and ends. */
function share(k: number, length: number, count: number): [number, number] {
  return [Math.round(k * length / count), Math.round((k + 1) * length / count)];
}
