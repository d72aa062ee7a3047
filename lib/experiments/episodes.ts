/**
 * Which days of a data set a task plays.
 *
 * @module
 */

import { oneOf } from "../text/nearest.ts";
import type { SplitName } from "../data/split.ts";

/** Parts of a data set by the names of `--split`. */
export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** The value of `--split`. */
export function parseSplit(text: string): SplitName {
  return oneOf("--split", text, SPLITS);
}

/** `count` of the episodes, evenly spread; all of them if it is `undefined`. */
export function spread(
  episodes: readonly number[],
  count: number = episodes.length,
): readonly number[] {
  if (count > episodes.length) {
    throw new Error(
      `--days must be at most ${episodes.length}, the days of the split, got ${count}`,
    );
  }
  return Array.from(
    { length: count },
    (_, k) => episodes[Math.floor((k * episodes.length) / count)],
  );
}
