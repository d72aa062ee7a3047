/**
 * Devices as `community.json` lists them, put together with what the tables of a data set folder say of them.
 *
 * @module
 */

import { cellPlace, numberColumn, type Table } from "../columns.ts";
import type { Prosumer } from "../community.ts";
import type { CommunityFile } from "../community_file.ts";
import { deviceName, withArticle } from "./check.ts";
import type { DeviceEntry } from "./device_entries.ts";
import { type DevicePlaces, isBySlot, type KindDevice } from "./home_device.ts";
import { parseRuns, parseSessions, SPAN_FILES } from "./span_table.ts";

/** Tables of sessions and of runs, where there are such files. */
export interface SpanTables {
  /** `sessions.csv`. */
  readonly car?: Table;
  /** `runs.csv`. */
  readonly appliance?: Table;
}

const HEAT = ["heatKw", "cop"] as const;

/** Names of the columns of heat pumps that profiles need. */
export function heatColumns({ community, devices }: CommunityFile): string[] {
  return community.prosumers.flatMap(({ id }, i) =>
    devices[i].filter(({ kind }) => kind === "heat-pump")
      .flatMap(({ name }) => HEAT.map((column) => `${id}.${name}.${column}`))
  );
}

/** The columns of a home's heat pumps, by their names in the profiles. */
export function heatPumpColumns({ id, devices = [] }: Prosumer): [string, Float64Array][] {
  return devices.flatMap((device) =>
    isBySlot(device) || device.kind !== "heat-pump"
      ? []
      : HEAT.map((column): [string, Float64Array] => [
        `${id}.${device.name}.${column}`,
        device[column],
      ])
  );
}

/**
 * The prosumers with their devices, and where each field of these stands.
 *
 * @throws {RangeError} If a file is missing or malformed, or names a device that is not listed.
 */
export function assembleDevices(
  { file, community, devices }: CommunityFile,
  profiles: Table,
  tables: SpanTables,
): { readonly prosumers: Prosumer[]; readonly places: DevicePlaces } {
  const { prosumers } = community;
  const entries = new Map<string, DeviceEntry>();
  prosumers.forEach(({ id }, i) => {
    for (const entry of devices[i]) {
      const key = `${id}.${entry.name}`;
      if (entries.has(key)) {
        throw new RangeError(
          `${file}: ${
            deviceName(entry.name, id)
          } comes twice; give each device of a home its own name`,
        );
      }
      entries.set(key, entry);
      if (entry.kind === "heat-pump" || tables[entry.kind] !== undefined) continue;
      const name = SPAN_FILES[entry.kind];
      const what = entry.kind === "car" ? "sessions" : "runs";
      throw new RangeError(
        `${file}: ${deviceName(entry.name, id)} is ${
          withArticle(entry.kind)
        }, but there is no ${name}; write ` +
          `its ${what} there, or remove it`,
      );
    }
  });
  const sessions = tables.car === undefined ? null : parseSessions(tables.car, entries);
  const runs = tables.appliance === undefined ? null : parseRuns(tables.appliance, entries);

  function whole(entry: DeviceEntry, id: string): KindDevice {
    const key = `${id}.${entry.name}`;
    switch (entry.kind) {
      case "car":
        return { ...entry, sessions: sessions?.get(key)?.spans ?? [] };
      case "heat-pump":
        return {
          ...entry,
          heatKw: numberColumn(profiles, `${key}.heatKw`),
          cop: numberColumn(profiles, `${key}.cop`),
        };
      case "appliance":
        return { ...entry, runs: runs?.get(key)?.spans ?? [] };
    }
  }

  const places: DevicePlaces = ({ id }, { kind, name }) => (field, row) => {
    const key = `${id}.${name}`;
    const whose = deviceName(name, id);
    if (row === undefined) return `${file}, ${whose}`;
    if (kind === "heat-pump") return cellPlace(profiles, `${key}.${field}`, row);
    const [table, found] = kind === "car" ? [tables.car, sessions] : [tables.appliance, runs];
    // Trips can be stated in kilometres.
    const column = field === "tripKwh" && table!.columns.has("tripKm") ? "tripKm" : field;
    return `${cellPlace(table!, column, found!.get(key)!.rows[row])}, ${whose}`;
  };

  return {
    prosumers: prosumers.map((prosumer, i) =>
      devices[i].length === 0
        ? prosumer
        : { ...prosumer, devices: devices[i].map((entry) => whole(entry, prosumer.id)) }
    ),
    places,
  };
}
