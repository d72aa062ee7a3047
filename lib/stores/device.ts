/**
 * A device that is described slot by slot, as a {@link ./store.ts}.
 *
 * @module
 */

import { exp, expm1 } from "../arithmetic.ts";
import { type Device, deviceColumns } from "../data/device.ts";
import type { Store } from "./store.ts";

/**
 * Prepares a device for slots of `dtHours`.
 *
 * @param owner Index of the home that it belongs to.
 */
export function deviceStore(device: Device, dtHours: number, owner: number): Store {
  const { kind, name, capacityKwh, dischargeEfficiency, unmetPricePerKwh } = device;
  const decay = device.selfDischargePerHour * dtHours;
  const { knownSlots = null } = device;
  const slots = Math.max(
    knownSlots?.length ?? 1,
    ...deviceColumns.map((column) => device[column].length),
  );
  const bySlot = (values: Float64Array) =>
    values.length === slots ? values : new Float64Array(slots).fill(values[0]);
  const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
  return {
    kind,
    name,
    owner,
    dtHours,
    retention: exp(-decay),
    effectiveHours: (decay === 0 ? 1 : -expm1(-decay) / decay) * dtHours,
    dischargeEfficiency,
    ratedChargeKw: largest(device.chargeKw),
    ratedDischargeKw: largest(device.dischargeKw),
    nominalKwh: capacityKwh,
    unmetPricePerKwh,
    stride: slots === 1 ? 0 : 1,
    chargeKw: bySlot(device.chargeKw),
    dischargeKw: bySlot(device.dischargeKw),
    chargeEfficiency: bySlot(device.chargeEfficiency),
    leastKwh: bySlot(device.leastKwh),
    floorKwh: bySlot(device.floorKwh),
    mostKwh: bySlot(device.mostKwh),
    drainKwh: bySlot(device.drainKwh),
    knownSlots: bySlot(knownSlots ?? Float64Array.of(slots === 1 ? Infinity : 1)),
    efficiencyByPower: null,
    powerShareBySoc: null,
    capacityLossCoefficient: 0,
  };
}
