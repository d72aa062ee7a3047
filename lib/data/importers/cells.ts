/**
 * What a cell of a table is, by how it is written.
 *
 * @module
 */

import { quoted, shown } from "../../text/shown.ts";
import { dateOrders, readStamp, StampReader } from "./stamps.ts";

/** The beginning of a table. */
export interface Sample {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly title: string;
  /** Cells of a row of units, below the header. */
  readonly units?: readonly string[];
}

const anyOrder = dateOrders.map((order) => new StampReader(order));

/** Whether a cell is a time stamp, a date or a time of day. */
export function isStamp(cell: string): boolean {
  return !/^[+-]?\d+([.,]\d+)?$/.test(cell) || /^\d{8}(\d{4}|\d{6})?$|^[12]\d{8,12}$/.test(cell)
    ? anyOrder.some((reader) => readStamp(cell, reader) !== null)
    : false;
}

/** Whether a cell is a number. */
export function isNumber(cell: string): boolean {
  return /^[+-]?(\d+([.,]\d{3})*([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?$/.test(cell);
}

/** Cells that say that there is no reading. */
export function isMissing(cell: string): boolean {
  return /^(|-+|n\/?a|n\/e|nan|null|none|missing|fehlt|unavailable|unknown|#n\/?v|#n\/a|\?)$/i.test(
    cell,
  );
}

/** The clock that a title or a header names. */
export function zoneIn(text: string): string | null {
  if (/\b(MESZ|CEST)\b/.test(text)) return "Europe/Berlin";
  if (/\b(MEZ|CET)\b/.test(text)) return "+01:00";
  if (/\bUTC\b|\bGMT\b/.test(text)) return "UTC";
  return /\b((?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic)\/[A-Za-z_/]+)\b/.exec(text)
    ?.[1] ??
    null;
}

/** Checks that a header has these columns. */
export function requireColumns(
  path: string,
  header: readonly string[],
  names: readonly string[],
): void {
  const missing = names.find((name) => !header.includes(name));
  if (missing === undefined) return;
  throw new RangeError(
    `${path}: there is no column ${quoted(missing)}; its columns are ` +
      shown(header.join(", "), 300),
  );
}
