/**
 * "Ahead" features: means over blocks of hours from now, of which nothing beyond the end of the
 * episode counts.
 *
 * @module
 */

/** Ends of the blocks; the first begins after the current slot. [h] */
export const aheadHours: readonly number[] = [2, 3, 4, 6, 9, 12, 18, 24];

/** The blocks in slots, and the sums that their means are taken from. */
export interface Ahead {
  /** Slots up to the end of the last block, the current one included. */
  readonly horizon: number;
  /** To be filled: sum of the slots from the next up to `lead` − 1 at `[lead]`; 0 at `[1]`. */
  readonly sumBefore: Float64Array;
  /**
   * Writes the mean of every block, of which only the slots before `end` count, from `at` on.
   *
   * @returns The place after the last mean.
   */
  writeMeans(end: number, out: Float64Array, at: number): number;
}

/** Prepares blocks for slots of `dtHours`. */
export function createAhead(dtHours: number): Ahead {
  // Block k is the slots from `blockEnds[k]` up to `blockEnds[k + 1]` ahead.
  const blockEnds = Int32Array.of(1, ...aheadHours.map((hours) => hours / dtHours));
  const blocks = aheadHours.length;
  const blockShare = Float64Array.from(aheadHours, (_, k) => 1 / (blockEnds[k + 1] - blockEnds[k]));
  const horizon = blockEnds[blocks];
  const sumBefore = new Float64Array(horizon + 1);
  return {
    horizon,
    sumBefore,
    writeMeans(end, out, at) {
      let before = 0;
      for (let k = 0; k < blocks; k++) {
        const blockEnd = blockEnds[k + 1];
        const sum = sumBefore[blockEnd < end ? blockEnd : end];
        out[at++] = (sum - before) * blockShare[k];
        before = sum;
      }
      return at;
    },
  };
}
