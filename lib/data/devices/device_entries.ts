/**
 * Devices in `community.json`: a list by home, each with its `kind` and its parameters. What happens to them
 * stands in tables: sessions of cars in `sessions.csv`, runs of appliances in `runs.csv`, heat demand and
 * COP of heat pumps in the profiles.
 *
 * ```json
 * "devices": [
 *   { "kind": "car", "name": "ev", "capacityKwh": 58, "maxChargeKw": 11, "leastChargeKw": 4.1, … },
 *   { "kind": "heat-pump", "name": "heating", "maxPowerKw": 3, "backupKw": 6, "tankKwh": 9, … },
 *   { "kind": "appliance", "name": "dishwasher", "maxPowerKw": 2, "unmetPricePerKwh": 1 }
 * ]
 * ```
 *
 * @module
 */

import { z } from "zod";
import type { Prosumer } from "../community.ts";
import { quoted, shown } from "../../text/shown.ts";
import type { Appliance } from "./appliance.ts";
import { type Car, departureKinds } from "./car.ts";
import type { HeatPump } from "./heat_pump.ts";
import { type HomeDevice, isBySlot } from "./home_device.ts";

/** A car without its sessions. */
export type CarEntry = Omit<Car, "sessions">;
/** A heat pump without its columns. */
export type HeatPumpEntry = Omit<HeatPump, "heatKw" | "cop">;
/** An appliance without its runs. */
export type ApplianceEntry = Omit<Appliance, "runs">;

/** A device as `community.json` has it. */
export type DeviceEntry = CarEntry | HeatPumpEntry | ApplianceEntry;

const name = z.string().transform((text) => text.normalize("NFC"));

const car = z.strictObject({
  kind: z.literal("car"),
  name,
  capacityKwh: z.number(),
  maxChargeKw: z.number(),
  leastChargeKw: z.number(),
  maxDischargeKw: z.number(),
  chargeEfficiency: z.number(),
  dischargeEfficiency: z.number(),
  unmetPricePerKwh: z.number(),
  departure: z.enum(departureKinds).default("announced"),
  consumptionKwhPerKm: z.number().exactOptional(),
});

const heatPump = z.strictObject({
  kind: z.literal("heat-pump"),
  name,
  maxPowerKw: z.number(),
  backupKw: z.number(),
  tankKwh: z.number(),
  lossPerHour: z.number(),
  unmetPricePerKwh: z.number(),
});

const appliance = z.strictObject({
  kind: z.literal("appliance"),
  name,
  maxPowerKw: z.number(),
  unmetPricePerKwh: z.number(),
});

/** What a list of devices has to be. */
export const deviceEntries: z.ZodType<DeviceEntry[]> = z.array(
  z.discriminatedUnion("kind", [car, heatPump, appliance]),
);

/**
 * The entries of a home's devices.
 *
 * @throws {RangeError} If one is described slot by slot, which files cannot hold.
 */
export function entriesOf({ id, devices = [] }: Prosumer): DeviceEntry[] {
  return devices.map((device) => entryOf(device, id));
}

function entryOf(device: HomeDevice, id: string): DeviceEntry {
  if (isBySlot(device)) {
    throw new RangeError(
      `device ${quoted(device.name)} of prosumer ${
        shown(id)
      } is described slot by slot, which files ` +
        "cannot hold; make it a car, a heat pump or an appliance",
    );
  }
  switch (device.kind) {
    case "car": {
      const { sessions: _, ...entry } = device;
      return entry;
    }
    case "heat-pump": {
      const { heatKw: _heat, cop: _cop, ...entry } = device;
      return entry;
    }
    case "appliance": {
      const { runs: _, ...entry } = device;
      return entry;
    }
  }
}
