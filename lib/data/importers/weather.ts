/**
 * What panels of a home without a PV meter give, by a file of weather.
 *
 * A file holds the time of the data set or, if it does not, a year whose calendar days stand for those
 * of the data set.
 *
 * @module
 */

import { panelPower, type Panels, photovoltaicPower } from "../synthetic/photovoltaics.ts";
import type { Location } from "../synthetic/sun.ts";
import { sunDirection } from "../synthetic/sun.ts";
import { SlotEnergy, type SlotGrid } from "./energy.ts";
import { daysOf } from "./stamps.ts";

/** Moments of a file, and what was measured then. */
export interface WeatherSamples {
  readonly path: string;
  /** How the columns are to be read. */
  readonly kind: "pvgis" | "epw";
  readonly location: Location;
  /** Universal time: of a value (PVGIS), or of the start of its hour (EPW). [s] */
  readonly moments: Uint32Array;
  /** PVGIS: AC power of 1 kW installed. [kW] */
  readonly powerKw?: Float64Array;
  /** PVGIS: irradiance on the plane. [W/m²] */
  readonly planeIrradiance?: Float64Array;
  /** EPW: means over the hour. [W/m²] */
  readonly global?: Float64Array;
  readonly direct?: Float64Array;
  readonly diffuse?: Float64Array;
  /** At the moment (PVGIS), or at the end of the hour (EPW). [°C] */
  readonly airTemperature: Float64Array;
  readonly notes: readonly string[];
}

/** Sun of panels by slots of a data set. */
export interface WeatherSun {
  /** Mean AC power of panels. [kW] */
  power(panels: Panels): Float64Array;
  readonly notes: readonly string[];
}

const QUARTER = 900, HOUR = 3600, DAY = 86_400;

/**
 * Lays weather over the slots of a data set.
 *
 * @throws {RangeError} If the file has neither their time nor a whole year.
 */
export function sunBySlot(samples: WeatherSamples, grid: SlotGrid): WeatherSun {
  const { placed, notes } = placedOn(samples, grid);
  return {
    power: samples.kind === "pvgis"
      ? pvgisPower(samples, placed, grid)
      : epwPower(samples, placed, grid),
    notes: [...notes, ...(samples.kind === "epw" ? openBalance(samples, placed) : [])],
  };
}

/** Global radiation is beam on the horizontal plus diffuse; a file in which it is not has a fault. */
function openBalance({ path, global, direct, diffuse, location }: WeatherSamples, placed: Placed) {
  let [stated, made] = [0, 0];
  placed.moments.forEach((from, n) => {
    const { up } = sunDirection((from + HOUR / 2) * 1000, location), k = placed.index[n];
    if (up < 0.1) return;
    stated += global![k];
    made += diffuse![k] + direct![k] * up;
  });
  if (!(Math.abs(stated - made) > 0.1 * stated)) return [];
  return [
    `${path}: beam and diffuse radiation together are ${
      Math.round(100 * made / stated)
    } % of the global; ` +
    "are its columns, its clock and its place right? Panels follow beam and diffuse",
  ];
}

interface Placed {
  /** In order. [s] */
  readonly moments: Float64Array;
  /** Which sample holds. */
  readonly index: Uint32Array;
}

/** Samples in the time of the data set. */
function placedOn(
  { path, moments }: WeatherSamples,
  { startSeconds, slotSeconds, slots }: SlotGrid,
): { placed: Placed; notes: string[] } {
  const end = startSeconds + slots * slotSeconds, count = moments.length;
  const first = moments.reduce((a, b) => Math.min(a, b), Infinity);
  const last = moments.reduce((a, b) => Math.max(a, b), 0);
  const isRising = moments.every((moment, k) => k === 0 || moment > moments[k - 1]);
  if (isRising && first <= startSeconds + HOUR && last >= end - 2 * HOUR) {
    return {
      placed: {
        moments: Float64Array.from(moments),
        index: Uint32Array.from(moments, (_, k) => k),
      },
      notes: [],
    };
  }
  // The last whole year of the file, or a typical one that is made of months of several.
  const year = (k: number) => new Date(moments[k] * 1000).getUTCFullYear();
  const years = isRising ? [...new Set(Array.from(moments, (_, k) => year(k)))] : [];
  const chosen = years.findLast((each) => isWhole(moments, each)) ?? null;
  const own = Array.from({ length: count }, (_, k) => k)
    .filter((k) => chosen === null || year(k) === chosen);
  if (own.length < 8700) {
    const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
    throw new RangeError(
      `${path}: has weather from ${day(first)} to ${day(last)}, the data set goes from ` +
        `${day(startSeconds)} to ${day(end)}; give weather of that time, or of a whole year`,
    );
  }
  const firstYear = new Date((startSeconds - DAY) * 1000).getUTCFullYear();
  const lastYear = new Date((end + DAY) * 1000).getUTCFullYear();
  const pairs: [number, number][] = [];
  for (let y = firstYear; y <= lastYear; y++) {
    for (const k of own) {
      const date = new Date(moments[k] * 1000);
      const day = daysOf(y, date.getUTCMonth() + 1, date.getUTCDate());
      if (!Number.isNaN(day)) pairs.push([day * DAY + moments[k] % DAY, k]);
      // A year without one lends its 28 February to the leap day; where there is one, it comes first.
      const leapDay = daysOf(y, 2, 29);
      const isLast = date.getUTCMonth() === 1 && date.getUTCDate() === 28;
      if (isLast && !Number.isNaN(leapDay)) {
        pairs.push([leapDay * DAY + moments[k] % DAY, k + count]);
      }
    }
  }
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const distinct = pairs.filter(([moment], k) => k === 0 || moment !== pairs[k - 1][0]);
  return {
    placed: {
      moments: Float64Array.from(distinct, ([moment]) => moment),
      index: Uint32Array.from(distinct, ([, k]) => k % count),
    },
    notes: [
      `${path}: ${
        chosen === null ? "its typical year" : `its year ${chosen}`
      } stands for the time of the ` +
      "data set, day by day of the calendar",
    ],
  };
}

