/**
 * What an agent sees before it acts: only what a household could know.
 *
 * Features are in natural units; learning normalises them by statistics of the training days.
 * "Ahead" features are means over blocks of hours from now, of which nothing beyond the end of the
 * episode counts. Tariffs and carbon intensity are published a day ahead; loads and PV are forecast
 * ({@link ../data/forecast.ts}); the operator publishes the community's net load and its forecast.
 *
 * @module
 */

import {
  createForecaster,
  errorOffset,
  type Forecaster,
  WEATHER_SERIES,
} from "../data/forecast.ts";
import type { Dataset } from "../data/profiles.ts";
import { localTime } from "../units.ts";
import type { EnvironmentConfig } from "./config.ts";
import type { MarketState } from "./state.ts";

/** Ends of the blocks of the "ahead" features; the first begins after the current slot. [h] */
export const aheadHours: readonly number[] = [2, 3, 4, 6, 9, 12, 18, 24];

const ahead = (name: string) => aheadHours.map((hours) => `${name}.ahead${hours}h`);

/** Features that are alike for all prosumers of a community, in order. */
const sharedNames = [
  "hourSin",
  "hourCos",
  "yearSin",
  "yearCos",
  "weekend",
  "episodeLeft",
  "importPricePerKwh",
  "feedInTariffPerKwh",
  "carbonKgPerKwh",
  "highestImportPricePerKwh",
  "highestImportPriceAheadPerKwh",
  "lowestImportPriceAheadPerKwh",
  ...ahead("importPricePerKwh"),
  ...ahead("carbonKgPerKwh"),
  "importLimitTightness",
  "exportLimitTightness",
  "lastPriceShare",
  "lastVolumeKwh",
  "lastCommunityNetKw",
  "communityPeakKw",
  "communityNetLoadKw",
  ...ahead("communityNetLoadKw"),
];

/** Features of the prosumer itself, in order. */
const ownNames = [
  "pvCapacityKw",
  "batteryCapacityKwh",
  "ratedChargeKw",
  "ratedDischargeKw",
  "socFraction",
  "chargeLimitKw",
  "dischargeLimitKw",
  "loadKw",
  "pvKw",
  "netLoadKw",
  ...ahead("netLoadKw"),
];

/**
 * Names of the features, in order.
 *
 * | feature | meaning |
 * | --- | --- |
 * | `hourSin` … `weekend` | clock and calendar |
 * | `episodeLeft` | share of the episode that is left |
 * | `importPricePerKwh`, `feedInTariffPerKwh`, `carbonKgPerKwh` | tariffs and CO2 now and ahead |
 * | `highestImportPricePerKwh` | of the episode, known by contract: values a shortfall of final energy |
 * | `…PriceAheadPerKwh` | highest and lowest of the published slots, this one included |
 * | `…LimitTightness` | 1 / (1 + limit per prosumer in kW): 0 is no limit, 1 an outage |
 * | `lastPriceShare` | last clearing price between the least (0) and largest (1) of an order, ½ if none |
 * | `lastVolumeKwh`, `lastCommunityNetKw`, `communityPeakKw` | last slot and peak so far, per prosumer |
 * | `communityNetLoadKw` | mean load − PV of the prosumers, now and ahead |
 * | `pvCapacityKw` … `dischargeLimitKw` | own devices, and what the battery can do now |
 * | `loadKw`, `pvKw`, `netLoadKw` | own, now and ahead |
 */
export const observationNames: readonly string[] = [...sharedNames, ...ownNames];

/** Number of features. */
export const OBSERVATION_SIZE: number = observationNames.length;

/** Number of features of the prosumer itself; they come last. */
export const OWN_SIZE: number = ownNames.length;

/**
 * Position of a feature.
 *
 * @throws {RangeError} If there is no feature of this name.
 */
export function featureIndex(name: string): number {
  const index = observationNames.indexOf(name);
  if (index < 0) throw new RangeError(`observation has no feature "${name}"`);
  return index;
}

/** Writes observations of one data set. */
export interface Observer {
  /** The forecasts that agents see; planners read the same. */
  readonly forecaster: Forecaster;
  /** Writes what every row sees: `[communities × prosumers × OBSERVATION_SIZE]`. */
  write(state: MarketState, observation: Float64Array): void;
}

