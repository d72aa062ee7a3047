/**
 * A forecaster of loads that knows only the past: the mean of the same time of day over the last
 * days of the same kind (working days, or weekends), corrected by how far today's level is from it.
 *
 *     f(s, t) = base(t) × (1 + (level(s) − 1)·e^(−(t − s) / 6 h)),
 *     level(s) = load ÷ base over the last 6 hours, s included, held within ½ and 2.
 *
 * `base` reads whole days before the day of issue alone; before there are any, the forecast is the
 * load of the moment. An appliance's hour is therefore unknown until it runs. The current slot is
 * measured, or where even that is a forecast, forecast from the slot before.
 *
 * @module
 */

import { exp } from "../../arithmetic.ts";
import { HOURS_PER_DAY, localTime, slotsPerDay, type TimeGrid } from "../../units.ts";

/** Days of each kind that the mean reads: the last three weeks. */
const WORKING_DAYS = 15, WEEKEND_DAYS = 6;
const LEVEL_HOURS = 6, DECAY_HOURS = 6;
const LEAST_LEVEL = 0.5, MOST_LEVEL = 2;
/** Below this a base says nothing about a level. [kW] */
const LEAST_BASE_KW = 1e-6;

/** Forecasts of the loads of all homes. */
export interface LoadForecaster {
  /** Writes the load that home `home` is thought to have, by lead from `issueSlot` on. [kW] */
  write(
    home: number,
    issueSlot: number,
    leads: number,
    loadKw: Float64Array,
    at: number,
  ): void;
}

/** What the forecasts of one home begin from. */
interface Base {
  /** Means by day of issue, kind of day and time of day; NaN until they are asked for. [kW] */
  readonly means: Float64Array;
  /** Level − 1 by slot of issue; NaN until it is asked for. */
  readonly excess: Float64Array;
}

/**
 * Prepares forecasts.
 *
 * @param loads Load by slot. `[slots × homes]` [kW]
 * @param measured Whether the current slot is measured.
 */
export function historicalForecaster(
  loads: Float64Array,
  homes: number,
  grid: TimeGrid,
  measured: boolean,
): LoadForecaster {
  const { dtHours, slots } = grid;
  const perDay = slotsPerDay(dtHours);
  const levelSlots = Math.round(LEVEL_HOURS / dtHours);
  const decay = Float64Array.from({ length: slots }, (_, lead) => {
    return exp((-lead * dtHours) / DECAY_HOURS);
  });
  const calendar = daysOf(grid);
  const { day } = calendar;
  /** Where the mean for a slot stands among those of a day of issue. */
  const cell = calendar.slotOfDay.map((slot, t) => calendar.kind[t] * perDay + slot);
  const tables: (Base | undefined)[] = new Array(homes);

  const pastDays = daysBefore(calendar, perDay);

  /** What issues of a home on day `d` begin from; made when they are first asked for. */
  function baseOf(home: number, d: number): Base {
    const base = tables[home] ??= {
      means: new Float64Array(calendar.count * 2 * perDay).fill(NaN),
      excess: new Float64Array(slots).fill(NaN),
    };
    for (const k of [0, 1]) {
      const at = (d * 2 + k) * perDay, days = pastDays[d * 2 + k];
      if (!Number.isNaN(base.means[at]) || days.length === 0) continue;
      writeMean(loads, homes, home, days, base.means.subarray(at, at + perDay));
    }
    return base;
  }

  /** How far the level of the hours before is from the mean, as a share of it. */
  function excessAt(means: Float64Array, home: number, issueSlot: number, known: number): number {
    const from = day[issueSlot] * 2 * perDay;
    let load = 0, thought = 0;
    for (let slot = Math.max(0, known - levelSlots + 1); slot <= known; slot++) {
      load += loads[slot * homes + home];
      thought += means[from + cell[slot]];
    }
    const ratio = thought > LEAST_BASE_KW * levelSlots ? load / thought : 1;
    return Math.min(MOST_LEVEL, Math.max(LEAST_LEVEL, ratio)) - 1;
  }

  return {
    write(home, issueSlot, leads, loadKw, at) {
      // What is known last: the current slot, or the one before.
      const known = measured ? issueSlot : issueSlot - 1;
      if (measured && leads === 1) {
        loadKw[at] = loads[known * homes + home];
        return;
      }
      const { means, excess } = baseOf(home, day[issueSlot]);
      const from = day[issueSlot] * 2 * perDay;
      // Means of a day are known all at once.
      if (Number.isNaN(means[from])) {
        const latest = loads[Math.max(0, known) * homes + home];
        loadKw.fill(latest, at, at + leads);
        return;
      }
      let above = excess[issueSlot];
      if (Number.isNaN(above)) {
        above = excess[issueSlot] = excessAt(means, home, issueSlot, known);
      }
      for (let lead = 0; lead < leads; lead++) {
        loadKw[at + lead] = means[from + cell[issueSlot + lead]] * (1 + above * decay[lead]);
      }
      if (measured && leads > 0) loadKw[at] = loads[known * homes + home];
    },
  };
}

/** Local day, kind of day (0 working day, 1 weekend) and slot of the day of every slot. */
interface Days {
  readonly day: Int32Array;
  readonly kind: Uint8Array;
  readonly slotOfDay: Int32Array;
  readonly count: number;
}

function daysOf(grid: TimeGrid): Days {
  const day = new Int32Array(grid.slots), slotOfDay = new Int32Array(grid.slots);
  const kind = new Uint8Array(grid.slots);
  let count = -1, lastDay = NaN;
  for (let t = 0; t < grid.slots; t++) {
    const { dayOfYear, hourOfDay, weekday } = localTime(grid, t);
    if (dayOfYear !== lastDay) count++;
    lastDay = dayOfYear;
    day[t] = count;
    kind[t] = weekday >= 5 ? 1 : 0;
    slotOfDay[t] = Math.round((hourOfDay / HOURS_PER_DAY) * slotsPerDay(grid.dtHours));
  }
  return { day, kind, slotOfDay, count: count + 1 };
}

/**
 * First slots of the days whose mean is read on each day, by day and kind: the last whole ones of the
 * kind that lie before it, or of the other kind while there are none.
 */
function daysBefore({ day, kind, count }: Days, perDay: number): number[][] {
  const known: number[][] = [[], []];
  const before: number[][] = [];
  for (let d = 0, at = 0; d < count; d++) {
    for (const k of [0, 1]) {
      const days = known[k].length > 0 ? known[k] : known[1 - k];
      before.push(days.slice(k === 0 ? -WORKING_DAYS : -WEEKEND_DAYS));
    }
    const first = at;
    while (at < day.length && day[at] === d) at++;
    if (at - first === perDay) known[kind[first]].push(first);
  }
  return before;
}

/** Writes the mean of a home's load over days, by slot of the day. */
function writeMean(
  loads: Float64Array,
  homes: number,
  home: number,
  firstSlots: readonly number[],
  means: Float64Array,
): void {
  means.fill(0);
  for (const first of firstSlots) {
    for (let slot = 0; slot < means.length; slot++) {
      means[slot] += loads[(first + slot) * homes + home];
    }
  }
  for (let slot = 0; slot < means.length; slot++) means[slot] /= firstSlots.length;
}
