/**
 * What a data set amounts to, before any control: totals, peaks, ranges, how often trade is possible at
 * all, and what looks like a mistake.
 *
 * @module
 */

import { DUST_KWH, HOURS_PER_DAY } from "../units.ts";
import type { Battery } from "./community.ts";
import { deviceSummaries, type DeviceSummary, doubtsAboutDevices } from "./devices/summary.ts";
import type { Doubt } from "./judgement/doubt.ts";
import { judge } from "./judgement/judge.ts";
import type { Dataset } from "./profiles.ts";
import type { Location } from "./synthetic/sun.ts";

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
  readonly doubts: readonly Doubt[];
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
export function describeDataset(dataset: Dataset, place?: Location): DatasetSummary {
  const { community, profiles } = dataset;
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
      ...judge(dataset, place),
      ...doubtsAboutDevices(devices, slots * dtHours / HOURS_PER_DAY)
        .map((text) => ({ kind: "device" as const, text })),
    ],
  };
}

/** Least, most and mean of a column. */
export function range(values: Float64Array): Range {
  let [least, sum, largest] = [Infinity, 0, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    sum += value;
  }
  return { least, mean: sum / values.length, largest };
}
