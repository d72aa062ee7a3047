/**
 * A battery, seen from its AC side.
 *
 * Stored energy E obeys dE/dt = −σE + ηc·b⁺ − b⁻/ηd, with AC power b (charging > 0) and
 * self-discharge rate σ. Over a slot Δ of constant power this integrates to
 *
 *     E' = r·E + h·(ηc·b⁺ − b⁻/ηd),   r = e^(−σΔ),   h = (1 − r)/σ   (h = Δ where σ = 0),
 *
 * so that two half steps equal one whole step. (The first-order form E' = (1 − σΔ)E + … does not
 * have this property unless σ = 0.)
 *
 * Optional curves are of the form that CityLearn 2.4 uses (`energy_model.py`): round-trip
 * efficiency by share of rated power, of which each direction takes the square root; available power
 * by state of charge; and a capacity C that fades by κ·C₀·|bΔ| / (2C) per slot.
 *
 * Self-discharge goes on below socMin, which bounds what discharging may take.
 *
 * The limits are exact: power within them never leaves [socMin, socMax]·C, so nothing clips later.
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
import { interpolate } from "./curve.ts";

/** Share of the capacity within which a bound counts as reached. */
const ROUNDING = 1e-14;

/** A battery with the constants of its slot length. */
export interface SlotBattery extends Battery {
  /** Δ. [h] */
  readonly dtHours: number;
  /** Share of stored energy left after a slot of self-discharge, r. */
  readonly retention: number;
  /** Effective hours of a slot's power, h. [h] */
  readonly effectiveHours: number;
}

/** Prepares a battery for slots of `dtHours`. */
export function slotBattery(battery: Battery, dtHours: number): SlotBattery {
  const decay = battery.selfDischargePerHour * dtHours;
  const share = decay === 0 ? 1 : -Math.expm1(-decay) / decay;
  return { ...battery, dtHours, retention: Math.exp(-decay), effectiveHours: share * dtHours };
}

/** Whether a battery's efficiencies, power and capacity are the same in every slot. */
export function isConstant(battery: Battery): boolean {
  return battery.roundTripEfficiencyByPower === undefined &&
    battery.powerShareBySoc === undefined && (battery.capacityLossCoefficient ?? 0) === 0;
}

/**
 * Stored energy after a slot at constant AC power. [kWh]
 *
 * @example
 * ```ts
 * import { nextEnergyKwh, slotBattery } from "./battery.ts";
 * const battery = slotBattery({
 *   capacityKwh: 10,
 *   maxChargeKw: 5,
 *   maxDischargeKw: 5,
 *   chargeEfficiency: 0.9,
 *   dischargeEfficiency: 0.9,
 *   selfDischargePerHour: 0,
 *   socMin: 0,
 *   socMax: 1,
 * }, 0.5);
 * if (nextEnergyKwh(battery, 2, 4) !== 3.8) throw new Error("4 kW for half an hour stores 1.8 kWh");
 * ```
 */
export function nextEnergyKwh(battery: SlotBattery, energyKwh: number, powerKw: number): number {
  return battery.retention * energyKwh + battery.effectiveHours * storedKw(battery, powerKw);
}

/** Largest AC power at which the battery ends the slot at most full. [kW] */
export function chargeLimitKw(
  battery: SlotBattery,
  energyKwh: number,
  capacityKwh: number,
): number {
  return limitKw(battery, energyKwh, capacityKwh, 1);
}

/** Largest AC power, as a magnitude, at which the battery ends the slot at least empty. [kW] */
export function dischargeLimitKw(
  battery: SlotBattery,
  energyKwh: number,
  capacityKwh: number,
): number {
  return limitKw(battery, energyKwh, capacityKwh, -1);
}

/** Capacity after a slot at constant AC power. [kWh] */
export function nextCapacityKwh(
  battery: SlotBattery,
  capacityKwh: number,
  powerKw: number,
): number {
  const coefficient = battery.capacityLossCoefficient ?? 0;
  const throughputKwh = Math.abs(powerKw) * battery.dtHours;
  if (coefficient === 0 || throughputKwh === 0) return capacityKwh;
  const lossKwh = (coefficient * battery.capacityKwh * throughputKwh) / (2 * capacityKwh);
  return Math.max(0, capacityKwh - lossKwh);
}

/** One-way efficiency of charging (power > 0) or discharging at an AC power. */
export function efficiencyAt(battery: Battery, powerKw: number): number {
  const curve = battery.roundTripEfficiencyByPower;
  const charging = powerKw > 0;
  if (curve === undefined) {
    return charging ? battery.chargeEfficiency : battery.dischargeEfficiency;
  }
  const ratedKw = charging ? battery.maxChargeKw : battery.maxDischargeKw;
  return Math.sqrt(interpolate(curve, ratedKw === 0 ? 0 : Math.abs(powerKw) / ratedKw));
}

/** Rate at which AC power changes the stored energy, self-discharge aside. [kW] */
function storedKw(battery: Battery, powerKw: number): number {
  const efficiency = efficiencyAt(battery, powerKw);
  return powerKw > 0 ? powerKw * efficiency : powerKw / efficiency;
}

/**
 * Largest power in one direction (1 charges, −1 discharges) that stays within its bound, found by
 * false position: where the efficiency is constant, that is the first guess.
 */
function limitKw(
  battery: SlotBattery,
  energyKwh: number,
  capacityKwh: number,
  direction: 1 | -1,
): number {
  // Of a battery that has faded away nothing is left to charge.
  if (capacityKwh <= 0) return 0;
  const bound = direction > 0 ? battery.socMax : battery.socMin;
  const ratedKw = direction > 0 ? battery.maxChargeKw : battery.maxDischargeKw;
  const mostKw = ratedKw * powerShare(battery, energyKwh, capacityKwh);
  let inside = 0, outside = mostKw, power = mostKw;
  let roomKwh = direction * (bound * capacityKwh - battery.retention * energyKwh);
  let excessKwh = 0;
  let wasBeyond = false;
  for (;;) {
    const beyond = beyondKwh(battery, energyKwh, capacityKwh, direction, bound, power);
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
    if (power <= inside) return inside;
  }
}

/** By how much a slot at `powerKw` in one direction ends beyond its bound on the state of charge. [kWh] */
function beyondKwh(
  battery: SlotBattery,
  energyKwh: number,
  capacityKwh: number,
  direction: 1 | -1,
  bound: number,
  powerKw: number,
): number {
  const endKwh = nextEnergyKwh(battery, energyKwh, direction * powerKw);
  return direction * (endKwh - bound * nextCapacityKwh(battery, capacityKwh, powerKw));
}

function powerShare(battery: Battery, energyKwh: number, capacityKwh: number): number {
  const curve = battery.powerShareBySoc;
  return curve === undefined ? 1 : interpolate(curve, energyKwh / capacityKwh);
}
