/** Devices made up by slot columns, so that homes have several stores. */

import type { Device } from "../../lib/data/device.ts";
import type { Dataset } from "../../lib/data/profiles.ts";

/** A device of 5 kWh and 2 kW without losses, changed. */
export function made(change: Partial<Device> = {}): Device {
  const capacityKwh = change.capacityKwh ?? 5;
  return {
    kind: "made",
    name: "made",
    capacityKwh,
    selfDischargePerHour: 0,
    dischargeEfficiency: 1,
    unmetPricePerKwh: null,
    chargeKw: Float64Array.of(2),
    dischargeKw: Float64Array.of(0),
    chargeEfficiency: Float64Array.of(1),
    leastKwh: Float64Array.of(0),
    floorKwh: Float64Array.of(0),
    mostKwh: Float64Array.of(capacityKwh),
    drainKwh: Float64Array.of(0),
    ...change,
  };
}

/** A data set whose homes have these devices beside what they have. */
export function withDevices(dataset: Dataset, devices: readonly (readonly Device[])[]): Dataset {
  const prosumers = dataset.community.prosumers.map((prosumer, i) => (
    { ...prosumer, devices: devices[i] }
  ));
  return { ...dataset, community: { ...dataset.community, prosumers } };
}
