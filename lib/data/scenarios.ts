/**
 * Scenarios: what a day would be like if things went to an extreme. A scenario changes a copy of a
 * data set in proportion to what is in it, in every slot, so that it works for any data set and any
 * day of it.
 *
 * | scenario | what happens |
 * | --- | --- |
 * | `none` | nothing |
 * | `extreme-shortage` | a winter night without end: no sun, half as much load again, three times the import price, and a grid connection that carries 70 % of the mean load |
 * | `extreme-surplus` | a bright summer day every day: panels at their best, half the load, and a grid connection that takes a quarter of the largest surplus |
 * | `outage` | no grid connection in some hours of each day, 17 to 20 unless told otherwise |
 * | `cloudy` | panels at a fifth of their power |
 * | `price-spike` | five times the import price in some hours of each day, 17 to 21 unless told otherwise |
 * | `cold-week` | about ten degrees colder: 1.6 times the heat at three quarters of the COP, trips that take a fifth more, a twentieth more load |
 * | `heat-wave` | about ten degrees warmer: three tenths of the heat, a quarter more COP, hot panels with 5 % less, 15 % more load of fans and refrigerators |
 * | `late-cars` | cars come home two hours later |
 * | `early-cars` | cars leave two hours earlier |
 *
 * @module
 */

import { oneOf } from "../text/nearest.ts";
import { HOURS_PER_DAY, localTime, slotsPerDay, type TimeGrid } from "../units.ts";
import { carsOf } from "./devices/changes.ts";
import { inColdWeek, inHeatWave, withEarlyCars, withLateCars } from "./devices/scenarios.ts";
import type { Dataset, Profiles } from "./profiles.ts";
import { withImportPrices } from "./tariffs.ts";

/** Names of the scenarios, `none` first. */
export const scenarioNames: readonly [
  "none",
  "extreme-shortage",
  "extreme-surplus",
  "outage",
  "cloudy",
  "price-spike",
  "cold-week",
  "heat-wave",
  "late-cars",
  "early-cars",
] = [
  "none",
  "extreme-shortage",
  "extreme-surplus",
  "outage",
  "cloudy",
  "price-spike",
  "cold-week",
  "heat-wave",
  "late-cars",
  "early-cars",
];

/** Name of a scenario. */
export type ScenarioName = typeof scenarioNames[number];

/** Hours of each day that `outage` and `price-spike` concern. */
export interface ScenarioOptions {
  /** First local hour. [h] */
  readonly fromHour?: number;
  /** Local hour at which it is over. [h] */
  readonly toHour?: number;
}

const SHORTAGE = { load: 1.5, importPrice: 3, importLimitOfMeanLoad: 0.7 };
const SURPLUS = { load: 0.5, peakOfCapacity: 0.8, exportLimitOfPeak: 0.25 };
const CLOUDY_PV = 0.2;
const PRICE_SPIKE = 5;
/**
 * A changed copy of `dataset`.
 *
 * @throws {RangeError} If there is no scenario of that name, the hours are out of range, or there is nobody
 * whom it concerns.
 *
 * @example
 * ```ts
 * import { applyScenario } from "./scenarios.ts";
 * import { synthesize } from "./synthetic.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
 * const { profiles } = applyScenario(dataset, "outage");
 * if (profiles.gridImportLimitKw[18] !== 0) throw new Error("no grid at six in the evening");
 * ```
 */
export function applyScenario(
  dataset: Dataset,
  name: ScenarioName,
  options: ScenarioOptions = {},
): Dataset {
  const { profiles } = dataset;
  switch (parseScenario(name)) {
    case "none":
      return dataset;
    case "extreme-shortage":
      return withImportPrices(
        { ...dataset, profiles: shortage(profiles) },
        (price) => raised(price, SHORTAGE.importPrice),
      );
    case "extreme-surplus":
      return { ...dataset, profiles: surplus(dataset) };
    case "outage": {
      const hours = hoursOf(profiles.grid, { fromHour: 17, toHour: 20, ...options });
      const cut = (limit: number, slot: number) => hours(slot) ? 0 : limit;
      const gridImportLimitKw = profiles.gridImportLimitKw.map(cut);
      const gridExportLimitKw = profiles.gridExportLimitKw.map(cut);
      return { ...dataset, profiles: { ...profiles, gridImportLimitKw, gridExportLimitKw } };
    }
    case "cloudy":
      return { ...dataset, profiles: { ...profiles, pvKw: scaled(profiles.pvKw, CLOUDY_PV) } };
    case "price-spike": {
      const hours = hoursOf(profiles.grid, { fromHour: 17, toHour: 21, ...options });
      return withImportPrices(
        dataset,
        (price, slot) => hours(slot) ? raised(price, PRICE_SPIKE) : price,
      );
    }
    case "cold-week":
      return inColdWeek(dataset);
    case "heat-wave":
      return inHeatWave(dataset);
    case "late-cars":
      return withLateCars(dataset);
    case "early-cars":
      return withEarlyCars(dataset);
  }
}

