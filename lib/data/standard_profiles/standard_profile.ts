/**
 * Standard load profiles of the German energy industry (BDEW, 2025), for homes without a meter.
 *
 * Days are working days, Saturdays and Sundays of each month. Public holidays of the whole country count
 * as Sundays; 24 and 31 December as Saturdays, unless they are Sundays. Profiles of households are
 * multiplied by BDEW's dynamic factor of the day.
 *
 * Source: BDEW, *Standardlastprofile Strom*, 2025; values by way of demandlib (MIT).
 *
 * @module
 */

import { localTime, type TimeGrid } from "../../units.ts";
import { dynamicFactor } from "../synthetic/household_load.ts";
import { G25 } from "./g25.ts";
import { H25 } from "./h25.ts";
import { P25 } from "./p25.ts";
import { S25 } from "./s25.ts";

/** A profile: its table, and whether it is dynamic. */
interface Profile {
  readonly table: string;
  readonly isDynamic: boolean;
}

const PROFILES: Readonly<Record<StandardProfileName, Profile>> = {
  H25: { table: H25, isDynamic: true },
  G25: { table: G25, isDynamic: false },
  P25: { table: P25, isDynamic: true },
  S25: { table: S25, isDynamic: true },
};

/** Names of profiles: household, trade, household with PV, household with PV and battery. */
export const standardProfileNames = ["H25", "G25", "P25", "S25"] as const;
/** Name of a profile. */
export type StandardProfileName = typeof standardProfileNames[number];

/** A year's energy that the tables are for. [kWh] */
const TABLE_KWH = 1e6;
const QUARTERS_PER_DAY = 96, DAY_KINDS = 3;
const MS_PER_QUARTER = 900_000, MS_PER_DAY = 86_400_000;

/**
 * Mean power of a home by slots. [kW]
 *
 * @param yearlyKwh What it uses in a year. [kWh]
 * @param localMs Local time of a moment, as if it were universal: legal time, over changes of the clock.
 *
 * @example
 * ```ts
 * import { standardProfile } from "./standard_profile.ts";
 * const grid = { startMs: Date.UTC(2025, 0, 1), utcOffsetMinutes: 0, dtHours: 1, slots: 8760 };
 * const load = standardProfile("H25", 3000, grid, (ms) => ms);
 * const kwh = load.reduce((sum, power) => sum + power, 0);
 * if (Math.abs(kwh - 3000) > 30) throw new Error(`${kwh} kWh`);
 * ```
 */
export function standardProfile(
  name: StandardProfileName,
  yearlyKwh: number,
  grid: TimeGrid,
  localMs: (epochMs: number) => number,
): Float64Array {
  const { table, isDynamic } = PROFILES[name];
  const values = Float64Array.from(table.trim().split(/[\n,]/), Number);
  // Steps of a quarter of an hour, or of a slot where that is shorter.
  const steps = Math.max(1, Math.round(grid.dtHours * 4));
  const stepMs = grid.dtHours * 3_600_000 / steps;
  return Float64Array.from({ length: grid.slots }, (_, slot) => {
    let energyKwh = 0;
    for (let step = 0; step < steps; step++) {
      const local = localMs(grid.startMs + Math.round((slot * steps + step) * stepMs));
      const day = Math.floor(local / MS_PER_DAY);
      const { month, kind, dayOfYear } = dayOf(day);
      const quarter = Math.floor((local - day * MS_PER_DAY) / MS_PER_QUARTER) % QUARTERS_PER_DAY;
      const value = values[quarter * 12 * DAY_KINDS + month * DAY_KINDS + kind];
      energyKwh += value * (isDynamic ? dynamicFactor(dayOfYear) : 1) * stepMs / MS_PER_QUARTER;
    }
    return energyKwh * yearlyKwh / TABLE_KWH / grid.dtHours;
  });
}

interface Day {
  readonly month: number;
  /** 0 working day, 1 Saturday, 2 Sunday. */
  readonly kind: number;
  readonly dayOfYear: number;
}

const days = new Map<number, Day>();

/** What counts of a day, in days since 1970. */
function dayOf(day: number): Day {
  const known = days.get(day);
  if (known !== undefined) return known;
  const grid = { startMs: day * MS_PER_DAY, utcOffsetMinutes: 0, dtHours: 1, slots: 1 };
  const { weekday, dayOfYear } = localTime(grid, 0);
  const date = new Date(day * MS_PER_DAY);
  const month = date.getUTCMonth();
  const isEve = month === 11 && (date.getUTCDate() === 24 || date.getUTCDate() === 31);
  const kind = weekday === 6 || isHoliday(date) ? 2 : weekday === 5 || isEve ? 1 : 0;
  const made = { month, kind, dayOfYear };
  days.set(day, made);
  return made;
}

/** 1 January, 1 May, 3 October, 25 and 26 December, as month and day. */
const FIXED = ["0-1", "4-1", "9-3", "11-25", "11-26"];
/** Good Friday, Easter Monday, Ascension and Whit Monday, in days after Easter Sunday. */
const MOVABLE = [-2, 1, 39, 50];

function isHoliday(date: Date): boolean {
  const sinceEaster = Math.round((date.getTime() - easter(date.getUTCFullYear())) / MS_PER_DAY);
  return FIXED.includes(`${date.getUTCMonth()}-${date.getUTCDate()}`) ||
    MOVABLE.includes(sinceEaster);
}

/** Easter Sunday by Gauss's rule as completed by Lichtenberg (1997). [ms since 1970] */
function easter(year: number): number {
  const k = Math.floor(year / 100);
  const m = 15 + Math.floor((3 * k + 3) / 4) - Math.floor((8 * k + 13) / 25);
  const s = 2 - Math.floor((3 * k + 3) / 4);
  const a = year % 19, d = (19 * a + m) % 30;
  const r = Math.floor((d + Math.floor(a / 11)) / 29);
  const moon = 21 + d - r;
  const sunday = 7 - (year + Math.floor(year / 4) + s) % 7;
  const after = 7 - (((moon - sunday) % 7) + 7) % 7;
  return Date.UTC(year, 2, moon + after);
}
