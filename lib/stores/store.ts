/**
 * A store: everything that can move energy in time, seen from its AC side.
 *
 * Over a slot t of length Δ with constant AC power b (charging > 0) the stored energy goes from E to
 *
 *     E' = r·E + h·(ηc[t]·b⁺ − b⁻/ηd) − drain[t] + u,     least[t] ≤ E' ≤ most[t],
 *     r = e^(−σΔ),  h = (1 − r)/σ  (h = Δ where σ = 0),   −discharge[t] ≤ b ≤ charge[t],
 *
 * the exact solution of self-discharge at rate σ, so that two half slots equal one whole slot. The
 * drain is what the store's purpose takes in the slot: h/Δ of a steady withdrawal (heat), or a whole
 * event at the slot's end (a trip). u ≥ 0 is the energy that then still lacks, supplied from outside
 * at the store's unmet price; a store without an unmet price is never supplied.
 *
 * Which power is possible follows from `floor[t]`, the least energy from which what is *known* can
 * still be met, and from `most[t]`. The limits are exact: power within them never leaves the bounds,
 * so that nothing clips later. Below its floor a store may only lose energy by itself.
 *
 * Optional curves are of the form that CityLearn 2.4 uses (`energy_model.py`): round-trip efficiency
 * by share of rated power, of which each direction takes the square root; available power by state of
 * charge; and a capacity C that fades by κ·C₀·|bΔ| / (2C) per slot, with which the bounds shrink.
 *
 * @module
 */

import type { Curve } from "../data/community.ts";
import { interpolate } from "./curve.ts";

/** Share of the capacity within which a bound counts as reached. */
const ROUNDING = 1e-14;

/** A column by slot: `values[t × stride]`, hence one number where the stride is 0. */
export type SlotColumn = Float64Array;

/** A store, prepared for the slots of a data set. */
export interface Store {
  /** What it is, such as `battery`. */
  readonly kind: string;
  /** Names it within its home. */
  readonly name: string;
  /** Index of the home that it belongs to. */
  readonly owner: number;
  /** Δ. [h] */
  readonly dtHours: number;
  /** Share of stored energy left after a slot of self-discharge, r. */
  readonly retention: number;
  /** Effective hours of a slot's power, h. [h] */
  readonly effectiveHours: number;
  /** Share of drawn energy that comes out, ηd. */
  readonly dischargeEfficiency: number;
  /** Rated charging power, the largest of all slots. [kW] */
  readonly ratedChargeKw: number;
  /** Rated discharging power, the largest of all slots. [kW] */
  readonly ratedDischargeKw: number;
  /** Capacity when new. [kWh] */
  readonly nominalKwh: number;
  /** What it holds when an episode begins; absent for the share of least to most that all begin with. [kWh] */
  readonly initialKwh?: number;
  /** Price of energy that is supplied from outside; `null` where nothing is. [currency/kWh] */
  readonly unmetPricePerKwh: number | null;
  /** 1 if the columns have a value per slot, 0 if one value holds in all slots. */
  readonly stride: 0 | 1;
  /** Largest charging power. [kW] */
  readonly chargeKw: SlotColumn;
  /** Largest discharging power, as a magnitude. [kW] */
  readonly dischargeKw: SlotColumn;
  /** Stored per kWh charged, ηc; a heat pump's coefficient of performance. */
  readonly chargeEfficiency: SlotColumn;
  /** Least energy at the end of the slot. [kWh] */
  readonly leastKwh: SlotColumn;
  /** Least energy at the end of the slot from which what is known can be met, ≥ least. [kWh] */
  readonly floorKwh: SlotColumn;
  /** Most energy at the end of the slot. [kWh] */
  readonly mostKwh: SlotColumn;
  /** What the slot takes out of the store. [kWh] */
  readonly drainKwh: SlotColumn;
  /**
   * Slots from this one on whose columns are known in it, this one included, as up to a departure
   * that was announced; what comes later can only be guessed.
   */
  readonly knownSlots: SlotColumn;
  /**
   * By slot, the chance that it leaves in it, given that it is there when the slot begins; `null`
   * where departures are announced.
   */
  readonly leavingChance: Float64Array | null;
  /** Round-trip efficiency by |power| ÷ rated power; replaces both efficiencies. */
  readonly efficiencyByPower: Curve | null;
  /** Available share of the power by state of charge at the start of the slot. */
  readonly powerShareBySoc: Curve | null;
  /** Fraction of the capacity lost per full cycle. */
  readonly capacityLossCoefficient: number;
}

/** Whether a store is linear: efficiencies and power do not depend on its state, nothing fades. */
export function isLinear(store: Store): boolean {
  return store.efficiencyByPower === null && store.powerShareBySoc === null &&
    store.capacityLossCoefficient === 0;
}

/** Stored energy after slot `t` at constant AC power, before anything is supplied from outside. [kWh] */
export function energyAfterKwh(
  store: Store,
  t: number,
  energyKwh: number,
  powerKw: number,
): number {
  return store.retention * energyKwh + store.effectiveHours * storedKw(store, t, powerKw) -
    store.drainKwh[t * store.stride];
}

/** What is supplied from outside if slot `t` ends with `energyKwh` otherwise, u. [kWh] */
export function unmetKwh(store: Store, t: number, energyKwh: number, capacityKwh: number): number {
  if (store.unmetPricePerKwh === null) return 0;
  return Math.max(0, boundKwh(store, store.leastKwh[t * store.stride], capacityKwh) - energyKwh);
}

