/**
 * `sessions.csv` and `runs.csv`: times in which devices can be used, a row each.
 *
 * | file | columns |
 * | --- | --- |
 * | `sessions.csv` | `prosumer,device,arrival,departure,tripKwh,requiredKwh`; kilometres, `tripKm`, in the place of `tripKwh` where the car's `consumptionKwhPerKm` is known |
 * | `runs.csv` | `prosumer,device,earliest,deadline,energyKwh` |
 *
 * @module
 */

import { didYouMean } from "../../text/nearest.ts";
import { quoted, shown } from "../../text/shown.ts";
import { parseTimestamp, type TimeGrid } from "../../units.ts";
import { cellPlace, column, numberColumn, type Table } from "../columns.ts";
import type { Community } from "../community.ts";
import { type Appliance, type ApplianceRun, RUN } from "./appliance.ts";
import { type Car, type CarSession, SESSION } from "./car.ts";
import { moment, type Span, withArticle } from "./check.ts";
import type { DeviceEntry } from "./device_entries.ts";
import { type HomeDevice, isBySlot } from "./home_device.ts";

/** Spans of a device in the order of time, with the rows that they stand in. */
export interface SpanRows<T extends Span> {
  /** The spans. */
  readonly spans: readonly T[];
  /** Index in the table of each. */
  readonly rows: readonly number[];
}

/** By `<prosumer>.<device>`. */
export type SpansByDevice<T extends Span> = ReadonlyMap<string, SpanRows<T>>;

/** Devices by `<prosumer>.<device>`. */
export type EntriesByName = ReadonlyMap<string, DeviceEntry>;

/** Files of spans. */
export const SPAN_FILES = { car: "sessions.csv", appliance: "runs.csv" } as const;

/**
 * Sessions of cars.
 *
 * @throws {RangeError} Naming file, row, column, value and remedy.
 */
export function parseSessions(table: Table, entries: EntriesByName): SpansByDevice<CarSession> {
  const byKm = table.columns.has("tripKm");
  if (byKm && table.columns.has("tripKwh")) {
    throw new RangeError(`${table.file}: has both tripKwh and tripKm; keep one of them`);
  }
  const trip = byKm ? "tripKm" : "tripKwh";
  requireColumns(table, [...KEYS, SESSION.start, SESSION.end, trip, "requiredKwh"]);
  const trips = numberColumn(table, trip), requiredKwh = numberColumn(table, "requiredKwh");
  return spansByDevice(table, "car", entries, SESSION, (span, row, entry) => {
    if (!byKm) return { ...span, tripKwh: trips[row], requiredKwh: requiredKwh[row] };
    const place = cellPlace(table, trip, row);
    if (!(trips[row] >= 0)) {
      throw new RangeError(
        `${place}: must be a number of at least 0, got ${trips[row]}; correct it`,
      );
    }
    const perKm = "consumptionKwhPerKm" in entry ? entry.consumptionKwhPerKm : undefined;
    if (perKm === undefined) {
      throw new RangeError(
        `${place}: ${
          quoted(entry.name)
        } has no consumptionKwhPerKm in community.json; add it, or ` +
          "state trips in tripKwh",
      );
    }
    return { ...span, tripKwh: trips[row] * perKm, requiredKwh: requiredKwh[row] };
  });
}

/**
 * Runs of appliances.
 *
 * @throws {RangeError} Naming file, row, column, value and remedy.
 */
export function parseRuns(table: Table, entries: EntriesByName): SpansByDevice<ApplianceRun> {
  requireColumns(table, [...KEYS, RUN.start, RUN.end, "energyKwh"]);
  const energyKwh = numberColumn(table, "energyKwh");
  return spansByDevice(
    table,
    "appliance",
    entries,
    RUN,
    (span, row) => ({ ...span, energyKwh: energyKwh[row] }),
  );
}

/** The text of `sessions.csv`; `null` where there are no cars. */
export function sessionsText(community: Community, grid: TimeGrid): string | null {
  const columns = [...names(SESSION), "tripKwh", "requiredKwh"];
  return tableText<Car>(
    community,
    "car",
    columns,
    ({ sessions }) =>
      sessions.map((
        { tripKwh, requiredKwh, ...span },
      ) => [...moments(span, grid), tripKwh, requiredKwh]),
  );
}

