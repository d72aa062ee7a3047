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
import { aheadHours, createAhead } from "./ahead.ts";
import type { EnvironmentConfig } from "./config.ts";
import { createPublished, publishedNames } from "./published.ts";
import type { LoadsBySlot } from "../data/loads_by_slot.ts";
import type { MarketState } from "./state.ts";

const ahead = (name: string) => aheadHours.map((hours) => `${name}.ahead${hours}h`);

/** Features that are alike for all prosumers of a community, in order. */
const sharedNames = [
  ...publishedNames,
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

/**
 * Prepares observations of episodes of `slotsPerEpisode`.
 *
 * @param loads Load and PV by slot.
 */
export function createObserver(
  dataset: Dataset,
  config: EnvironmentConfig,
  slotsPerEpisode: number,
  loads: LoadsBySlot,
): Observer {
  const { community: { prosumers }, profiles } = dataset;
  const { loadKw, pvKw } = loads;
  const count = prosumers.length;
  const devices = Float64Array.from(prosumers.flatMap(({ pvCapacityKw, battery }) => [
    pvCapacityKw,
    battery?.maxChargeKw ?? 0,
    battery?.maxDischargeKw ?? 0,
  ]));
  const published = createPublished(dataset, slotsPerEpisode);
  const { blocks, blockEnds, blockShare, horizon } = createAhead(profiles.grid.dtHours);
  // Planners look to the end of the episode, which may lie beyond what agents see.
  const furthest = Math.max(horizon, slotsPerEpisode);
  const forecaster = createForecaster(config.forecast, profiles.grid.dtHours, furthest);
  const { gain, path } = forecaster;
  const weatherFactor = new Float64Array(horizon);
  const errors = new Int32Array(count);
  const sumKw = new Float64Array(count);
  const shared = new Float64Array(sharedNames.length);
  const communityKw = new Float64Array(1 + blocks);
  const storage = new Float64Array(4);

  /** Begins the forecasts of a community in a slot. */
  function forecast(seed: number, slot: number, end: number): void {
    const weather = errorOffset(seed, WEATHER_SERIES, slot);
    for (let lead = 0; lead < end; lead++) {
      weatherFactor[lead] = positive(1 + gain[lead] * path[weather + lead]);
    }
    for (let i = 0; i < count; i++) errors[i] = errorOffset(seed, i, slot);
  }

  /** Writes devices, storage, load and PV as they are now, and adds them up. */
  function writeNow(state: MarketState, out: Float64Array, c: number, slot: number): void {
    communityKw.fill(0);
    storage.fill(0);
    for (let i = 0; i < count; i++) {
      const row = c * count + i;
      const capacityKwh = state.capacityKwh[row];
      const energyKwh = state.energyKwh[row];
      const chargeLimitKw = state.chargeLimitKw[row];
      const dischargeLimitKw = state.dischargeLimitKw[row];
      const loadNow = loadKw[slot * count + i] * positive(1 + gain[0] * path[errors[i]]);
      const pvNow = pvKw[slot * count + i] * weatherFactor[0];
      let at = row * OBSERVATION_SIZE + sharedNames.length;
      out[at++] = devices[3 * i];
      out[at++] = capacityKwh;
      out[at++] = devices[3 * i + 1];
      out[at++] = devices[3 * i + 2];
      out[at++] = capacityKwh > 0 ? energyKwh / capacityKwh : 0;
      out[at++] = chargeLimitKw;
      out[at++] = dischargeLimitKw;
      out[at++] = loadNow;
      out[at++] = pvNow;
      out[at++] = loadNow - pvNow;
      communityKw[0] += loadNow - pvNow;
      storage[0] += capacityKwh;
      storage[1] += energyKwh;
      storage[2] += chargeLimitKw;
      storage[3] += dischargeLimitKw;
    }
  }

  /** Writes the net loads ahead, of which those from `end` on do not count, and adds them up. */
  function writeAhead(out: Float64Array, c: number, slot: number, end: number): void {
    sumKw.fill(0);
    const firstAhead = c * count * OBSERVATION_SIZE + OBSERVATION_SIZE - blocks;
    for (let k = 0, lead = 1; k < blocks; k++) {
      const share = blockShare[k];
      const blockEnd = Math.min(blockEnds[k + 1], end);
      for (let i = 0; i < count; i++) out[firstAhead + i * OBSERVATION_SIZE + k] = sumKw[i];
      for (; lead < blockEnd; lead++) addSlot(lead, (slot + lead) * count);
      for (let i = 0; i < count; i++) {
        const at = firstAhead + i * OBSERVATION_SIZE + k;
        out[at] = (sumKw[i] - out[at]) * share;
        communityKw[1 + k] += out[at];
      }
    }
  }

  /** Adds the net loads forecast for a slot, whose loads begin at `first`, to `sumKw`. */
  function addSlot(lead: number, first: number): void {
    const gainNow = gain[lead], weatherNow = weatherFactor[lead];
    for (let i = 0; i < count; i++) {
      const load = loadKw[first + i] * positive(1 + gainNow * path[errors[i] + lead]);
      sumKw[i] += load - pvKw[first + i] * weatherNow;
    }
  }

  /** Writes the features that are alike for all prosumers of community `c`. */
  function writeShared(state: MarketState, out: Float64Array, c: number, slot: number): void {
    const left = slotsPerEpisode - state.step;
    const from = published.find(slot, left, state.highestImportPricePerKwh[c]);
    let at = 0;
    while (at < publishedNames.length) shared[at] = published.table[from + at++];
    shared[at++] = state.lastPriceShare[c];
    shared[at++] = state.lastVolumeKwh[c] / count;
    shared[at++] = state.lastNetKw[c] / count;
    shared[at++] = state.peakKw[c] / count;
    for (let k = 0; k < storage.length; k++) shared[at++] = storage[k] / count;
    shared[at++] = balancingShare(communityKw[0], storage[2], storage[3]);
    for (let k = 0; k < communityKw.length; k++) shared[at++] = communityKw[k] / count;
    for (let i = 0; i < count; i++) out.set(shared, (c * count + i) * OBSERVATION_SIZE);
  }

  return {
    forecaster,
    write(state, observation) {
      const end = Math.min(horizon, slotsPerEpisode - state.step);
      for (let c = 0; c < state.firstSlot.length; c++) {
        const slot = state.firstSlot[c] + state.step;
        forecast(state.seed, slot, end);
        writeNow(state, observation, c, slot);
        writeAhead(observation, c, slot, end);
        writeShared(state, observation, c, slot);
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
