/**
 * Which days of a data set a task plays.
 *
 * @module
 */

import type { EnvironmentConfig } from "../env/config.ts";
import { oneOf } from "../text/nearest.ts";
import type { SplitName } from "../data/split.ts";

/** Parts of a data set by the names of `--split`. */
export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** How many test episodes of what length, in words. */
export function episodesOf({ episodeDays }: EnvironmentConfig, count: number): string {
  const unit = episodeDays === 1 ? "day" : episodeDays === 7 ? "week" : "episode";
  const length = unit === "episode" ? ` of ${episodeDays} days` : "";
  return `${count} test ${unit}${count === 1 ? "" : "s"}${length}`;
}

/** The value of `--split`. */
export function parseSplit(text: string): SplitName {
  return oneOf("--split", text, SPLITS);
}

/**
 * Whole episodes, evenly spread, of at least so many days in all; all episodes if it is `undefined`.
 */
export function spread(
  episodes: readonly number[],
  { episodeDays }: Pick<EnvironmentConfig, "episodeDays">,
  days: number = episodes.length * episodeDays,
): readonly number[] {
  const count = Math.ceil(days / episodeDays);
  if (count > episodes.length) {
    throw new Error(
      `--days must be at most ${episodes.length * episodeDays}, the days of the split, got ${days}`,
    );
  }
  return Array.from(
    { length: count },
    (_, k) => episodes[Math.floor((k * episodes.length) / count)],
  );
}
