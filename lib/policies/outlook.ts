/**
 * What is known, or thought to be, when a plan is made.
 *
 * @module
 */

import type { World } from "../env/world.ts";

/** What is to come for one community. */
export interface Outlook {
  /** First planned slot in the data set. */
  readonly firstSlot: number;
  /** Planned slots. */
  readonly slots: number;
  /** Load to come. `[slots × homes]` [kW] */
  readonly loadKw: Float64Array;
  /** Available sun to come. `[slots × homes]` [kW] */
  readonly pvKw: Float64Array;
  /** Stored energy. `[stores]` [kWh] */
  readonly energyKwh: Float64Array;
  /** Capacity after fading. `[stores]` [kWh] */
  readonly capacityKwh: Float64Array;
  /** Stored energy at the start of the episode, against which its end is settled. `[stores]` [kWh] */
  readonly initialEnergyKwh: Float64Array;
  /** First slot of the episode. */
  readonly episodeFirstSlot: number;
  /** Highest net import of the episode so far. [kW] */
  readonly peakKw: number;
  /** Net import of the slot before; `null` at the start of an episode. [kW] */
  readonly lastNetKw: number | null;
}

/** What is to come in `slots` of community `c` as agents are told: {@link ../data/forecasts/}. */
export function forecastOutlook(world: World, c: number, slots: number): Outlook {
  const { forecaster, homes, state } = world;
  const firstSlot = state.firstSlot[c] + state.step;
  const load = new Float64Array(slots), pv = new Float64Array(slots);
  return outlookOf(world, c, slots, (home, loadKw, pvKw) => {
    forecaster.write(state.seed, home, firstSlot, slots, load, pv);
    for (let t = 0; t < slots; t++) {
      loadKw[t * homes + home] = load[t];
      pvKw[t * homes + home] = pv[t];
    }
  });
}

/** What is to come in `slots` of community `c`, as it is known afterwards. */
export function hindsight(world: World, c: number, slots: number): Outlook {
  const { homes, loads, state } = world;
  const firstSlot = state.firstSlot[c] + state.step;
  return outlookOf(world, c, slots, (home, loadKw, pvKw) => {
    for (let t = 0; t < slots; t++) {
      loadKw[t * homes + home] = loads.loadKw[(firstSlot + t) * homes + home];
      pvKw[t * homes + home] = loads.pvKw[(firstSlot + t) * homes + home];
    }
  });
}

function outlookOf(
  { homes, stores, state }: World,
  c: number,
  slots: number,
  write: (home: number, loadKw: Float64Array, pvKw: Float64Array) => void,
): Outlook {
  const loadKw = new Float64Array(slots * homes), pvKw = new Float64Array(slots * homes);
  for (let home = 0; home < homes; home++) write(home, loadKw, pvKw);
  const ofStores = (values: Float64Array) =>
    values.slice(c * stores.length, (c + 1) * stores.length);
  return {
    firstSlot: state.firstSlot[c] + state.step,
    slots,
    loadKw,
    pvKw,
    energyKwh: ofStores(state.energyKwh),
    capacityKwh: ofStores(state.capacityKwh),
    initialEnergyKwh: ofStores(state.initialEnergyKwh),
    episodeFirstSlot: state.firstSlot[c],
    peakKw: state.peakKw[c],
    lastNetKw: state.step === 0 ? null : state.lastNetKw[c],
  };
}
