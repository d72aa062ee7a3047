/**
 * Doubts about the load and the sun of homes: units, sizes, readings that nothing explains.
 *
 * What a home uses: 1,500 to 6,000 kWh a year without electric heat and cars (*Stromspiegel für
 * Deutschland* 2025); a heat pump or a car adds 2,000 to 6,000.
 *
 * @module
 */

import { HOURS_PER_DAY, timestamp } from "../../units.ts";
import type { Dataset } from "../profiles.ts";
import { about, type Doubt, short } from "./doubt.ts";

/** More than a home's connection carries all day. [kW] */
const MOST_MEAN_LOAD_KW = 20;
/** What homes use in a year, the middle one of several, and with other devices. [kWh] */
const YEAR = {
  least: 700,
  leastMedian: 1300,
  most: 12_000,
  mostWithDevices: 25_000,
  usual: [1500, 6000],
} as const;
/** Fewer days say little of a year. [d] */
const DAYS_OF_A_YEAR = 7, HOURS_OF_A_YEAR = 8760;
/** Power above the rating that clouds' edges and rounding explain; below it, what no month explains. */
const MOST_OF_RATING = 1.2, LEAST_OF_RATING = 0.25, DAYS_OF_SUN = 60;
/** A reading is absurd from so many times the fifth largest on, and from so much on. [kW] */
const ABSURD = { times: 4, leastKw: 10, rank: 5 } as const;
/** No home uses the same to the digit for so long. [h] */
const FLAT_HOURS = 24;

/** Doubts about what homes use and make. */
export function doubtsAboutHomes({ community, profiles }: Dataset): Doubt[] {
  const { grid, loadKw, pvKw } = profiles;
  const hours = grid.slots * grid.dtHours, days = hours / HOURS_PER_DAY;
  const homes = community.prosumers.map((prosumer, i) => {
    const own = [i * grid.slots, (i + 1) * grid.slots] as const;
    const load = loadKw.subarray(...own), pv = pvKw.subarray(...own);
    const meanKw = load.reduce((sum, power) => sum + power, 0) / grid.slots;
    return { ...prosumer, load, pv, meanKw, yearKwh: meanKw * HOURS_OF_A_YEAR };
  });
  const named = (home: { id: string }, value: number, unit: string) =>
    `${home.id} (${short(value)} ${unit})`;
  const inWatts = homes.filter(({ meanKw }) => meanKw > MOST_MEAN_LOAD_KW);
  const judged = days >= DAYS_OF_A_YEAR
    ? homes.filter((home) => !inWatts.includes(home) && home.meanKw > 0)
    : [];
  const most = ({ devices = [] }: { devices?: readonly unknown[] }) =>
    devices.length > 0 ? YEAR.mostWithDevices : YEAR.most;
  const much = judged.filter((home) => home.yearKwh > most(home));
  const years = judged.map(({ yearKwh }) => yearKwh).sort((a, b) => a - b);
  const least = years.length >= 3 && years[(years.length - 1) >> 1] < YEAR.leastMedian
    ? YEAR.leastMedian
    : YEAR.least;
  const little = judged.filter(({ yearKwh }) => yearKwh < least);
  return [
    ...about(
      inWatts.map((home) => named(home, home.meanKw, "kW")),
      "unit",
      `more than ${MOST_MEAN_LOAD_KW} kW on average; are these watts? Import again with --unit W, or ` +
        "divide by 1000",
    ),
    ...about(
      much.map((home) => named(home, home.yearKwh, "kWh a year")),
      "energy",
      "more than homes use, heat pump and car included; " +
        factorHint(
          much,
          judged,
          grid.dtHours,
          "kW were taken for kWh of an interval",
          "--unit kW",
          1,
        ) +
        "or list what else they have in devices.csv",
    ),
    ...about(
      little.map((home) => named(home, home.yearKwh, "kWh a year")),
      "energy",
      "less than homes use; " +
        factorHint(
          little,
          judged,
          grid.dtHours,
          "kWh of an interval were taken for kW",
          "--unit kWh",
          -1,
        ) +
        "or is it one circuit, or an empty home (--without)?",
    ),
    ...homes.flatMap((home) => absurd(home.id, "load", home.load, profiles)),
    ...homes.flatMap((home) => absurd(home.id, "PV", home.pv, profiles)),
    ...homes.flatMap((home) => flatLine(home.id, home.load, profiles)),
    ...doubtsAboutPanels(homes, days),
  ];
}

