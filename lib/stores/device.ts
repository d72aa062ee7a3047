/**
 * A device of a home as a {@link ./store.ts}.
 *
 * @module
 */

import { exp, expm1 } from "../arithmetic.ts";
import { type Device, deviceColumns } from "../data/device.ts";
import { type HomeDevice, isBySlot } from "../data/devices/home_device.ts";
import type { TimeGrid } from "../units.ts";
import { applianceBySlot } from "./appliance.ts";
import { carBySlot } from "./car.ts";
import { heatPumpBySlot } from "./heat_pump.ts";
import type { Store } from "./store.ts";

/** A device slot by slot, whatever its kind. */
export function bySlot(device: HomeDevice, grid: TimeGrid): Device {
  if (isBySlot(device)) return device;
  switch (device.kind) {
    case "car":
      return carBySlot(device, grid);
    case "heat-pump":
      return heatPumpBySlot(device, grid);
    case "appliance":
      return applianceBySlot(device, grid);
  }
}

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
  const inAll = (values: Float64Array) =>
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
    chargeKw: inAll(device.chargeKw),
    dischargeKw: inAll(device.dischargeKw),
    chargeEfficiency: inAll(device.chargeEfficiency),
    leastKwh: inAll(device.leastKwh),
    floorKwh: inAll(device.floorKwh),
    mostKwh: inAll(device.mostKwh),
    drainKwh: inAll(device.drainKwh),
    knownSlots: inAll(knownSlots ?? Float64Array.of(slots === 1 ? Infinity : 1)),
    leavingChance: device.leavingChance ?? null,
    efficiencyByPower: null,
    powerShareBySoc: null,
    capacityLossCoefficient: 0,
  };
}