/** Capacity after a slot at constant AC power. [kWh] */
export function capacityAfterKwh(store: Store, capacityKwh: number, powerKw: number): number {
  const throughputKwh = Math.abs(powerKw) * store.dtHours;
  if (store.capacityLossCoefficient === 0 || throughputKwh === 0) return capacityKwh;
  const lossKwh = (store.capacityLossCoefficient * store.nominalKwh * throughputKwh) /
    (2 * capacityKwh);
  return Math.max(0, capacityKwh - lossKwh);
}

/** Largest AC power at which slot `t` ends with at most what fits. [kW] */
export function chargeLimitKw(
  store: Store,
  t: number,
  energyKwh: number,
  capacityKwh: number,
): number {
  return limitKw(store, t, energyKwh, capacityKwh, 1);
}

/** Largest AC power, as a magnitude, at which slot `t` does not end below the floor. [kW] */
export function dischargeLimitKw(
  store: Store,
  t: number,
  energyKwh: number,
  capacityKwh: number,
): number {
  return limitKw(store, t, energyKwh, capacityKwh, -1);
}

/**
 * Least AC power with which slot `t` reaches the floor, as far as the store can charge: what must be
 * charged. 0 where the store is never supplied from outside, for then nothing is missed. [kW]
 */
export function requiredChargeKw(
  store: Store,
  t: number,
  energyKwh: number,
  capacityKwh: number,
  mostChargeKw: number,
): number {
  if (store.unmetPricePerKwh === null) return 0;
  const floorKwh = boundKwh(store, store.floorKwh[t * store.stride], capacityKwh);
  const lackingKwh = floorKwh - energyAfterKwh(store, t, energyKwh, 0);
  if (!(lackingKwh > 0)) return 0;
  const perKw = store.effectiveHours * store.chargeEfficiency[t * store.stride];
  return perKw > 0 ? Math.min(mostChargeKw, lackingKwh / perKw) : 0;
}

/** One-way efficiency of charging (power > 0) or discharging at an AC power in slot `t`. */
export function efficiencyAt(store: Store, t: number, powerKw: number): number {
  const curve = store.efficiencyByPower;
  const charging = powerKw > 0;
  if (curve === null) {
    return charging ? store.chargeEfficiency[t * store.stride] : store.dischargeEfficiency;
  }
  const ratedKw = charging ? store.ratedChargeKw : store.ratedDischargeKw;
  return Math.sqrt(interpolate(curve, ratedKw === 0 ? 0 : Math.abs(powerKw) / ratedKw));
}

/** A bound on the energy, which shrinks with the capacity. [kWh] */
export function boundKwh(store: Store, kwh: number, capacityKwh: number): number {
  return capacityKwh === store.nominalKwh ? kwh : kwh * (capacityKwh / store.nominalKwh);
}

/** Rate at which AC power changes the stored energy, self-discharge aside. [kW] */
function storedKw(store: Store, t: number, powerKw: number): number {
  const efficiency = efficiencyAt(store, t, powerKw);
  return powerKw > 0 ? powerKw * efficiency : powerKw / efficiency;
}

/**
 * Largest power in one direction (1 charges, −1 discharges) that stays within its bound, found by
 * false position: where the efficiency is constant, that is the first guess.
 */
function limitKw(
  store: Store,
  t: number,
  energyKwh: number,
  capacityKwh: number,
  direction: 1 | -1,
): number {
  // Of a store that has faded away nothing is left to charge.
  if (capacityKwh <= 0) return 0;
  const at = t * store.stride;
  const bound = direction > 0 ? store.mostKwh[at] : store.floorKwh[at];
  const availableKw = direction > 0 ? store.chargeKw[at] : store.dischargeKw[at];
  const mostKw = availableKw * powerShare(store, energyKwh, capacityKwh);
  if (!(mostKw > 0)) return 0;
  let inside = 0, outside = mostKw, power = mostKw;
  let roomKwh = direction *
    (boundKwh(store, bound, capacityKwh) - energyAfterKwh(store, t, energyKwh, 0));
  let excessKwh = 0;
  let wasBeyond = false;
  for (;;) {
    const beyond = beyondKwh(store, t, energyKwh, capacityKwh, direction, bound, power);
    if (beyond <= 0 && (power === mostKw || beyond > -ROUNDING * capacityKwh)) return power;
    if (roomKwh <= 0) return 0;
    // Illinois: the end that stays for a second time counts half.
    if (beyond > 0) {
      outside = power;
      excessKwh = beyond;
      if (wasBeyond) roomKwh /= 2;
    } else {
      inside = power;
      roomKwh = -beyond;
      if (!wasBeyond) excessKwh /= 2;
    }
    wasBeyond = beyond > 0;
    power = inside + (outside - inside) * (roomKwh / (roomKwh + excessKwh));
    if (!(power > inside)) return inside;
  }
}

/** By how much slot `t` at `powerKw` in one direction ends beyond its bound on the energy. [kWh] */
function beyondKwh(
  store: Store,
  t: number,
  energyKwh: number,
  capacityKwh: number,
  direction: 1 | -1,
  bound: number,
  powerKw: number,
): number {
  const endKwh = energyAfterKwh(store, t, energyKwh, direction * powerKw);
  const capacityThen = capacityAfterKwh(store, capacityKwh, powerKw);
  return direction * (endKwh - boundKwh(store, bound, capacityThen));
}

function powerShare(store: Store, energyKwh: number, capacityKwh: number): number {
  const curve = store.powerShareBySoc;
  return curve === null ? 1 : interpolate(curve, energyKwh / capacityKwh);
}
