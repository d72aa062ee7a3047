/**
 * When a car uses to leave, for those who are not told: the chance that it leaves within a slot, given that
 * it is there when the slot begins. It is the car's habit over all of its data: of the times at which it
 * stood there in that hour of a working day, or of a weekend, the share in which it left within the hour,
 * spread evenly over the hour's slots.
 *
 * @module
 */

import { exp, log } from "../arithmetic.ts";
import type { Span } from "../data/devices/check.ts";
import { HOURS_PER_DAY, localTime, type TimeGrid } from "../units.ts";

const MS_PER_HOUR = 3_600_000;
const SATURDAY = 5;

/** Chance of leaving in each slot. `[slots]` */
export function leavingChances(sessions: readonly Span[], grid: TimeGrid): Float64Array {
  const stood = new Float64Array(2 * HOURS_PER_DAY), left = new Float64Array(2 * HOURS_PER_DAY);
  const hourly = { ...grid, dtHours: 1 };
  for (const { startMs, endMs } of sessions) {
    const first = Math.floor((startMs - grid.startMs) / MS_PER_HOUR);
    const last = Math.ceil((endMs - grid.startMs) / MS_PER_HOUR) - 1;
    const begin = Math.max(0, first), end = Math.min(last, grid.slots * grid.dtHours - 1);
    for (let hour = begin; hour <= end; hour++) {
      const kind = hourOfWeek(hourly, hour);
      stood[kind]++;
      if (hour === last) left[kind]++;
    }
  }
  const chance = new Float64Array(grid.slots);
  for (let t = 0; t < grid.slots; t++) {
    const kind = hourOfWeek(grid, t);
    if (stood[kind] === 0) continue;
    const withinHour = left[kind] / stood[kind];
    // Who stays for the hour stays for all of its slots: 1 − chance = (1 − chance of a slot)^slots.
    chance[t] = withinHour === 1 || grid.dtHours === 1
      ? withinHour
      : 1 - exp(grid.dtHours * log(1 - withinHour));
  }
  return chance;
}

/** Hour of a working day, 0 to 23, or of a weekend, 24 to 47. */
function hourOfWeek(grid: TimeGrid, slot: number): number {
  const { hourOfDay, weekday } = localTime(grid, slot);
  return Math.floor(hourOfDay) + (weekday < SATURDAY ? 0 : HOURS_PER_DAY);
}
