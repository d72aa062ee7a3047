/**
 * What is known, or thought to be, when a plan is made.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import { foreseenSlot } from "../stores/foresight.ts";

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
  /** Highest net import of the episode, or of the month where it is charged, so far. [kW] */
  readonly peakKw: number;
  /**
   * Slots whose columns stand for the planned ones, of each store; `null` where they stand for
   * themselves. `[stores]`
   */
  readonly columnSlots: readonly (Int32Array | null)[];
  /** Highest import of each home in the month so far. `[homes]` [kW] */
  readonly homePeakKw: Float64Array;
  /** Net import of the slot before; `null` at the start of an episode. [kW] */
  readonly lastNetKw: number | null;
}

/** Slot whose columns stand for slot `t` of an outlook, for store `s`. */
export function columnSlot({ firstSlot, columnSlots }: Outlook, s: number, t: number): number {
  return columnSlots[s]?.[t] ?? firstSlot + t;
}

/**
 * What is to come in `slots` of community `c` as agents are told: {@link ../data/forecasts/} of loads and
 * sun, {@link ../stores/foresight.ts} of stores. Where forecasts do not err, both are the truth.
 */
export function forecastOutlook(world: World, c: number, slots: number): Outlook {
  const { forecaster, homes, state, stores, config } = world;
  const firstSlot = state.firstSlot[c] + state.step;
  const load = new Float64Array(slots), pv = new Float64Array(slots);
  const columnSlots = stores.map((store) => {
    if (store.stride === 0 || config.forecast.error === 0) return null;
    const foreseen = new Int32Array(slots);
    for (let t = 0; t < slots; t++) foreseen[t] = foreseenSlot(store, firstSlot, firstSlot + t);
    return foreseen;
  });
  return outlookOf(world, c, slots, columnSlots, (home, loadKw, pvKw) => {
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
  return outlookOf(world, c, slots, world.stores.map(() => null), (home, loadKw, pvKw) => {
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
  columnSlots: Outlook["columnSlots"],
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
    columnSlots,
    peakKw: state.peakKw[c],
    homePeakKw: state.homePeakKw.slice(c * homes, (c + 1) * homes),
    lastNetKw: state.step === 0 ? null : state.lastNetKw[c],
  };
}