function isWhole(moments: Uint32Array, year: number): boolean {
  const begin = daysOf(year, 1, 1) * DAY, end = daysOf(year + 1, 1, 1) * DAY;
  return moments[0] <= begin + DAY && moments.at(-1)! >= end - DAY;
}

/** Sine of the sun's height at night, and just above the horizon. */
const LOW_SUN = 0.02;

/** Values of moments, in a straight line between them. */
function pvgisPower(samples: WeatherSamples, placed: Placed, grid: SlotGrid) {
  const { powerKw, planeIrradiance, airTemperature, location } = samples;
  const height = (seconds: number) => Math.max(0, sunDirection(seconds * 1000, location).up);
  const perKw = Float64Array.from(
    placed.index,
    (k) =>
      powerKw === undefined ? panelPower(1, planeIrradiance![k], airTemperature[k]) : powerKw[k],
  );
  const means = new SlotEnergy(grid);
  const PIECES = 12;
  for (let k = 1; k < placed.moments.length; k++) {
    const from = placed.moments[k - 1], length = placed.moments[k] - from;
    if (length > 4 * HOUR) continue;
    if (
      from + length <= grid.startSeconds ||
      from >= grid.startSeconds + grid.slots * grid.slotSeconds
    ) continue;
    for (let piece = 0; piece < PIECES; piece++) {
      const share = (piece + 0.5) / PIECES;
      // Between night and day the sun comes up on the way.
      const value = height(from) > LOW_SUN === height(from + length) > LOW_SUN
        ? perKw[k - 1] + (perKw[k] - perKw[k - 1]) * share
        : Math.max(perKw[k - 1], perKw[k]) * height(from + length * share) /
          Math.max(height(from), height(from + length));
      const begin = from + length * piece / PIECES;
      means.add(begin, begin + length / PIECES, value * length / PIECES);
    }
  }
  const mean = means.energyKwh.map((sum, slot) => sum / Math.max(1, means.knownSeconds[slot]));
  return ({ capacityKw }: Panels) => mean.map((value) => value * capacityKw);
}

/** Means over hours, spread over quarter-hours by where the sun stands. */
function epwPower(samples: WeatherSamples, placed: Placed, grid: SlotGrid) {
  const { global, direct, diffuse, airTemperature, location } = samples;
  const begin = Math.floor(grid.startSeconds / QUARTER);
  const count = Math.ceil((grid.startSeconds + grid.slots * grid.slotSeconds) / QUARTER) - begin;
  const column = () => new Float64Array(count);
  const weather = {
    ...{ sunEast: column(), sunNorth: column(), sunUp: column() },
    ...{ directNormal: column(), diffuseHorizontal: column(), globalHorizontal: column() },
    airTemperature: column(),
  };
  for (let q = 0; q < count; q++) {
    const { east, north, up } = sunDirection(
      ((begin + q) * QUARTER + QUARTER / 2) * 1000,
      location,
    );
    weather.sunEast[q] = east;
    weather.sunNorth[q] = north;
    weather.sunUp[q] = up;
  }
  placed.moments.forEach((from, n) => {
    const first = Math.round(from / QUARTER) - begin, k = placed.index[n];
    if (first + 4 <= 0 || first >= count) return;
    const before = airTemperature[placed.index[Math.max(0, n - 1)]];
    const quarters = [0, 1, 2, 3].map((piece) => first + piece).filter((q) => q >= 0 && q < count);
    const up = quarters.map((q) => Math.max(0, weather.sunUp[q]));
    const sum = up.reduce((all, value) => all + value, 0);
    const lit = up.filter((value) => value > 0).length;
    quarters.forEach((q, piece) => {
      weather.airTemperature[q] = before +
        (airTemperature[k] - before) * (q - first + 0.5) / 4;
      // Twilight has no direction.
      if (lit === 0) {
        weather.diffuseHorizontal[q] = weather.globalHorizontal[q] = diffuse![k];
        return;
      }
      const isLit = up[piece] > 0, scale = isLit ? quarters.length / lit : 0;
      weather.directNormal[q] = direct![k] * scale;
      weather.diffuseHorizontal[q] = diffuse![k] * scale;
      weather.globalHorizontal[q] = global![k] * quarters.length * up[piece] / sum;
    });
  });
  return (panels: Panels) => {
    const quarterly = new Float64Array(count);
    photovoltaicPower(panels, weather, quarterly);
    const means = new SlotEnergy(grid);
    quarterly.forEach((power, q) =>
      means.add((begin + q) * QUARTER, (begin + q + 1) * QUARTER, power * QUARTER)
    );
    return means.energyKwh.map((sum) => sum / grid.slotSeconds);
  };
}
