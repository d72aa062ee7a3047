/**
 * First stage of a slot: what every home sees before it acts, as {@link ./spaces.ts} says.
 *
 * @module
 */

import { needs } from "../stores/foresight.ts";
import { createNetLoads } from "./net_load.ts";
import type { ObservationSpace } from "./spaces.ts";
import { publishedNames, TARIFF_SIZE } from "./spaces.ts";
import { storeOutlook } from "./store_outlook.ts";
import type { World } from "./world.ts";

/** What homes see: a block for each community and one for each home. */
export interface Observation {
  /** Alike for all homes of a community. `[communities × common features]` */
  readonly common: Float64Array;
  /** Of the home itself. `[rows × own features]` */
  readonly own: Float64Array;
}

/** Room for the observations of `communities` with `homes` each. */
export function createObservation(
  space: ObservationSpace,
  communities: number,
  homes: number,
): Observation {
  return {
    common: new Float64Array(communities * space.common.length),
    own: new Float64Array(communities * homes * space.own.length),
  };
}

/** Largest share of the stores' room that a net load is said to be: more needs no distinction. */
const MOST_SHARE = 4;

/** Writes what the homes of one community see. */
export type Observer = (c: number, slot: number, left: number) => void;

/** Prepares observations, which go into `observation`. */
export function createObserver(world: World, { common, own }: Observation): Observer {
  const { dataset, config, homes, stores, firstStore, tariffs, spaces, forecaster, state } = world;
  const { blocks, blockEnds } = world.ahead;
  const { common: { length: commonSize }, own: { length: ownSize } } = spaces.observation;
  const { ownTariffs, ownPeaks, envelopes, storeSlots } = spaces.observation;
  const { grid } = world;
  const { prosumers } = dataset.community;
  const { carbonKgPerKwh } = dataset.profiles;
  const { slots, dtHours } = dataset.profiles.grid;
  const passes = world.communities * world.slotsPerEpisode;
  const netLoads = createNetLoads(forecaster, world.ahead, homes, slots, passes);
  const truth = config.forecast.error === 0;
  const outlooks = stores.map((store) =>
    store.kind === "battery" ? null : storeOutlook(store, slots, truth)
  );
  const firstTariff = 0, firstNet = ownTariffs ? TARIFF_SIZE : 0;

  /** Writes the home's forecasts, which begin at `from`, and what is known of its meter. */
  function writeHome(row: number, home: number, slot: number, from: number): void {
    let at = row * ownSize + firstNet;
    own[at++] = prosumers[home].pvCapacityKw;
    for (let k = 0; k < netLoads.homeSize; k++) own[at++] = netLoads.values[from + k];
    if (ownPeaks) own[at++] = state.homePeakKw[row];
    if (!envelopes) return;
    const envelope = grid!.find(slot) + home;
    own[at++] = grid!.mostKw[envelope];
    own[at] = -grid!.leastKw[envelope];
  }

  function writeStores(row: number, home: number, c: number, slot: number): void {
    for (let s = firstStore[home]; s < firstStore[home + 1]; s++) {
      const store = stores[s], k = c * stores.length + s;
      let at = row * ownSize + storeSlots[spaces.slotOfStore[s]].at;
      own[at++] = state.capacityKwh[k];
      own[at++] = state.capacityKwh[k] > 0 ? state.energyKwh[k] / state.capacityKwh[k] : 0;
      own[at++] = state.chargeLimitKw[k];
      own[at++] = state.dischargeLimitKw[k];
      own[at++] = store.ratedChargeKw;
      own[at++] = store.ratedDischargeKw;
      own[at++] = state.requiredChargeKw[k];
      const outlook = outlooks[s];
      if (outlook === null) continue;
      const { values } = outlook, from = outlook.find(slot);
      const cell = slot * store.stride, need = needs(store);
      own[at++] = store.chargeEfficiency[cell];
      own[at++] = values[from];
      own[at++] = store.drainKwh[cell] / dtHours;
      own[at++] = values[from + 1];
      const neededKwh = need.energyKwh[cell] - state.energyKwh[k];
      own[at++] = neededKwh > 0 ? neededKwh : 0;
      own[at++] = neededKwh > 0 ? need.slots[cell] * dtHours : 0;
      own[at++] = values[from + 2];
      own[at] = store.leavingChance === null ? 0 : store.leavingChance[cell];
    }
  }

  function writeTariff(
    tariffClass: number,
    slot: number,
    left: number,
    to: Float64Array,
    at: number,
  ) {
    const table = world.publishedTariffs[tariffClass];
    const from = table.find(slot, left);
    for (let k = 0; k < TARIFF_SIZE; k++) to[at + k] = table.values[from + k];
  }

  function writeCommon(c: number, slot: number, left: number, netAt: number): void {
    let at = c * commonSize;
    const from = world.published.find(slot, left);
    for (let k = 0; k < publishedNames.length; k++) common[at++] = world.published.values[from + k];
    if (!ownTariffs) {
      writeTariff(0, slot, left, common, at);
      at += TARIFF_SIZE;
    }
    const price = state.lastPricePerKwh[c];
    // The price of the slot before, between the tariff's prices of that slot.
    const before = slot - 1;
    const tariff = tariffs.classes[0];
    const lowest = before < 0 ? NaN : tariff.feedInTariffPerKwh[before];
    const highest = before < 0
      ? NaN
      : tariff.importPricePerKwh[before] + config.cost.carbonPricePerKg * carbonKgPerKwh[before];
    const share = (price - lowest) / (highest - lowest);
    common[at++] = highest > lowest && Number.isFinite(share) ? share : 0.5;
    common[at++] = state.lastNetKw[c] / homes;
    common[at++] = state.peakKw[c] / homes;
    let capacity = 0, energy = 0, charge = 0, discharge = 0;
    for (let k = c * stores.length; k < (c + 1) * stores.length; k++) {
      capacity += state.capacityKwh[k];
      energy += state.energyKwh[k];
      charge += state.chargeLimitKw[k];
      discharge += state.dischargeLimitKw[k];
    }
    common[at++] = capacity / homes;
    common[at++] = energy / homes;
    common[at++] = charge / homes;
    common[at++] = discharge / homes;
    for (let k = 0; k <= blocks; k++) common[at++] = netLoads.values[netAt + k] / homes;
    // Against the room of the stores, so that communities of all sizes look alike.
    for (let k = 0, netKwh = 0; k <= blocks; k++) {
      netKwh += netLoads.values[netAt + k] * dtHours *
        (k === 0 ? 1 : blockEnds[k] - blockEnds[k - 1]);
      const share = capacity > 0 ? netKwh / capacity : 0;
      common[at++] = Math.min(MOST_SHARE, Math.max(-MOST_SHARE, share));
    }
  }

  return (c, slot, left) => {
    const net = netLoads.find(state.seed, slot, left);
    for (let home = 0; home < homes; home++) {
      const row = c * homes + home;
      if (ownTariffs) {
        writeTariff(tariffs.classOf[home], slot, left, own, row * ownSize + firstTariff);
      }
      writeHome(row, home, slot, net + home * netLoads.homeSize);
      writeStores(row, home, c, slot);
    }
    writeCommon(c, slot, left, net + homes * netLoads.homeSize);
  };
}
