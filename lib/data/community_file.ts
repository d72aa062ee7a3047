/**
 * `community.json` of a data set folder: the households with their devices ({@link
 * ./devices/device_entries.ts}), and optionally a limit of the community's grid connection that holds at
 * all times.
 *
 * ```json
 * {
 *   "name": "two-homes",
 *   "currency": "EUR",
 *   "gridImportLimitKw": 20,
 *   "prosumers": [{ "id": "a", "pvCapacityKw": 5, "battery": null }, …]
 * }
 * ```
 *
 * @module
 */

import { z } from "zod";
import { type Battery, type Community, prosumerOf, validateCommunity } from "./community.ts";
import { deviceEntries, type DeviceEntry, entriesOf } from "./devices/device_entries.ts";
import { parseJson } from "./json.ts";

/** What `community.json` holds. */
export interface CommunityFile {
  /** Its name, for messages. */
  readonly file: string;
  /** Who takes part, without devices beside a battery. */
  readonly community: Community;
  /** Devices of each prosumer, without what tables say of them. */
  readonly devices: readonly (readonly DeviceEntry[])[];
  /** Largest import of the whole community at all times; `Infinity` for none. [kW] */
  readonly gridImportLimitKw: number;
  /** Largest export of the whole community at all times; `Infinity` for none. [kW] */
  readonly gridExportLimitKw: number;
}

const curve = z.array(z.tuple([z.number(), z.number()]));

const battery: z.ZodType<Battery> = z.strictObject({
  capacityKwh: z.number(),
  maxChargeKw: z.number(),
  maxDischargeKw: z.number(),
  chargeEfficiency: z.number(),
  dischargeEfficiency: z.number(),
  selfDischargePerHour: z.number(),
  socMin: z.number(),
  socMax: z.number(),
  initialSoc: z.number().exactOptional(),
  roundTripEfficiencyByPower: curve.exactOptional(),
  powerShareBySoc: curve.exactOptional(),
  capacityLossCoefficient: z.number().exactOptional(),
});

const schema = z.strictObject({
  name: z.string(),
  currency: z.string(),
  gridImportLimitKw: z.number().min(0).default(Infinity),
  gridExportLimitKw: z.number().min(0).default(Infinity),
  prosumers: z.array(
    z.strictObject({
      id: z.string(),
      pvCapacityKw: z.number(),
      battery: battery.nullable(),
      devices: deviceEntries.default([]),
      tariffClass: z.string().regex(/^[\w-]+$/, "must be letters, digits, _ and -").exactOptional(),
    }),
  ),
});

/**
 * Reads the text of a `community.json`.
 *
 * @param text The file's content.
 * @param file The file's name, for messages.
 * @throws {RangeError} Naming the file and the field, or the prosumer whose device is impossible.
 */
export function parseCommunityFile(text: string, file: string): CommunityFile {
  const { gridImportLimitKw, gridExportLimitKw, prosumers, ...rest } = parseJson(
    text,
    schema,
    file,
  );
  const community = {
    ...rest,
    prosumers: prosumers.map(({ devices: _, ...prosumer }) => prosumerOf(prosumer)),
  };
  try {
    validateCommunity(community);
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`);
  }
  const devices = prosumers.map(({ devices }) => devices);
  return { file, community, devices, gridImportLimitKw, gridExportLimitKw };
}

/**
 * The text of a `community.json`; limits and what happens to devices are written to tables instead.
 *
 * @throws {RangeError} If a device is described slot by slot.
 */
export function communityFileText(community: Community): string {
  const prosumers = community.prosumers.map(({ devices, ...prosumer }) =>
    devices === undefined ? prosumer : { ...prosumer, devices: entriesOf({ ...prosumer, devices }) }
  );
  return JSON.stringify({ ...community, prosumers }, null, 2) + "\n";
}
