/**
 * A store as a linear program sees it: the store itself where it is linear, and otherwise a better
 * one, so that an optimum over it stays a bound.
 *
 * | feature | taken as |
 * | --- | --- |
 * | efficiency by power | the best efficiency of the curve at every power; energy may be thrown away |
 * | power by state of charge | the largest share of the curve at every state of charge |
 * | capacity fade | none for the upper bound; for the lower, as much as full power would cause |
 * | reserve with self-discharge | discharging may reach what idling could, see {@linkcode energyRange} |
 *
 * @module
 */

import type { Curve } from "../data/community.ts";
import { boundKwh, capacityAfterKwh, isLinear, type Store } from "../stores/store.ts";

/** A store whose stored energy is linear in what it charges and discharges. */
export interface LinearStore {
  /** What it stands for. */
  readonly store: Store;
  /** Largest share of its power that a state of charge allows. */
  readonly powerShare: number;
  /** Best one-way efficiency of its curve; `null` where it has none. */
  readonly bestEfficiency: number | null;
  /** Whether it is better than the store it stands for, and may throw energy away. */
  readonly relaxed: boolean;
}

/** The store, or the linear one that is better. */
export function linearStore(store: Store): LinearStore {
  const { efficiencyByPower, powerShareBySoc } = store;
  return {
    store,
    powerShare: powerShareBySoc === null ? 1 : highest(powerShareBySoc),
    bestEfficiency: efficiencyByPower === null ? null : Math.sqrt(highest(efficiencyByPower)),
    relaxed: !isLinear(store),
  };
}

/** Largest charging and discharging power of slot `t`. [kW] */
export function powerBounds({ store, powerShare }: LinearStore, t: number) {
  const at = t * store.stride;
  return {
    chargeKw: store.chargeKw[at] * powerShare,
    dischargeKw: store.dischargeKw[at] * powerShare,
  };
}

/** What a kW for slot `t` puts into the store and takes out of it. [kWh/kW] */
export function energyPerKw({ store, bestEfficiency }: LinearStore, t: number) {
  return {
    stored: store.effectiveHours * (bestEfficiency ?? store.chargeEfficiency[t * store.stride]),
    drawn: store.effectiveHours / (bestEfficiency ?? store.dischargeEfficiency),
  };
}

/** Between which energies a store can be at the end of each slot. `[slots]` [kWh] */
export interface EnergyRange {
  /** The least that it can hold. */
  readonly idleKwh: Float64Array;
  /** The least that discharging may leave. */
  readonly reserveKwh: Float64Array;
  /** The most that it can hold. */
  readonly mostKwh: Float64Array;
  /** The most that can be supplied from outside. */
  readonly unmetKwh: Float64Array;
}

/**
 * Between which energies a store can be at the end of each slot.
 *
 * A store that nobody supplies from outside may lose energy below its reserve by itself, so that its
 * energy is never below the smaller of the reserve and what idling leaves of it. One that holds more
 * than it may cannot charge, and keeps what idling leaves. Supplied is what lacks, and no more.
 *
 * @param energyKwh Stored energy at the start.
 * @param capacityKwh Capacity at the start.
 * @param slotAt Slot whose columns hold in slot `t` of them.
 */
export function energyRange(
  linear: LinearStore,
  energyKwh: number,
  capacityKwh: number,
  slotAt: (t: number) => number,
  slots: number,
): EnergyRange {
  const { store } = linear;
  const idleKwh = new Float64Array(slots), reserveKwh = new Float64Array(slots);
  const mostKwh = new Float64Array(slots), unmetKwh = new Float64Array(slots);
  const newKwh = capacityKwh;
  let floor = energyKwh, ceiling = energyKwh;
  for (let t = 0; t < slots; t++) {
    const { chargeKw, dischargeKw } = powerBounds(linear, slotAt(t));
    capacityKwh = capacityAfterKwh(store, capacityKwh, Math.max(chargeKw, dischargeKw));
    const at = slotAt(t) * store.stride;
    reserveKwh[t] = boundKwh(store, store.leastKwh[at], capacityKwh);
    const idle = store.retention * floor - store.drainKwh[at];
    unmetKwh[t] = Math.max(0, boundKwh(store, store.leastKwh[at], newKwh) - idle);
    floor = idleKwh[t] = store.unmetPricePerKwh === null
      ? Math.min(reserveKwh[t], idle)
      : reserveKwh[t];
    const held = store.retention * ceiling - store.drainKwh[at];
    ceiling = mostKwh[t] = Math.max(boundKwh(store, store.mostKwh[at], newKwh), held, floor);
  }
  return { idleKwh, reserveKwh, mostKwh, unmetKwh };
}

/** Whether self-discharge can take a store where discharging cannot. */
export function decaysBelowReserve({ store }: LinearStore): boolean {
  return store.unmetPricePerKwh === null && store.retention < 1 &&
    store.leastKwh.some((least) => least > 0);
}

function highest(curve: Curve): number {
  return Math.max(...curve.map(([, y]) => y));
}
