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
import { slotMajor } from "./slot_major.ts";
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

/** Prepares observations of episodes of `slotsPerEpisode`. */
export function createObserver(
  dataset: Dataset,
  config: EnvironmentConfig,
  slotsPerEpisode: number,
): Observer {
  const { community: { prosumers }, profiles } = dataset;
  const { slots, dtHours } = profiles.grid;
  const count = prosumers.length;
  const loadKw = slotMajor(profiles.loadKw, slots);
  const pvKw = slotMajor(profiles.pvKw, slots);
  const devices = Float64Array.from(prosumers.flatMap(({ pvCapacityKw, battery }) => [
    pvCapacityKw,
    battery?.maxChargeKw ?? 0,
    battery?.maxDischargeKw ?? 0,
  ]));
  const published = createPublished(dataset, slotsPerEpisode);
  const { horizon, sumBefore, writeMeans } = createAhead(dtHours);
  const forecaster = createForecaster(config.forecast, dtHours, horizon);
  const { gain, path } = forecaster;
  const weatherFactor = new Float64Array(horizon);
  const shared = new Float64Array(sharedNames.length);
  const communityKw = new Float64Array(1 + aheadHours.length);
  const storage = new Float64Array(4);

  /** Writes the own features of a row, and adds them to the community's. */
  function writeOwn(
    state: MarketState,
    out: Float64Array,
    row: number,
    i: number,
    slot: number,
    end: number,
  ): void {
    let at = row * OBSERVATION_SIZE + sharedNames.length;
    let cell = slot * count + i;
    const errors = errorOffset(state.seed, i, slot);
    const capacityKwh = state.capacityKwh[row];
    const energyKwh = state.energyKwh[row];
    const chargeLimitKw = state.chargeLimitKw[row];
    const dischargeLimitKw = state.dischargeLimitKw[row];
    const loadNow = loadKw[cell] * positive(1 + gain[0] * path[errors]);
    const pvNow = pvKw[cell] * weatherFactor[0];
    storage[0] += capacityKwh;
    storage[1] += energyKwh;
    storage[2] += chargeLimitKw;
    storage[3] += dischargeLimitKw;
    communityKw[0] += loadNow - pvNow;
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
    let sum = 0;
    for (let lead = 1; lead < end; lead++) {
      cell += count;
      const load = loadKw[cell] * positive(1 + gain[lead] * path[errors + lead]);
      sum += load - pvKw[cell] * weatherFactor[lead];
      sumBefore[lead + 1] = sum;
    }
    writeMeans(end, out, at);
    for (let k = 1; k < communityKw.length; k++) communityKw[k] += out[at++];
  }

  /** Writes the features that are alike for all prosumers of community `c`. */
  function writeShared(state: MarketState, c: number, slot: number, left: number): void {
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
  }

  return {
    forecaster,
    write(state, observation) {
      const left = slotsPerEpisode - state.step;
      const end = Math.min(horizon, left);
      for (let c = 0; c < state.firstSlot.length; c++) {
        const slot = state.firstSlot[c] + state.step;
        const weather = errorOffset(state.seed, WEATHER_SERIES, slot);
        for (let lead = 0; lead < end; lead++) {
          weatherFactor[lead] = positive(1 + gain[lead] * path[weather + lead]);
        }
        communityKw.fill(0);
        storage.fill(0);
        for (let i = 0; i < count; i++) {
          writeOwn(state, observation, c * count + i, i, slot, end);
        }
        writeShared(state, c, slot, left);
        for (let i = 0; i < count; i++) {
          observation.set(shared, (c * count + i) * OBSERVATION_SIZE);
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
