/**
 * Which days of a data set a task plays.
 *
 * @module
 */

import { closest } from "fastest-levenshtein";
import type { SplitName } from "../data/split.ts";

/** Parts of a data set by the names of `--split`. */
export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** The value of `--split`. */
export function parseSplit(text: string): SplitName {
  const name = SPLITS.find((known) => known === text);
  if (name !== undefined) return name;
  throw new Error(
    `--split must be one of ${SPLITS.join(", ")}, got "${text}"; did you mean ` +
      `${closest(text, SPLITS)}?`,
  );
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
