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
 * The limits are exact: power within them never leaves [socMin, socMax]·C, so nothing clips later.
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
import { interpolate } from "./curve.ts";

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
  const rate = battery.selfDischargePerHour;
  const retention = Math.exp(-rate * dtHours);
  const effectiveHours = rate === 0 ? dtHours : -Math.expm1(-rate * dtHours) / rate;
  return { ...battery, dtHours, retention, effectiveHours };
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
  const full = battery.socMax * capacityKwh;
  const rated = battery.maxChargeKw * powerShare(battery, energyKwh, capacityKwh);
  if (nextEnergyKwh(battery, energyKwh, rated) <= full) return rated;
  const room = full - battery.retention * energyKwh;
  if (room <= 0) return 0;
  let power = powerOfStored(battery, room / battery.effectiveHours, rated);
  // The quotient may round up: step back by what it overshoots.
  for (let over = 1; power > 0;) {
    over = nextEnergyKwh(battery, energyKwh, power) - full;
    if (over <= 0) return power;
    power -= over / battery.effectiveHours;
  }
  return 0;
}

/** Largest AC power, as a magnitude, at which the battery ends the slot at least empty. [kW] */
export function dischargeLimitKw(
  battery: SlotBattery,
  energyKwh: number,
  capacityKwh: number,
): number {
  const empty = battery.socMin * capacityKwh;
  const rated = battery.maxDischargeKw * powerShare(battery, energyKwh, capacityKwh);
  if (nextEnergyKwh(battery, energyKwh, -rated) >= empty) return rated;
  const available = battery.retention * energyKwh - empty;
  if (available <= 0) return 0;
  let power = -powerOfStored(battery, -available / battery.effectiveHours, -rated);
  for (let under = 1; power > 0;) {
    under = empty - nextEnergyKwh(battery, energyKwh, -power);
    if (under <= 0) return power;
    power -= under / battery.effectiveHours;
  }
  return 0;
}

/** Capacity after a slot at constant AC power. [kWh] */
export function nextCapacityKwh(
  battery: SlotBattery,
  capacityKwh: number,
  powerKw: number,
): number {
  const coefficient = battery.capacityLossCoefficient ?? 0;
  const throughputKwh = Math.abs(powerKw) * battery.dtHours;
  return capacityKwh - (coefficient * battery.capacityKwh * throughputKwh) / (2 * capacityKwh);
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

/** Inverse of {@linkcode storedKw} between 0 and `limitKw`, never beyond the exact value by more than rounding. [kW] */
function powerOfStored(battery: Battery, rateKw: number, limitKw: number): number {
  if (battery.roundTripEfficiencyByPower === undefined) {
    return rateKw > 0 ? rateKw / battery.chargeEfficiency : rateKw * battery.dischargeEfficiency;
  }
  // Stored power rises with AC power (validated with the curve): halve the bracket to the last bit.
  let inside = 0;
  let outside = limitKw;
  for (let middle = outside / 2; middle !== inside && middle !== outside;) {
    if (Math.abs(storedKw(battery, middle)) <= Math.abs(rateKw)) inside = middle;
    else outside = middle;
    middle = inside + (outside - inside) / 2;
  }
  return inside;
}

function powerShare(battery: Battery, energyKwh: number, capacityKwh: number): number {
  const curve = battery.powerShareBySoc;
  return curve === undefined ? 1 : interpolate(curve, energyKwh / capacityKwh);
}
