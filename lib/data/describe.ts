/**
 * What a data set amounts to, before any control: totals, peaks, ranges, how often trade is possible at
 * all, and what looks like a mistake.
 *
 * @module
 */

import { DUST_KWH, HOURS_PER_DAY, localTime } from "../units.ts";
import type { Battery } from "./community.ts";
import { deviceSummaries, type DeviceSummary, doubtsAboutDevices } from "./devices/summary.ts";
import type { Dataset } from "./profiles.ts";

/** One household in figures. */
export interface HouseholdSummary {
  /** Its id. */
  readonly id: string;
  /** Installed PV. [kW] */
  readonly pvCapacityKw: number;
  /** Its battery, or `null`. */
  readonly battery: Battery | null;
  /** Load of the whole span. [kWh] */
  readonly loadKwh: number;
  /** Available PV of the whole span. [kWh] */
  readonly pvKwh: number;
  /** Largest load of a slot. [kW] */
  readonly peakLoadKw: number;
}

/** Least, mean and largest value of a column. */
export interface Range {
  /** The least. */
  readonly least: number;
  /** The mean. */
  readonly mean: number;
  /** The largest. */
  readonly largest: number;
}

/** A data set in figures; the grid figures are without batteries and other devices. */
export interface DatasetSummary {
  /** In the order of the community. */
  readonly households: readonly HouseholdSummary[];
  /** In the order of the community. */
  readonly devices: readonly DeviceSummary[];
  /** Load of all households. [kWh] */
  readonly loadKwh: number;
  /** Available PV of all households. [kWh] */
  readonly pvKwh: number;
  /** Largest import of the community. [kW] */
  readonly peakImportKw: number;
  /** Largest export of the community. [kW] */
  readonly peakExportKw: number;
  /** Most energy that could change hands. [kWh] */
  readonly tradableKwh: number;
  /** Share of the slots in which some households have a surplus and others a deficit. */
  readonly bothSidesShare: number;
  /** Retail price. [currency/kWh] */
  readonly importPricePerKwh: Range;
  /** Feed-in tariff. [currency/kWh] */
  readonly feedInTariffPerKwh: Range;
  /** Carbon intensity. [kg/kWh] */
  readonly carbonKgPerKwh: Range;
  /** What may be a mistake in units, clock or sizes, each in a sentence. */
  readonly doubts: readonly string[];
}

/**
 * Sums a data set up.
 *
 * @example
 * ```ts
 * import { describeDataset } from "./describe.ts";
 * import { synthesize } from "./synthetic.ts";
 * const { households } = describeDataset(synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1 }));
 * if (households.length !== 3) throw new Error("expected three households");
 * ```
 */
export function describeDataset({ community, profiles }: Dataset): DatasetSummary {
  const { grid, loadKw, pvKw } = profiles;
  const { slots, dtHours } = grid;
  const households = community.prosumers.map((prosumer, i): HouseholdSummary => {
    const own = [i * slots, (i + 1) * slots] as const;
    const load = range(loadKw.subarray(...own));
    const pv = range(pvKw.subarray(...own));
    return {
      ...prosumer,
      loadKwh: load.mean * slots * dtHours,
      pvKwh: pv.mean * slots * dtHours,
      peakLoadKw: load.largest,
    };
  });
  let [peakImportKw, peakExportKw, tradableKwh, bothSides] = [0, 0, 0, 0];
  for (let t = 0; t < slots; t++) {
    let [deficitKw, surplusKw] = [0, 0];
    for (let k = t; k < loadKw.length; k += slots) {
      deficitKw += Math.max(0, loadKw[k] - pvKw[k]);
      surplusKw += Math.max(0, pvKw[k] - loadKw[k]);
    }
    const matchedKwh = Math.min(deficitKw, surplusKw) * dtHours;
    if (matchedKwh > DUST_KWH) bothSides++;
    tradableKwh += matchedKwh;
    peakImportKw = Math.max(peakImportKw, deficitKw - surplusKw);
    peakExportKw = Math.max(peakExportKw, surplusKw - deficitKw);
  }
  const devices = community.prosumers.flatMap((prosumer) => deviceSummaries(prosumer, grid));
  return {
    households,
    devices,
    loadKwh: households.reduce((sum, { loadKwh }) => sum + loadKwh, 0),
    pvKwh: households.reduce((sum, { pvKwh }) => sum + pvKwh, 0),
    peakImportKw,
    peakExportKw,
    tradableKwh,
    bothSidesShare: bothSides / slots,
    importPricePerKwh: range(profiles.importPricePerKwh),
    feedInTariffPerKwh: range(profiles.feedInTariffPerKwh),
    carbonKgPerKwh: range(profiles.carbonKgPerKwh),
    doubts: [
      ...doubtsAbout({ community, profiles }, households),
      ...doubtsAboutDevices(devices, slots * dtHours / HOURS_PER_DAY),
    ],
  };
}

