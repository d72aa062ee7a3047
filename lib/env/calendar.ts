/**
 * Clock and calendar as features: where a slot lies in the day, the week and the year.
 *
 * @module
 */

import { cos, sin } from "../arithmetic.ts";
import { HOURS_PER_DAY, localTime, type TimeGrid } from "../units.ts";

/** Names of the features, in order. */
export const calendarNames: readonly string[] = [
  "hourSin",
  "hourCos",
  "yearSin",
  "yearCos",
  "weekend",
];

const DAYS_PER_YEAR = 365.25;

/** Features of every slot: hour and day of the year as points on a circle. `[slots × names]` */
export function calendarFeatures(grid: TimeGrid): Float64Array {
  const size = calendarNames.length;
  const features = new Float64Array(grid.slots * size);
  for (let t = 0; t < grid.slots; t++) {
    const { hourOfDay, dayOfYear, weekday } = localTime(grid, t);
    const hour = (2 * Math.PI * hourOfDay) / HOURS_PER_DAY;
    const year = (2 * Math.PI * dayOfYear) / DAYS_PER_YEAR;
    features.set(
      [sin(hour), cos(hour), sin(year), cos(year), weekday >= 5 ? 1 : 0],
      t * size,
    );
  }
  return features;
}
