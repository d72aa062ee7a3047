/**
 * "Ahead" features: means over blocks of hours from now, of which nothing beyond the end of the
 * episode counts.
 *
 * @module
 */

/** Ends of the blocks, even in number; the first begins after the current slot. [h] */
export const aheadHours: readonly number[] = [2, 3, 4, 6, 9, 12, 18, 24];

/** The blocks in slots. */
export interface Ahead {
  /** Number of blocks. */
  readonly blocks: number;
  /** Block k is the slots from `blockEnds[k]` up to `blockEnds[k + 1]` ahead. */
  readonly blockEnds: Int32Array;
  /** 1 ÷ slots of block k. */
  readonly blockShare: Float64Array;
  /** Slots up to the end of the last block, the current one included. */
  readonly horizon: number;
}

/** Blocks in slots of `dtHours`. */
export function createAhead(dtHours: number): Ahead {
  const blocks = aheadHours.length;
  const blockEnds = Int32Array.of(1, ...aheadHours.map((hours) => hours / dtHours));
  const blockShare = Float64Array.from(aheadHours, (_, k) => 1 / (blockEnds[k + 1] - blockEnds[k]));
  return { blocks, blockEnds, blockShare, horizon: blockEnds[blocks] };
}