/** More than a home's connection carries all day. [kW] */
const MOST_MEAN_LOAD_KW = 20;
/** Power above the rating that clouds' edges and rounding explain. */
const MOST_OF_RATING = 1.2;
/** Hours without sun, and the share of the energy in them that dawn and midsummer explain. */
const NIGHT = { fromHour: 22, toHour: 3, mostShare: 0.05 };

function doubtsAbout(
  { community, profiles }: Dataset,
  households: readonly HouseholdSummary[],
): string[] {
  const { grid, loadKw, pvKw } = profiles;
  const doubts: string[] = [];
  const about = (homes: readonly string[], text: string) => {
    if (homes.length === 0) return;
    const more = homes.length > 3 ? ` and ${homes.length - 3} more` : "";
    doubts.push(`${homes.slice(0, 3).join(", ")}${more}: ${text}`);
  };
  const hours = grid.slots * grid.dtHours;
  about(
    households.filter(({ loadKwh }) => loadKwh / hours > MOST_MEAN_LOAD_KW).map(({ id, loadKwh }) =>
      `${id} (${Number((loadKwh / hours).toPrecision(3))} kW)`
    ),
    `more than ${MOST_MEAN_LOAD_KW} kW on average; are these watts?`,
  );
  const peaks = community.prosumers.map(({ id, pvCapacityKw }, i) => {
    const peakKw = range(pvKw.subarray(i * grid.slots, (i + 1) * grid.slots)).largest;
    return { id, pvCapacityKw, peakKw };
  });
  about(
    peaks.filter(({ peakKw, pvCapacityKw }) => peakKw > MOST_OF_RATING * pvCapacityKw)
      .map(({ id, peakKw, pvCapacityKw }) =>
        `${id} (${Number(peakKw.toPrecision(3))} of ${pvCapacityKw} kW)`
      ),
    "panels give more than is installed; is pvCapacityKw right, and are these kilowatts?",
  );
  const night = Array.from({ length: grid.slots }, (_, slot) => {
    const { hourOfDay } = localTime(grid, slot);
    return hourOfDay >= NIGHT.fromHour || hourOfDay < NIGHT.toHour;
  });
  const [sun, sunAtNight] = pvKw.reduce(
    ([all, dark], power, at) => [all + power, dark + (night[at % grid.slots] ? power : 0)],
    [0, 0],
  );
  if (sunAtNight > NIGHT.mostShare * sun) {
    doubts.push(
      `${Math.round(100 * sunAtNight / sun)} % of the sun shines from ${NIGHT.fromHour}:00 to ` +
        `${NIGHT.toHour}:00; is the offset from UTC right?`,
    );
  }
  if (sun === 0 && loadKw.every((power) => power === 0)) {
    doubts.push("there is neither load nor sun, so that nothing can be traded or saved");
  }
  const inverted = profiles.importPricePerKwh.reduce(
    (count, price, slot) => count + (price < profiles.feedInTariffPerKwh[slot] ? 1 : 0),
    0,
  );
  if (inverted > 0) {
    doubts.push(
      `in ${inverted} of ${grid.slots} slots importing costs less than exporting earns; nobody ` +
        "trades in them",
    );
  }
  return doubts;
}

function range(values: Float64Array): Range {
  let [least, sum, largest] = [Infinity, 0, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    sum += value;
  }
  return { least, mean: sum / values.length, largest };
}
