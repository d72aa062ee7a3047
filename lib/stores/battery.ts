/**
 * A home battery as a {@link ./store.ts}: nothing is drained, its reserve is the least energy that
 * discharging may leave, and nothing is supplied from outside.
 *
 * @module
 */

import { exp, expm1 } from "../arithmetic.ts";
import type { Battery } from "../data/community.ts";
import type { Store } from "./store.ts";

/**
 * Prepares a battery for slots of `dtHours`.
 *
 * @param owner Index of the home that it belongs to.
 * @param name Names it within its home.
 *
 * @example
 * ```ts
 * import { batteryStore } from "./battery.ts";
 * import { energyAfterKwh } from "./store.ts";
 * const battery = {
 *   capacityKwh: 10,
 *   maxChargeKw: 5,
 *   maxDischargeKw: 5,
 *   chargeEfficiency: 0.9,
 *   dischargeEfficiency: 0.9,
 *   selfDischargePerHour: 0,
 *   socMin: 0,
 *   socMax: 1,
 * };
 * const store = batteryStore(battery, 0.5, 0);
 * if (energyAfterKwh(store, 0, 2, 4) !== 3.8) throw new Error("4 kW for half an hour: 1.8 kWh");
 * ```
 */
export function batteryStore(
  battery: Battery,
  dtHours: number,
  owner: number,
  name: string = "battery",
): Store {
  const { capacityKwh, maxChargeKw, maxDischargeKw, socMin, socMax } = battery;
  const decay = battery.selfDischargePerHour * dtHours;
  const reserveKwh = Float64Array.of(socMin * capacityKwh);
  return {
    kind: "battery",
    name,
    owner,
    dtHours,
    retention: exp(-decay),
    effectiveHours: (decay === 0 ? 1 : -expm1(-decay) / decay) * dtHours,
    dischargeEfficiency: battery.dischargeEfficiency,
    ratedChargeKw: maxChargeKw,
    ratedDischargeKw: maxDischargeKw,
    nominalKwh: capacityKwh,
    ...(battery.initialSoc !== undefined && { initialKwh: battery.initialSoc * capacityKwh }),
    unmetPricePerKwh: null,
    stride: 0,
    chargeKw: Float64Array.of(maxChargeKw),
    dischargeKw: Float64Array.of(maxDischargeKw),
    chargeEfficiency: Float64Array.of(battery.chargeEfficiency),
    leastKwh: reserveKwh,
    floorKwh: reserveKwh,
    mostKwh: Float64Array.of(socMax * capacityKwh),
    drainKwh: new Float64Array(1),
    knownSlots: Float64Array.of(Infinity),
    leavingChance: null,
    efficiencyByPower: battery.roundTripEfficiencyByPower ?? null,
    powerShareBySoc: battery.powerShareBySoc ?? null,
    capacityLossCoefficient: battery.capacityLossCoefficient ?? 0,
  };
}
