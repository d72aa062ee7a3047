/**
 * Folds slots of many days onto one day: for each time of day the mean, the median and the quartiles
 * over days.
 *
 * @module
 */

import { quantile } from "./statistics.ts";

/** What a quantity does at one time of day, over days; in the unit of the quantity. */
export interface HourStatistics {
  /** Local time of the slot's start, 0 to 24 exclusive. [h] */
  readonly hourOfDay: number;
  /** Days that have a value. */
  readonly count: number;
  /** Days in all. */
  readonly days: number;
  /** Mean over days that have a value; `NaN` if there is none. */
  readonly mean: number;
  /** A quarter of the days lies below; `NaN` if there is none. */
  readonly lowerQuartile: number;
  /** Half of the days lies below; `NaN` if there is none. */
  readonly median: number;
  /** A quarter of the days lies above; `NaN` if there is none. */
  readonly upperQuartile: number;
}

/**
 * Statistics of `value` for each time of day, in the order of the day.
 *
 * @example
 * ```ts
 * import { byHour } from "./by_hour.ts";
 * const slots = [{ hourOfDay: 12, gridKw: 2 }, { hourOfDay: 12, gridKw: 4 }];
 * const [noon] = byHour(slots, ({ gridKw }) => gridKw);
 * if (noon.mean !== 3 || noon.upperQuartile !== 3.5) throw new Error(JSON.stringify(noon));
 * ```
 */
export function byHour<Slot extends { readonly hourOfDay: number }>(
  slots: readonly Slot[],
  value: (slot: Slot) => number | null,
): HourStatistics[] {
  const hours = Map.groupBy(slots, ({ hourOfDay }) => hourOfDay);
  return [...hours].sort(([a], [b]) => a - b).map(([hourOfDay, sameHour]) => {
    const values = sameHour.map(value).filter((x) => x !== null).sort((a, b) => a - b);
    return {
      hourOfDay,
      count: values.length,
      days: sameHour.length,
      mean: values.reduce((sum, x) => sum + x, 0) / values.length,
      lowerQuartile: quantile(values, 0.25),
      median: quantile(values, 0.5),
      upperQuartile: quantile(values, 0.75),
    };
  });
}