/** The scenarios that change something of a data set, `none` first. */
export function scenariosOf({ community }: Dataset): ScenarioName[] {
  const hasCars = carsOf(community).length > 0;
  return scenarioNames.filter((name) => hasCars || !name.endsWith("-cars"));
}

/**
 * The scenario that `text` names.
 *
 * @throws {RangeError} If it names none; the message suggests the nearest and lists all.
 */
export function parseScenario(text: string): ScenarioName {
  return oneOf("scenario", text, scenarioNames);
}

function shortage(profiles: Profiles): Profiles {
  const loadKw = scaled(profiles.loadKw, SHORTAGE.load);
  const totalKw = loadKw.reduce((sum, load) => sum + load, 0);
  const limitKw = SHORTAGE.importLimitOfMeanLoad * totalKw / profiles.grid.slots;
  return {
    ...withLoad(profiles, loadKw, SHORTAGE.load),
    pvKw: scaled(profiles.pvKw, 0),
    gridImportLimitKw: profiles.gridImportLimitKw.map((limit) => Math.min(limit, limitKw)),
  };
}

function surplus({ community, profiles }: Dataset): Profiles {
  const { grid } = profiles;
  const loadKw = scaled(profiles.loadKw, SURPLUS.load);
  const pvKw = new Float64Array(profiles.pvKw.length);
  community.prosumers.forEach(({ pvCapacityKw }, i) => {
    const own = profiles.pvKw.subarray(i * grid.slots, (i + 1) * grid.slots);
    brightDay(own, slotsPerDay(grid.dtHours), SURPLUS.peakOfCapacity * pvCapacityKw)
      .forEach((power, slot) => pvKw[i * grid.slots + slot] = power);
  });
  let largestKw = 0;
  for (let t = 0; t < grid.slots; t++) {
    let surplusKw = 0;
    for (let k = t; k < pvKw.length; k += grid.slots) surplusKw += pvKw[k] - loadKw[k];
    largestKw = Math.max(largestKw, surplusKw);
  }
  const limitKw = SURPLUS.exportLimitOfPeak * largestKw;
  const gridExportLimitKw = profiles.gridExportLimitKw.map((limit) => Math.min(limit, limitKw));
  return { ...withLoad(profiles, loadKw, SURPLUS.load), pvKw, gridExportLimitKw };
}

/** Profiles with a load that is `factor` times theirs, reactive power included. */
function withLoad(profiles: Profiles, loadKw: Float64Array, factor: number): Profiles {
  const { reactiveKvar } = profiles;
  return {
    ...profiles,
    loadKw,
    ...(reactiveKvar !== undefined && { reactiveKvar: scaled(reactiveKvar, factor) }),
  };
}

/** Each slot at the best that was ever seen at that time of day, the peak being `leastPeakKw`. */
function brightDay(pvKw: Float64Array, perDay: number, leastPeakKw: number): Float64Array {
  const best = new Float64Array(perDay);
  pvKw.forEach((power, slot) => best[slot % perDay] = Math.max(best[slot % perDay], power));
  const peak = Math.max(...best);
  const factor = peak === 0 ? 1 : Math.max(1, leastPeakKw / peak);
  return pvKw.map((_, slot) => factor * best[slot % perDay]);
}

function scaled(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => factor * value);
}

/** A price times `factor`; a negative price stays, as a multiple of it would be lower still. */
function raised(price: number, factor: number): number {
  return Math.max(price, factor * price);
}

function hoursOf(
  grid: TimeGrid,
  { fromHour, toHour }: Required<ScenarioOptions>,
): (slot: number) => boolean {
  if (!(fromHour >= 0 && fromHour < toHour && toHour <= HOURS_PER_DAY)) {
    throw new RangeError(
      `scenario hours must be 0 ≤ fromHour < toHour ≤ ${HOURS_PER_DAY}, got ${fromHour} to ${toHour}`,
    );
  }
  return (slot) => {
    const { hourOfDay } = localTime(grid, slot);
    return hourOfDay >= fromHour && hourOfDay < toHour;
  };
}