/** Whether taking one unit for the other explains what homes use. */
function factorHint(
  homes: readonly { readonly yearKwh: number }[],
  judged: readonly unknown[],
  dtHours: number,
  what: string,
  flag: string,
  power: 1 | -1,
): string {
  const [least, most] = YEAR.usual;
  const fitting = homes.filter(({ yearKwh }) => {
    const other = yearKwh * dtHours ** power;
    return other >= least && other <= most;
  });
  // A unit is that of all homes.
  return dtHours < 1 && fitting.length >= 0.5 * judged.length
    ? `with ${
      short(dtHours ** power)
    } times as much they would be usual, as if ${what}: import again ` +
      `with ${flag}, `
    : "check the unit (--unit), ";
}

function absurd(
  id: string,
  what: string,
  values: Float64Array,
  { grid }: Dataset["profiles"],
): Doubt[] {
  // The largest, one after the other: there are few, so that no sorting of a year is needed.
  const largest: number[] = [];
  let at = 0;
  values.forEach((value, slot) => {
    if (largest.length === ABSURD.rank && value <= largest[ABSURD.rank - 1]) return;
    if (largest.length === 0 || value > largest[0]) at = slot;
    largest.push(value);
    largest.sort((a, b) => b - a);
    largest.length = Math.min(largest.length, ABSURD.rank);
  });
  const [first] = largest, last = largest[ABSURD.rank - 1] ?? Infinity;
  if (!(first > ABSURD.leastKw && first > ABSURD.times * last)) return [];
  return [{
    kind: "absurd-reading",
    text: `${id}: ${what} of ${short(first)} kW at ${timestamp(grid, at)}, ${
      last > 0 ? `${short(first / last)} times` : "far above"
    } what it is else; correct that reading, or import again with a smaller --connection-kw`,
  }];
}

function flatLine(id: string, load: Float64Array, { grid }: Dataset["profiles"]): Doubt[] {
  let [begin, longest, longestAt] = [0, 0, 0];
  for (let slot = 1; slot <= load.length; slot++) {
    if (slot < load.length && load[slot] === load[begin]) continue;
    if (slot - begin > longest) [longest, longestAt] = [slot - begin, begin];
    begin = slot;
  }
  const hours = longest * grid.dtHours;
  // A few days that are all alike are made up, and meant to be.
  const isAll = longest === load.length;
  if (hours < (isAll ? DAYS_OF_A_YEAR * HOURS_PER_DAY : FLAT_HOURS)) return [];
  if (load.every((power) => power === 0)) return [];
  return [{
    kind: "flat-line",
    text: `${id}: load stays at ${short(load[longestAt])} kW for ${short(hours)} h from ` +
      `${
        timestamp(grid, longestAt)
      }; did its meter stand still? Leave these readings empty, so that an ` +
      "import fills them",
  }];
}

function doubtsAboutPanels(
  homes: readonly {
    readonly id: string;
    readonly pvCapacityKw: number;
    readonly pv: Float64Array;
  }[],
  days: number,
): Doubt[] {
  const peaks = homes.map(({ id, pvCapacityKw, pv }) => ({
    id,
    pvCapacityKw,
    peakKw: pv.reduce((most, power) => Math.max(most, power), 0),
  }));
  const listed = (some: typeof peaks) =>
    some.map(({ id, peakKw, pvCapacityKw }) => `${id} (${short(peakKw)} of ${pvCapacityKw} kW)`);
  return [
    ...about(
      peaks.filter(({ peakKw, pvCapacityKw }) =>
        days >= DAYS_OF_A_YEAR && peakKw === 0 && pvCapacityKw > 0
      ).map(({ id, pvCapacityKw }) => `${id} (${pvCapacityKw} kW)`),
      "pv-rating",
      "panels that never give anything; import again with the file of their meter, or with --weather",
    ),
    ...about(
      listed(peaks.filter(({ peakKw, pvCapacityKw }) => peakKw > MOST_OF_RATING * pvCapacityKw)),
      "pv-rating",
      "panels give more than is installed; is pvCapacityKw right, and are these kilowatts? Correct " +
        "pv_kWp in devices.csv, or import again with --unit",
    ),
    ...about(
      listed(
        peaks.filter(({ peakKw, pvCapacityKw }) =>
          days >= DAYS_OF_SUN && peakKw > 0 && peakKw < LEAST_OF_RATING * pvCapacityKw
        ),
      ),
      "pv-rating",
      "panels never give a quarter of what is installed; correct pv_kWp in devices.csv, or the unit of " +
        "their meter (--unit)",
    ),
  ];
}
