/**
 * Which days of a data set a task plays.
 *
 * @module
 */

import type { EnvironmentConfig } from "../env/config.ts";
import { oneOf } from "../text/nearest.ts";
import type { Dataset } from "../data/profiles.ts";
import { splitDays, type SplitName, wholeEpisodes } from "../data/split.ts";

/** What can be played: a part of the data set in episodes, or all of it in one. */
export type PlayedSplit = SplitName | "all";

/** Values of `--split`. */
export const SPLITS: readonly PlayedSplit[] = ["train", "validation", "test", "all"];

/** How many test episodes of what length, in words. */
export function episodesOf({ episodeDays }: EnvironmentConfig, count: number): string {
  const unit = episodeDays === 1 ? "day" : episodeDays === 7 ? "week" : "episode";
  const length = unit === "episode" ? ` of ${episodeDays} days` : "";
  return `${count} test ${unit}${count === 1 ? "" : "s"}${length}`;
}

/** The value of `--split`. */
export function parseSplit(text: string): PlayedSplit {
  return oneOf("--split", text, SPLITS) as PlayedSplit;
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

/**
 * The episodes to play: those of a part of the data set, or all days from the first local midnight on
 * in one piece, in which what stores hold is carried from day to day.
 *
 * @param days So many of them; all if `undefined`.
 */
export function playedEpisodes(
  dataset: Dataset,
  config: EnvironmentConfig,
  split: PlayedSplit,
  days: number | undefined,
): { readonly config: EnvironmentConfig; readonly firstSlots: readonly number[] } {
  if (split !== "all") {
    return { config, firstSlots: spread(splitDays(dataset, config)[split], config, days) };
  }
  const midnights = wholeEpisodes(dataset.profiles.grid, 1);
  const episodeDays = days ?? midnights.length;
  if (midnights.length === 0) throw new Error("--split all needs a whole day of data, got none");
  if (episodeDays > midnights.length) {
    throw new Error(
      `--days must be at most ${midnights.length}, the whole days of the data, got ${episodeDays}`,
    );
  }
  return { config: { ...config, episodeDays }, firstSlots: [midnights[0]] };
}
