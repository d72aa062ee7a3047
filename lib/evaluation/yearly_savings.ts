/**
 * What a home pays and saves in a year, from the bills of as many days as there are, and how sure
 * that is: whole weeks are drawn anew within each season, so that an interval holds what other
 * weather and other habits of the same seasons may do, and nothing of other years or prices.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { HOURS_PER_DAY, localTime } from "../units.ts";
import { elsewhereCosts } from "./monthly_bills.ts";
import type { Records } from "./records.ts";
import { type Interval, mean, stratifiedBootstrap } from "./statistics.ts";

/** Days of a year. [d] */
export const DAYS_PER_YEAR = 365;
const DAYS_PER_WEEK = 7;
const SEASONS = 4;
/** Fewer weeks than this have no interval. */
const LEAST_WEEKS = 4;
/** In currency per year: less is no gain. */
const NEGLIGIBLE = 0.005;

/** Bills of homes over one stretch of days. */
export interface BilledDays {
  /** Days played. [d] */
  readonly days: number;
  /** Bill of each home in all. `[homes]` [currency] */
  readonly total: Float64Array;
  /** Bill of each home by whole weeks. `[weeks][homes]` [currency] */
  readonly weeks: readonly Float64Array[];
  /** Season of each week, 0 to 3. `[weeks]` */
  readonly season: readonly number[];
}

/** The bills of the first episode of some books, with what homes paid elsewhere. */
export function billedDays(records: Records, dataset: Dataset): BilledDays {
  const { home: { bill }, homes, slotsPerEpisode, firstSlots } = records;
  const { grid } = dataset.profiles;
  const elsewhere = elsewhereCosts(records, dataset);
  const perWeek = Math.round(DAYS_PER_WEEK * HOURS_PER_DAY / grid.dtHours);
  const total = new Float64Array(homes);
  const weeks = Array.from(
    { length: Math.floor(slotsPerEpisode / perWeek) },
    () => new Float64Array(homes),
  );
  for (let step = 0; step < slotsPerEpisode; step++) {
    const week = weeks.at(Math.floor(step / perWeek));
    for (let i = 0; i < homes; i++) {
      const paid = bill[step * homes + i] + elsewhere[step * homes + i];
      total[i] += paid;
      if (Math.floor(step / perWeek) < weeks.length) week![i] += paid;
    }
  }
  return {
    days: slotsPerEpisode * grid.dtHours / HOURS_PER_DAY,
    total,
    weeks,
    season: weeks.map((_, k) => {
      const { dayOfYear } = localTime(grid, firstSlots[0] + k * perWeek);
      return Math.min(SEASONS - 1, Math.floor(dayOfYear * SEASONS / DAYS_PER_YEAR));
    }),
  };
}

/** What each home pays in a year. `[homes]` [currency/a] */
export function perYear({ days, total }: BilledDays): number[] {
  return Array.from(total, (bill) => bill * DAYS_PER_YEAR / days);
}

/** What each home saves in a year against other bills of the same days. `[homes]` [currency/a] */
export function savingsPerYear(bills: BilledDays, against: BilledDays): number[] {
  const before = perYear(against);
  return perYear(bills).map((bill, i) => before[i] - bill);
}

/**
 * Mean saving of some homes in a year, with its interval; ends are the estimate itself where there
 * are too few weeks to tell. [currency/a]
 */
export function meanSaving(
  bills: BilledDays,
  against: BilledDays,
  homes: readonly number[],
): Interval {
  const all = savingsPerYear(bills, against);
  const estimate = mean(homes.map((i) => all[i]));
  if (bills.weeks.length < LEAST_WEEKS) return { estimate, low: estimate, high: estimate };
  const weekly = bills.weeks.map((week, k) =>
    mean(homes.map((i) => against.weeks[k][i] - week[i])) * DAYS_PER_YEAR / DAYS_PER_WEEK
  );
  const strata = Array.from(
    { length: SEASONS },
    (_, season) => weekly.filter((_, k) => bills.season[k] === season),
  ).filter((values) => values.length > 0);
  const drawn = stratifiedBootstrap(strata, mean);
  const shift = estimate - drawn.estimate;
  return { estimate, low: drawn.low + shift, high: drawn.high + shift };
}

/** Whether there are weeks enough for an interval. */
export function hasInterval({ weeks }: BilledDays): boolean {
  return weeks.length >= LEAST_WEEKS;
}

/** Homes that save something. */
export function gainers(savings: readonly number[]): number {
  return savings.filter((saving) => saving > NEGLIGIBLE).length;
}

/** Homes that pay more. */
export function losers(savings: readonly number[]): number {
  return savings.filter((saving) => saving < -NEGLIGIBLE).length;
}

/**
 * Jain's index of fairness: 1 where all have the same, 1/n where one of n has everything; `null`
 * where somebody has less than nothing or nobody anything.
 *
 *     J = (Σ x)² / (n Σ x²)
 *
 * Source: R. Jain, D. Chiu, W. Hawe, A quantitative measure of fairness and discrimination for
 * resource allocation in shared computer systems, DEC-TR-301, 1984.
 *
 * @example
 * ```ts
 * import { jain } from "./yearly_savings.ts";
 * if (jain([3, 3]) !== 1 || jain([4, 0]) !== 0.5) throw new Error("alike, and one of two");
 * ```
 */
export function jain(values: readonly number[]): number | null {
  const sum = values.reduce((total, x) => total + x, 0);
  if (values.some((x) => x < 0) || !(sum > 0)) return null;
  return sum ** 2 / (values.length * values.reduce((total, x) => total + x ** 2, 0));
}