/** The text of `runs.csv`; `null` where there are no appliances. */
export function runsText(community: Community, grid: TimeGrid): string | null {
  const columns = [...names(RUN), "energyKwh"];
  return tableText<Appliance>(
    community,
    "appliance",
    columns,
    ({ runs }) => runs.map(({ energyKwh, ...span }) => [...moments(span, grid), energyKwh]),
  );
}

const names = ({ start, end }: { readonly start: string; readonly end: string }) => [start, end];
const moments = (
  { startMs, endMs }: Span,
  grid: TimeGrid,
) => [moment(startMs, grid), moment(endMs, grid)];

/** A device whose spans are a table. */
type SpanDevice = Car | Appliance;

function tableText<T extends SpanDevice>(
  { prosumers }: Community,
  kind: T["kind"],
  columns: readonly string[],
  rowsOf: (device: T) => (string | number)[][],
): string | null {
  const isOfKind = (device: HomeDevice): device is T => !isBySlot(device) && device.kind === kind;
  const homes = prosumers.map(({ id, devices = [] }) => ({ id, own: devices.filter(isOfKind) }));
  if (homes.every(({ own }) => own.length === 0)) return null;
  const rows = homes.flatMap(({ id, own }) =>
    own.flatMap((device) => rowsOf(device).map((cells) => [id, device.name, ...cells].join()))
  );
  return [[...KEYS, ...columns].join(), ...rows, ""].join("\n");
}

const KEYS = ["prosumer", "device"] as const;

function requireColumns({ file, columns }: Table, needed: readonly string[]): void {
  for (const name of columns.keys()) {
    if (needed.includes(name)) continue;
    const guess = didYouMean(name, needed) || "";
    throw new RangeError(
      `${file}: unknown column ${quoted(name)}${guess}; its columns are ${needed.join(", ")}`,
    );
  }
}

function spansByDevice<T extends Span>(
  table: Table,
  kind: "car" | "appliance",
  entries: EntriesByName,
  names: { readonly start: string; readonly end: string },
  make: (span: Span, row: number, entry: DeviceEntry) => T,
): SpansByDevice<T> {
  const [prosumers, devices] = KEYS.map((name) => column(table, name));
  const starts = column(table, names.start), ends = column(table, names.end);
  const found = new Map<string, { span: T; row: number }[]>();
  for (let row = 0; row < prosumers.length; row++) {
    const text = (cell: unknown) => String(cell ?? "").trim().normalize("NFC");
    const [id, device] = [text(prosumers[row]), text(devices[row])];
    const key = `${id}.${device}`;
    const entry = entries.get(key);
    if (entry?.kind !== kind) throw unknownDevice(table, row, kind, id, device, entries);
    const moments = [[names.start, starts], [names.end, ends]] as const;
    const [startMs, endMs] = moments.map(([name, cells]) => {
      try {
        return parseTimestamp(shown(String(cells[row] ?? "").trim())).epochMs;
      } catch (error) {
        throw new RangeError(`${cellPlace(table, name, row)}: ${(error as Error).message}`);
      }
    });
    const list = found.get(key) ?? [];
    list.push({ span: make({ startMs, endMs }, row, entry), row });
    found.set(key, list);
  }
  return new Map([...found].map(([key, list]) => {
    list.sort((a, b) => a.span.startMs - b.span.startMs);
    return [key, { spans: list.map(({ span }) => span), rows: list.map(({ row }) => row) }];
  }));
}

function unknownDevice(
  table: Table,
  row: number,
  kind: DeviceEntry["kind"],
  id: string,
  device: string,
  entries: EntriesByName,
): RangeError {
  const ofKind = [...entries].filter(([, entry]) => entry.kind === kind).map(([key]) => key);
  const isHome = [...entries.keys()].some((key) => key.startsWith(`${id}.`));
  const [name, known, value] = isHome
    ? ["device", ofKind.filter((key) => key.startsWith(`${id}.`)), `${id}.${device}`]
    : ["prosumer", ofKind, `${id}.${device}`];
  const guess = shown(didYouMean(value, known), 200) || ";";
  return new RangeError(
    `${cellPlace(table, name, row)}: no prosumer ${quoted(id)} of community.json has ${
      withArticle(kind)
    } ` +
      `${quoted(device)}${guess} correct the name, or list the device`,
  );
}
