/**
 * Divides a data set into episodes of whole days for training, validation and test.
 *
 * Episodes start at local midnight and do not overlap. Within each season (meteorological quarter)
 * about 70 % go to training, 10 % to validation and 20 % to the test, at least one to each, so that
 * every season is in every part. Episodes of seasons that have fewer than three are divided together.
 *
 * @module
 */

import { shuffle, stream } from "../random.ts";
import { localTime, slotsPerDay, type TimeGrid, timestamp } from "../units.ts";
import type { Dataset } from "./profiles.ts";

/** First slots of the episodes of each part, in rising order. */
export interface Split {
  /** Episodes to learn from, and to fit normalisers on. */
  readonly train: readonly number[];
  /** Episodes to watch training by. */
  readonly validation: readonly number[];
  /** Episodes to report on. */
  readonly test: readonly number[];
}

/** Name of a part. */
export type SplitName = keyof Split;

/** How to divide. */
export interface SplitOptions {
  /** Whole days in an episode. [d] */
  readonly episodeDays: number;
  /** Decides which days go where; 0 if absent. */
  readonly seed?: number;
}

const LEAST_EPISODES = 3;
const VALIDATION_SHARE = 0.1;
const TEST_SHARE = 0.2;

/**
 * Divides the whole local days of `dataset` into training, validation and test.
 *
 * @throws {RangeError} If there are fewer than three episodes.
 *
 * @example
 * ```ts
 * import { splitDays } from "./split.ts";
 * import { synthesize } from "./synthetic.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 1, days: 10, dtHours: 1 });
 * const { train, validation, test } = splitDays(dataset, { episodeDays: 1 });
 * if (train.length !== 7 || validation.length !== 1 || test.length !== 2) throw new Error("7:1:2");
 * ```
 */
export function splitDays({ profiles }: Dataset, { episodeDays, seed = 0 }: SplitOptions): Split {
  if (!Number.isSafeInteger(episodeDays) || episodeDays < 1) {
    throw new RangeError(`episodeDays must be a whole number of at least 1, got ${episodeDays}`);
  }
  const episodes = wholeEpisodes(profiles.grid, episodeDays);
  if (episodes.length < LEAST_EPISODES) {
    throw new RangeError(
      `a split needs ${LEAST_EPISODES} episodes of ${episodeDays} whole days, hence ` +
        `${LEAST_EPISODES * episodeDays} days from a local midnight on, got ${episodes.length} ` +
        `episode${episodes.length === 1 ? "" : "s"} (${profiles.grid.slots} slots from ${
          timestamp(profiles.grid, 0)
        }); add days or shorten ` +
        "the episodes",
    );
  }
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (const [stratum, members] of strata(profiles.grid, episodes)) {
    shuffle(members, stream(seed, "split", stratum));
    const enough = members.length >= LEAST_EPISODES;
    const tests = enough ? Math.max(1, Math.round(TEST_SHARE * members.length)) : 0;
    const validations = enough ? Math.max(1, Math.round(VALIDATION_SHARE * members.length)) : 0;
    parts.test.push(...members.slice(0, tests));
    parts.validation.push(...members.slice(tests, tests + validations));
    parts.train.push(...members.slice(tests + validations));
  }
  for (const part of Object.values(parts)) part.sort((a, b) => a - b);
  return parts;
}

/** First slots of all whole episodes from the first local midnight on, one after the other. */
export function wholeEpisodes(grid: TimeGrid, episodeDays: number): number[] {
  const perDay = slotsPerDay(grid.dtHours);
  const first = Array.from({ length: perDay }, (_, slot) => slot)
    .find((slot) => localTime(grid, slot).hourOfDay === 0);
  if (first === undefined) return [];
  const length = episodeDays * perDay;
  const count = Math.max(0, Math.floor((grid.slots - first) / length));
  return Array.from({ length: count }, (_, episode) => first + episode * length);
}

/** Episodes by season, those of seasons with too few of them together. */
function strata(grid: TimeGrid, episodes: readonly number[]): Map<string, number[]> {
  const seasons = Map.groupBy(episodes, (slot) => season(grid, slot));
  const [few, enough] = [new Map<string, number[]>(), new Map<string, number[]>()];
  for (const [name, members] of seasons) {
    (members.length < LEAST_EPISODES ? few : enough).set(name, members);
  }
  if (few.size > 0) enough.set("together", [...few.values()].flat());
  return enough;
}

/** Meteorological season of a slot on the northern hemisphere. */
function season(grid: TimeGrid, slot: number): string {
  const month = Number(timestamp(grid, slot).slice(5, 7));
  return ["winter", "spring", "summer", "autumn"][Math.floor((month % 12) / 3)];
}
