/**
 * Measured sessions of cars: `home,arrival,departure,charged_kWh`, as a wall box writes them.
 *
 * @module
 */

import { didYouMean } from "../../text/nearest.ts";
import { quoted } from "../../text/shown.ts";
import { clockOf, momentsOf } from "./clock.ts";
import { cellNumber, columnsNamed, plainName, type SmallTable } from "./small_table.ts";
import { type DateOrder, dateOrders, readStamp, StampReader } from "./stamps.ts";

/** A time at home, and what was charged in it. */
export interface MeasuredSession {
  readonly startMs: number;
  readonly endMs: number;
  /** At the meter of the charger. [kWh] */
  readonly chargedKwh: number;
}

/** Sessions by the name of the home, with the row of the first. */
export type SessionsByHome = ReadonlyMap<
  string,
  { readonly row: number; readonly sessions: readonly MeasuredSession[] }
>;

const COLUMNS = {
  home: ["home", "haus", "house", "id", "name", "prosumer", "household", "station", "charger"],
  arrival: ["arrival", "start", "pluggedin", "ankunft", "von", "from", "begin", "connected"],
  departure: ["departure", "end", "pluggedout", "abfahrt", "bis", "to", "disconnected"],
  charged_kWh: ["chargedkwh", "energykwh", "kwh", "energy", "geladenkwh"],
} as const;

/**
 * Reads sessions.
 *
 * @throws {RangeError} Naming file, row, column and value.
 */
export function parseMeasuredSessions(
  table: SmallTable,
  timeZone: string | undefined,
): SessionsByHome {
  const { path, header, rows } = table;
  const at = columnsNamed(table, COLUMNS);
  const missing = (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[])
    .find((name) => at[name] === undefined);
  if (missing !== undefined) {
    throw new RangeError(`${path} row 1: has no column ${missing}; add it`);
  }
  const order = dateOrders.find((order) => {
    const reader = new StampReader(order);
    return rows.every(({ cells }) => readStamp(cells[at.arrival!] ?? "", reader)?.hasDate);
  }) ?? "YMD";
  const found = new Map<string, { row: number; sessions: MeasuredSession[] }>();
  for (const row of rows) {
    const moment = (column: number) => momentMs(table, row, column, order, timeZone);
    const startMs = moment(at.arrival!), endMs = moment(at.departure!);
    const chargedKwh = cellNumber(table, row, at.charged_kWh!);
    const place = `${path} row ${row.row}, column`;
    if (endMs <= startMs) {
      throw new RangeError(
        `${place} ${header[at.departure!]}: must be after the arrival, got ` +
          quoted(row.cells[at.departure!]),
      );
    }
    if (chargedKwh < 0) {
      throw new RangeError(
        `${place} ${header[at.charged_kWh!]}: must be at least 0, got ${chargedKwh}`,
      );
    }
    const home = row.cells[at.home!].normalize("NFC");
    const own = found.get(home) ?? { row: row.row, sessions: [] };
    const before = own.sessions.at(-1);
    if (before !== undefined && startMs < before.endMs) {
      throw new RangeError(
        `${place} ${
          header[at.arrival!]
        }: begins before the session of the row above has ended, got ` +
          `${quoted(row.cells[at.arrival!])}; sort the sessions of a home, one car each`,
      );
    }
    own.sessions.push({ startMs, endMs, chargedKwh });
    found.set(home, own);
  }
  return found;
}

function momentMs(
  { path, header }: SmallTable,
  { row, cells }: SmallTable["rows"][number],
  column: number,
  order: DateOrder,
  timeZone: string | undefined,
): number {
  const text = cells[column] ?? "", place = `${path} row ${row}, column ${header[column]}`;
  const stamp = readStamp(text, new StampReader(order));
  if (stamp === null || !stamp.hasDate || !stamp.hasTime) {
    throw new RangeError(`${place}: must be a date with a time, got ${quoted(text)}`);
  }
  const { localSeconds, offsetMinutes } = stamp;
  if (!Number.isNaN(offsetMinutes)) return (localSeconds - offsetMinutes * 60) * 1000;
  if (timeZone === undefined) {
    throw new RangeError(`${place}: states no offset from UTC; say the clock with --time-zone`);
  }
  const [first] = momentsOf(clockOf(timeZone), localSeconds);
  if (first !== undefined) return first * 1000;
  throw new RangeError(`${place}: ${quoted(text)} does not exist in ${timeZone}; correct it`);
}

/**
 * The sessions of each home that has a car.
 *
 * @param homes Names of homes with a car.
 * @throws {RangeError} If there are sessions of another home.
 */
export function matchSessions(
  path: string,
  sessions: SessionsByHome,
  homes: readonly string[],
): Map<string, readonly MeasuredSession[]> {
  return new Map([...sessions].map(([name, { row, sessions }]) => {
    const home = homes.find((home) => plainName(home) === plainName(name));
    if (home !== undefined) return [home, sessions];
    throw new RangeError(
      `${path} row ${row}, column home: no home ${quoted(name)} has a car in the list of devices` +
        `${didYouMean(name, homes) || ";"} give it car yes there, or remove the row`,
    );
  }));
}
