/**
 * Everything beside a battery that can move energy in time: what a home's list of devices holds.
 *
 * @module
 */

import { quoted, shown } from "../../text/shown.ts";
import type { TimeGrid } from "../../units.ts";
import type { Prosumer } from "../community.ts";
import { type Device, validateDevice } from "../device.ts";
import { type Appliance, validateAppliance } from "./appliance.ts";
import { type Car, validateCar } from "./car.ts";
import type { DevicePlace } from "./check.ts";
import { type HeatPump, validateHeatPump } from "./heat_pump.ts";

/** A device of a kind that files know. */
export type KindDevice = Car | HeatPump | Appliance;

/** A device of a home: of a kind, or one that is described slot by slot. */
export type HomeDevice = KindDevice | Device;

/** Kinds of devices that files know. */
export const deviceKinds = ["car", "heat-pump", "appliance"] as const;

/** Whether a device is described slot by slot. */
export function isBySlot(device: HomeDevice): device is Device {
  return "drainKwh" in device;
}

/** Says where a device's fields stand, for messages; nothing for the words of the checks themselves. */
export type DevicePlaces = (prosumer: Prosumer, device: HomeDevice) => DevicePlace | undefined;

/**
 * Checks that the devices of a home are possible and their names unique.
 *
 * @throws {RangeError} Naming field, value and place.
 */
export function validateDevices(
  prosumer: Prosumer,
  grid: TimeGrid,
  places: DevicePlaces = () => undefined,
): void {
  const { id, devices = [] } = prosumer;
  const names = new Set<string>();
  for (const device of devices) {
    validateOne(device, grid, id, places(prosumer, device));
    if (isBySlot(device)) continue;
    if (names.has(device.name)) {
      throw new RangeError(
        `name must be unique among the devices of a home, got ${quoted(device.name)} twice ` +
          `(prosumer ${shown(id)})`,
      );
    }
    names.add(device.name);
  }
}

function validateOne(
  device: HomeDevice,
  grid: TimeGrid,
  id: string,
  place: DevicePlace | undefined,
): void {
  if (isBySlot(device)) return validateDevice(device, grid.slots, id);
  switch (device.kind) {
    case "car":
      return validateCar(device, grid, id, place);
    case "heat-pump":
      return validateHeatPump(device, grid, id, place);
    case "appliance":
      return validateAppliance(device, grid, id, place);
    default: {
      const { kind } = device as { readonly kind?: unknown };
      throw new RangeError(
        `kind must be ${deviceKinds.join(", ")}, or the device be described slot by slot, got ` +
          `${quoted(String(kind))} (prosumer ${shown(id)})`,
      );
    }
  }
}
