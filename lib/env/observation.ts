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
import { calendarFeatures, calendarNames } from "./calendar.ts";
import type { EnvironmentConfig } from "./config.ts";
import type { MarketState } from "./state.ts";

/** Ends of the blocks of the "ahead" features; the first begins after the current slot. [h] */
export const aheadHours: readonly number[] = [2, 3, 4, 6, 9, 12, 18, 24];

const ahead = (name: string) => aheadHours.map((hours) => `${name}.ahead${hours}h`);

/** Features that are alike for all prosumers of a community, in order. */
const sharedNames = [
  ...calendarNames,
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
  "communityCapacityKwh",
  "communityEnergyKwh",
  "communityChargeLimitKw",
  "communityDischargeLimitKw",
  "balancingShare",
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
 * | `communityCapacityKwh` … `communityDischargeLimitKw` | all batteries and what they can do now, per prosumer |
 * | `balancingShare` | share of what all batteries can charge (> 0) or discharge (< 0) that balances load and PV now |
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
  const { loadKw, pvKw, importPricePerKwh, feedInTariffPerKwh, carbonKgPerKwh } = profiles;
  const { slots, dtHours } = profiles.grid;
  const count = prosumers.length;
  const calendar = calendarFeatures(profiles.grid);
  const devices = Float64Array.from(prosumers.flatMap(({ pvCapacityKw, battery }) => [
    pvCapacityKw,
    battery?.maxChargeKw ?? 0,
    battery?.maxDischargeKw ?? 0,
  ]));
  // Block k is the slots from `blockEnds[k]` up to `blockEnds[k + 1]` ahead.
  const blockEnds = Int32Array.of(1, ...aheadHours.map((hours) => hours / dtHours));
  const blocks = aheadHours.length;
  const blockShare = Float64Array.from(aheadHours, (_, k) => 1 / (blockEnds[k + 1] - blockEnds[k]));
  const horizon = blockEnds[blocks];
  // Sums of what lies ahead, from the next slot up to `lead`: one loop, and no short ones.
  const sumBefore = new Float64Array(horizon + 1);
  // Planners look to the end of the episode, which may lie beyond what agents see.
  const furthest = Math.max(horizon, slotsPerEpisode);
  const forecaster = createForecaster(config.forecast, dtHours, furthest);
  const { gain, path } = forecaster;
  const weatherFactor = new Float64Array(horizon);
  const communityKw = new Float64Array(1 + blocks);
  const storage = new Float64Array(4);
  const firstOwn = sharedNames.length;

  function writeOwn(state: MarketState, out: Float64Array, at: number, row: number, slot: number) {
    const i = row % count;
    const base = i * slots + slot;
    const errors = errorOffset(state.seed, i, slot);
    const capacityKwh = state.capacityKwh[row];
    const loadNow = loadKw[base] * positive(1 + gain[0] * path[errors]);
    const pvNow = pvKw[base] * weatherFactor[0];
    out[at++] = devices[3 * i];
    out[at++] = capacityKwh;
    out[at++] = devices[3 * i + 1];
    out[at++] = devices[3 * i + 2];
    storage[0] += capacityKwh;
    storage[1] += state.energyKwh[row];
    storage[2] += state.chargeLimitKw[row];
    storage[3] += state.dischargeLimitKw[row];
    out[at++] = capacityKwh > 0 ? state.energyKwh[row] / capacityKwh : 0;
    out[at++] = state.chargeLimitKw[row];
    out[at++] = state.dischargeLimitKw[row];
    out[at++] = loadNow;
    out[at++] = pvNow;
    out[at++] = loadNow - pvNow;
    communityKw[0] += loadNow - pvNow;
    const end = Math.min(horizon, slotsPerEpisode - state.step);
    let sum = 0;
    for (let lead = 1; lead < end; lead++) {
      const load = loadKw[base + lead] * positive(1 + gain[lead] * path[errors + lead]);
      sum += load - pvKw[base + lead] * weatherFactor[lead];
      sumBefore[lead + 1] = sum;
    }
    writeBlocks(end, out, at);
    for (let k = 0; k < blocks; k++) communityKw[k + 1] += out[at + k];
  }

  function writeShared(state: MarketState, out: Float64Array, at: number, c: number, slot: number) {
    const left = slotsPerEpisode - state.step;
    for (let k = 0; k < calendarNames.length; k++) {
      out[at++] = calendar[slot * calendarNames.length + k];
    }
    out[at++] = left / slotsPerEpisode;
    out[at++] = importPricePerKwh[slot];
    out[at++] = feedInTariffPerKwh[slot];
    out[at++] = carbonKgPerKwh[slot];
    let highestAhead = -Infinity, lowestAhead = Infinity;
    for (let t = slot; t < slot + left; t++) {
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
    for (let k = 0; k < storage.length; k++) out[at++] = storage[k] / count;
    out[at++] = balancingShare(communityKw[0], storage[2], storage[3]);
    for (let k = 0; k < communityKw.length; k++) out[at++] = communityKw[k] / count;
  }

  function writeAhead(
    series: Float64Array,
    slot: number,
    left: number,
    out: Float64Array,
    at: number,
  ) {
    const end = Math.min(horizon, left);
    let sum = 0;
    for (let lead = 1; lead < end; lead++) {
      sum += series[slot + lead];
      sumBefore[lead + 1] = sum;
    }
    return writeBlocks(end, out, at);
  }

  /** Writes the mean of every block, of which only the slots before `end` count. */
  function writeBlocks(end: number, out: Float64Array, at: number): number {
    let before = 0;
    for (let k = 0; k < blocks; k++) {
      const sum = sumBefore[Math.min(blockEnds[k + 1], end)];
      out[at++] = (sum - before) * blockShare[k];
      before = sum;
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
        storage.fill(0);
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

/** Share of all charging (> 0) or discharging (< 0) power that balances a net load. */
function balancingShare(netLoadKw: number, chargeKw: number, dischargeKw: number): number {
  if (netLoadKw < 0) return chargeKw > 0 ? Math.min(1, -netLoadKw / chargeKw) : 0;
  return dischargeKw > 0 ? -Math.min(1, netLoadKw / dischargeKw) : 0;
}

function positive(x: number): number {
  return x > 0 ? x : 0;
}
