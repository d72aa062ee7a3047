/**
 * Batteries of several homes as one: those of a community are what homes are told of each other, and
 * what policies reckon with that decide for each home by itself on published numbers. Columns by slot
 * are read at the present slot alone, for what they hold later is not known. What waits for energy, a
 * car or a heat pump, is not among them.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import { boundKwh } from "../stores/store.ts";
import { waits } from "./charging_rules.ts";

/** One store in the place of all. */
export interface AggregateStore {
  /** Room between the least and the most energy. [kWh] */
  readonly roomKwh: number;
  /** Energy above the least. [kWh] */
  readonly aboveLeastKwh: number;
  /** The same at the start of the episode, against which a shortfall counts at its end. [kWh] */
  readonly initialAboveLeastKwh: number;
  /** Largest charging at the meter in a slot. [kWh] */
  readonly chargeKwh: number;
  /** Largest discharging at the meter in a slot. [kWh] */
  readonly dischargeKwh: number;
  /** Energy stored per kWh charged, mean over charging power. */
  readonly storedPerKwh: number;
  /** Energy drawn per kWh discharged, mean over discharging power. */
  readonly drawnPerKwh: number;
  /** Share of stored energy left after a slot, mean over capacity. */
  readonly retention: number;
}

/** Least and most energy that store `s` of community `c` may hold now. [kWh] */
export function energyBounds({ stores, state }: World, c: number, s: number, slot: number) {
  const store = stores[s], at = slot * store.stride;
  const capacityKwh = state.capacityKwh[c * stores.length + s];
  return {
    leastKwh: boundKwh(store, store.leastKwh[at], capacityKwh),
    mostKwh: boundKwh(store, store.mostKwh[at], capacityKwh),
  };
}

/**
 * Stores of community `c` in its present slot, as one.
 *
 * @param from First of them; those of a home lie side by side.
 * @param to The one behind the last; all stores of the community if both are left out.
 */
export function aggregateStore(
  world: World,
  c: number,
  from: number = 0,
  to: number = world.stores.length,
): AggregateStore {
  const { stores, state } = world;
  const slot = state.firstSlot[c] + state.step;
  let room = 0, above = 0, initial = 0, charge = 0, discharge = 0, stored = 0, drawn = 0, kept = 0;
  for (let s = from; s < to; s++) {
    const store = stores[s], at = slot * store.stride;
    if (waits(store)) continue;
    const { leastKwh, mostKwh } = energyBounds(world, c, s, slot);
    const ownRoom = Math.max(0, mostKwh - leastKwh);
    room += ownRoom;
    const k = c * stores.length + s;
    const aboveLeast = (kwh: number) => Math.min(ownRoom, Math.max(0, kwh - leastKwh));
    above += aboveLeast(state.energyKwh[k]);
    initial += aboveLeast(state.initialEnergyKwh[k]);
    kept += ownRoom * store.retention;
    const chargeKwh = store.chargeKw[at] * store.dtHours;
    const dischargeKwh = store.dischargeKw[at] * store.dtHours;
    charge += chargeKwh;
    discharge += dischargeKwh;
    stored += chargeKwh * store.chargeEfficiency[at] * store.effectiveHours / store.dtHours;
    drawn += dischargeKwh * store.effectiveHours / (store.dtHours * store.dischargeEfficiency);
  }
  return {
    roomKwh: room,
    aboveLeastKwh: above,
    initialAboveLeastKwh: initial,
    chargeKwh: charge,
    dischargeKwh: discharge,
    storedPerKwh: charge > 0 ? stored / charge : 1,
    drawnPerKwh: discharge > 0 ? drawn / discharge : 1,
    retention: room > 0 ? kept / room : 1,
  };
}
