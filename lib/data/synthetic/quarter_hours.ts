/**
 * The clock and the calendar of a synthetic data set by quarter-hours, the step in which everything
 * is drawn; longer slots are means over quarter-hours and shorter ones repeat theirs, so that the weather
 * does not depend on them.
 *
 * @module
 */

import { localTime, type TimeGrid } from "../../units.ts";

/** Quarter-hours in a day. */
export const QUARTERS_PER_DAY = 96;

const MS_PER_QUARTER = 900_000;

/** Local clock and calendar of every quarter-hour, from a local midnight on. */
export interface Calendar {
  /** Hour of the day with its fraction at the start of the quarter-hour. [h] */
  readonly hourOfDay: Float64Array;
  /** Day of the year, 0 on 1 January. [d] */
  readonly dayOfYear: Float64Array;
  /** Day of the week, 0 is Monday. */
  readonly weekday: Uint8Array;
  /** The middle of a quarter-hour. */
  middle(quarter: number): Date;
}

/** Calendar of the days that `grid` covers. */
export function quarterHours(grid: TimeGrid): Calendar {
  const quarters = Math.round(grid.slots * grid.dtHours * 4);
  const hourOfDay = new Float64Array(quarters);
  const dayOfYear = new Float64Array(quarters);
  const weekday = new Uint8Array(quarters);
  const quarterGrid = { ...grid, dtHours: 0.25, slots: quarters };
  for (let q = 0; q < quarters; q++) {
    const local = localTime(quarterGrid, q);
    hourOfDay[q] = local.hourOfDay;
    dayOfYear[q] = local.dayOfYear;
    weekday[q] = local.weekday;
  }
  const middle = (quarter: number) => new Date(grid.startMs + (quarter + 0.5) * MS_PER_QUARTER);
  return { hourOfDay, dayOfYear, weekday, middle };
}

/** Means over slots of a column by quarter-hours. */
export function slotMeans(quarterly: Float64Array, dtHours: number): Float64Array {
  const perSlot = dtHours * 4;
  return averageInto(new Float64Array(Math.round(quarterly.length / perSlot)), quarterly, perSlot);
}

/** Fills `means` with the means of groups of `size` values, or repeats values where that is below one. */
export function averageInto(
  means: Float64Array,
  values: Float64Array,
  size: number,
): Float64Array {
  for (let slot = 0; slot < means.length; slot++) {
    if (size < 1) {
      means[slot] = values[Math.floor((slot + 0.5) * size)];
      continue;
    }
    let sum = 0;
    for (let k = slot * size; k < (slot + 1) * size; k++) sum += values[k];
    means[slot] = sum / size;
  }
  return means;
}
