/**
 * Where an episode begins, and what stores can do in the coming slot.
 *
 * @module
 */

import { chargeLimitKw, dischargeLimitKw, requiredChargeKw } from "../stores/store.ts";
import { initialEnergyKwh } from "../stores/stores.ts";
import type { World } from "./world.ts";

/** Starts an episode: stores as good as new, charged to the configured share. */
export function resetState(
  { config, communities, stores, state }: World,
  seed: number,
  firstSlots: ArrayLike<number>,
): void {
  state.seed = seed;
  state.step = 0;
  state.lastPricePerKwh.fill(NaN);
  state.lastNetKw.fill(0);
  state.peakKw.fill(0);
  state.homePeakKw.fill(0);
  const count = stores.length;
  for (let c = 0; c < communities; c++) {
    state.firstSlot[c] = firstSlots[c];
    for (let s = 0, row = c * count; s < count; s++, row++) {
      state.capacityKwh[row] = stores[s].nominalKwh;
      state.energyKwh[row] = initialEnergyKwh(stores[s], firstSlots[c], config.initialSoc);
      state.initialEnergyKwh[row] = state.energyKwh[row];
    }
  }
}

/** Works out what the stores of community `c` can do in `slot`. */
export function updateLimits({ stores, state }: World, c: number, slot: number): void {
  const { energyKwh, capacityKwh } = state;
  for (let s = 0, row = c * stores.length; s < stores.length; s++, row++) {
    const store = stores[s], energy = energyKwh[row], capacity = capacityKwh[row];
    const most = chargeLimitKw(store, slot, energy, capacity);
    state.chargeLimitKw[row] = most;
    state.dischargeLimitKw[row] = dischargeLimitKw(store, slot, energy, capacity);
    state.requiredChargeKw[row] = requiredChargeKw(store, slot, energy, capacity, most);
  }
}