/** Prepares observations of episodes of `slotsPerEpisode`. */
export function createObserver(
  dataset: Dataset,
  config: EnvironmentConfig,
  slotsPerEpisode: number,
): Observer {
  const { community: { prosumers }, profiles } = dataset;
  const { slots, dtHours } = profiles.grid;
  const count = prosumers.length;
  const calendar = calendarFeatures(dataset);
  const blocks = aheadHours.map((end, k) => {
    const from = k === 0 ? 1 : aheadHours[k - 1] / dtHours;
    return { from, to: end / dtHours };
  });
  const horizon = blocks[blocks.length - 1].to;
  const forecaster = createForecaster(config.forecast, dtHours, horizon);
  const { gain, path } = forecaster;
  const weatherFactor = new Float64Array(horizon);
  const communityKw = new Float64Array(1 + blocks.length);
  const { loadKw, pvKw, importPricePerKwh, feedInTariffPerKwh, carbonKgPerKwh } = profiles;
  const firstOwn = sharedNames.length;

  function writeOwn(state: MarketState, out: Float64Array, at: number, row: number, slot: number) {
    const i = row % count;
    const { pvCapacityKw, battery } = prosumers[i];
    const left = slotsPerEpisode - state.step;
    const base = i * slots + slot;
    const errors = errorOffset(state.seed, i, slot);
    const loadNow = loadKw[base] * positive(1 + gain[0] * path[errors]);
    const pvNow = pvKw[base] * weatherFactor[0];
    out[at++] = pvCapacityKw;
    out[at++] = state.capacityKwh[row];
    out[at++] = battery === null ? 0 : battery.maxChargeKw;
    out[at++] = battery === null ? 0 : battery.maxDischargeKw;
    out[at++] = state.capacityKwh[row] > 0 ? state.energyKwh[row] / state.capacityKwh[row] : 0;
    out[at++] = state.chargeLimitKw[row];
    out[at++] = state.dischargeLimitKw[row];
    out[at++] = loadNow;
    out[at++] = pvNow;
    out[at++] = loadNow - pvNow;
    communityKw[0] += loadNow - pvNow;
    for (let k = 0; k < blocks.length; k++) {
      const { from, to } = blocks[k];
      const end = Math.min(to, left);
      let sum = 0;
      for (let lead = from; lead < end; lead++) {
        sum += loadKw[base + lead] * positive(1 + gain[lead] * path[errors + lead]) -
          pvKw[base + lead] * weatherFactor[lead];
      }
      const mean = sum / (to - from);
      out[at++] = mean;
      communityKw[k + 1] += mean;
    }
  }

  function writeShared(state: MarketState, out: Float64Array, at: number, c: number, slot: number) {
    const left = slotsPerEpisode - state.step;
    for (let k = 0; k < 5; k++) out[at++] = calendar[slot * 5 + k];
    out[at++] = left / slotsPerEpisode;
    out[at++] = importPricePerKwh[slot];
    out[at++] = feedInTariffPerKwh[slot];
    out[at++] = carbonKgPerKwh[slot];
    let highestAhead = -Infinity, lowestAhead = Infinity;
    for (let t = slot; t < slot + Math.min(left, horizon); t++) {
      if (importPricePerKwh[t] > highestAhead) highestAhead = importPricePerKwh[t];
      if (importPricePerKwh[t] < lowestAhead) lowestAhead = importPricePerKwh[t];
    }
    out[at++] = state.highestImportPricePerKwh[c];
    out[at++] = highestAhead;
    out[at++] = lowestAhead;
    at = writeAhead(importPricePerKwh, slot, left, out, at);
    at = writeAhead(carbonKgPerKwh, slot, left, out, at);
    out[at++] = 1 / (1 + profiles.gridImportLimitKw[slot] / count);
    out[at++] = 1 / (1 + profiles.gridExportLimitKw[slot] / count);
    out[at++] = state.lastPriceShare[c];
    out[at++] = state.lastVolumeKwh[c] / count;
    out[at++] = state.lastNetKw[c] / count;
    out[at++] = state.peakKw[c] / count;
    for (let k = 0; k < communityKw.length; k++) out[at++] = communityKw[k] / count;
  }

  function writeAhead(
    series: Float64Array,
    slot: number,
    left: number,
    out: Float64Array,
    at: number,
  ): number {
    for (let k = 0; k < blocks.length; k++) {
      const { from, to } = blocks[k];
      const end = Math.min(to, left);
      let sum = 0;
      for (let lead = from; lead < end; lead++) sum += series[slot + lead];
      out[at++] = sum / (to - from);
    }
    return at;
  }

  return {
    forecaster,
    write(state, observation) {
      const ahead = Math.min(horizon, slotsPerEpisode - state.step);
      for (let c = 0; c < state.firstSlot.length; c++) {
        const slot = state.firstSlot[c] + state.step;
        const weather = errorOffset(state.seed, WEATHER_SERIES, slot);
        for (let lead = 0; lead < ahead; lead++) {
          weatherFactor[lead] = positive(1 + gain[lead] * path[weather + lead]);
        }
        communityKw.fill(0);
        for (let i = 0; i < count; i++) {
          const row = c * count + i;
          writeOwn(state, observation, row * OBSERVATION_SIZE + firstOwn, row, slot);
        }
        const first = c * count * OBSERVATION_SIZE;
        writeShared(state, observation, first, c, slot);
        for (let i = 1; i < count; i++) {
          observation.copyWithin(first + i * OBSERVATION_SIZE, first, first + firstOwn);
        }
      }
    },
  };
}

function positive(x: number): number {
  return x > 0 ? x : 0;
}

/** hourSin, hourCos, yearSin, yearCos and weekend of every slot. */
function calendarFeatures({ profiles: { grid } }: Dataset): Float64Array {
  const features = new Float64Array(grid.slots * 5);
  for (let t = 0; t < grid.slots; t++) {
    const { hourOfDay, dayOfYear, weekday } = localTime(grid, t);
    const hour = (2 * Math.PI * hourOfDay) / 24;
    const year = (2 * Math.PI * dayOfYear) / 365.25;
    features.set(
      [Math.sin(hour), Math.cos(hour), Math.sin(year), Math.cos(year), weekday >= 5 ? 1 : 0],
      t * 5,
    );
  }
  return features;
}
