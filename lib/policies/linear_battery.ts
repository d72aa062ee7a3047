/**
 * A battery as a linear program sees it: the battery itself where it is linear, and otherwise a
 * better one, so that an optimum over it stays a bound.
 *
 * | feature | taken as |
 * | --- | --- |
 * | efficiency by power | the best efficiency of the curve at every power; energy may be thrown away |
 * | power by state of charge | the largest share of the curve at every state of charge |
 * | capacity fade | none for the upper bound; for the reserve, as much as full power would cause |
 * | reserve with self-discharge | discharging may reach what idling could, see {@linkcode storageFloors} |
 *
 * @module
 */

import type { Curve } from "../data/community.ts";
import { nextCapacityKwh, type SlotBattery } from "../physics/battery.ts";

/** A battery whose stored energy is linear in what it charges and discharges. */
export interface LinearBattery {
  /** Whose it is: index of the prosumer. */
  readonly prosumer: number;
  /** What it stands for. */
  readonly battery: SlotBattery;
  /** Largest charging power. [kW] */
  readonly maxChargeKw: number;
  /** Largest discharging power, as a magnitude. [kW] */
  readonly maxDischargeKw: number;
  /** Stored per kW charged for a slot. [kWh/kW] */
  readonly storedPerKw: number;
  /** Drawn per kW discharged for a slot. [kWh/kW] */
  readonly drawnPerKw: number;
  /** Whether it is better than the battery it stands for, and may throw energy away. */
  readonly relaxed: boolean;
}

/** The linear batteries of a community, in the order of its prosumers. */
export function linearBatteries(batteries: readonly (SlotBattery | null)[]): LinearBattery[] {
  return batteries.flatMap((battery, prosumer) =>
    battery === null ? [] : [linearBattery(battery, prosumer)]
  );
}

function linearBattery(battery: SlotBattery, prosumer: number): LinearBattery {
  const { roundTripEfficiencyByPower: efficiencies, powerShareBySoc: shares } = battery;
  const best = efficiencies === undefined ? null : Math.sqrt(highest(efficiencies));
  const share = shares === undefined ? 1 : highest(shares);
  return {
    prosumer,
    battery,
    maxChargeKw: battery.maxChargeKw * share,
    maxDischargeKw: battery.maxDischargeKw * share,
    storedPerKw: battery.effectiveHours * (best ?? battery.chargeEfficiency),
    drawnPerKw: battery.effectiveHours / (best ?? battery.dischargeEfficiency),
    relaxed: efficiencies !== undefined || shares !== undefined ||
      (battery.capacityLossCoefficient ?? 0) > 0,
  };
}

/**
 * Least energy that a battery can hold at the end of each slot, and the least that discharging may
 * leave. [kWh]
 *
 * Below its reserve, socMin·C, a battery loses energy only by self-discharge, so that its energy
 * is never below the smaller of the reserve and what idling leaves of it.
 *
 * @param energyKwh Stored energy at the start.
 * @param capacityKwh Capacity at the start.
 */
export function storageFloors(
  { battery, maxChargeKw, maxDischargeKw }: LinearBattery,
  energyKwh: number,
  capacityKwh: number,
  slots: number,
): { readonly idleKwh: Float64Array; readonly reserveKwh: Float64Array } {
  const idleKwh = new Float64Array(slots), reserveKwh = new Float64Array(slots);
  const mostKw = Math.max(maxChargeKw, maxDischargeKw);
  let floor = energyKwh;
  for (let t = 0; t < slots; t++) {
    capacityKwh = nextCapacityKwh(battery, capacityKwh, mostKw);
    reserveKwh[t] = battery.socMin * capacityKwh;
    floor = idleKwh[t] = Math.min(reserveKwh[t], battery.retention * floor);
  }
  return { idleKwh, reserveKwh };
}

function highest(curve: Curve): number {
  return Math.max(...curve.map(([, y]) => y));
}
