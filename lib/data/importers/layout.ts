/**
 * What the columns of a meter file are, found from its header, its first rows, the title above them and
 * the name of the file. Whatever is said by the caller is taken as it is said.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import { isStamp, requireColumns, zoneIn } from "./cells.ts";
import { cellsOf, decimalOf, type Dialect, type Head, separatorOf } from "./dialect.ts";
import { type Quantity, type Role, type Unit, unitIn } from "./names.ts";
import type { DateOrder } from "./stamps.ts";
import { dateOrderOf, headerRowOf, labelOf, timeColumns } from "./time_columns.ts";
import { columnsOf } from "./value_columns.ts";

/** A column of readings. */
export interface ValueColumn {
  /** Its name in the header. */
  readonly column: string;
  /** The home it belongs to; absent where a column says so row by row. */
  readonly home?: string | undefined;
  /** What it measures. */
  readonly role: Role;
  /** How it counts. */
  readonly quantity: Quantity;
  /** In which unit. */
  readonly unit: Unit;
  /** Which of several registers by tariff; 0 is their sum. */
  readonly tariff?: number | undefined;
  /** Which phase, 1 to 3; absent for their sum. */
  readonly phase?: number | undefined;
}

/** What the columns of a meter file are. */
export interface Layout extends Dialect {
  /** Whether the row below the header holds units. */
  readonly hasUnitRow?: boolean;
  /** One column with stamps, or one with the date and one with the time of day. */
  readonly time: readonly string[];
  /** How dates are written. */
  readonly dateOrder: DateOrder;
  /** Which end of its interval a stamp names. */
  readonly label: "start" | "end";
  /** Clock of stamps without an offset; `null` where it is not known. */
  readonly timeZone: string | null;
  /** Column that names the home, in a table with a row for each reading. */
  readonly homeColumn: string | null;
  /** Column that names what is read, in such a table. */
  readonly registerColumn: string | null;
  /** Column that says how good a reading is. */
  readonly statusColumn: string | null;
  /** Columns of readings. */
  readonly values: readonly ValueColumn[];
  /** Columns that are not used. */
  readonly unused: readonly string[];
}

/** What a caller may say of a file. */
export interface LayoutWishes {
  readonly separator?: Layout["separator"];
  readonly decimal?: Layout["decimal"];
  readonly encoding?: Layout["encoding"];
  readonly headerRow?: number;
  readonly hasUnitRow?: boolean;
  readonly time?: readonly string[];
  readonly dateOrder?: DateOrder;
  readonly label?: Layout["label"];
  readonly timeZone?: string;
  /** Clock of files that do not say UTC at their column of time. */
  readonly zoneOfAll?: string;
  readonly homeColumn?: string | null;
  readonly registerColumn?: string | null;
  readonly statusColumn?: string | null;
  readonly values?: readonly ValueColumn[];
  readonly unused?: readonly string[];
  readonly unit?: Unit;
  /** The unit where neither header nor name states one. */
  readonly otherwise?: Unit;
  readonly quantity?: Quantity;
  readonly role?: Role;
}

/**
 * Finds the layout of a meter file.
 *
 * @param path The file, for messages and for what its name says.
 * @throws {RangeError} Saying what cannot be told, and by which flag to say it.
 */
export function layoutOf(path: string, head: Head, wishes: LayoutWishes = {}): Layout {
  if (head.lines.every((line) => line.trim() === "")) {
    throw new RangeError(`${path}: is empty; export it again`);
  }
  const separator = wishes.separator ?? separatorOf(head.lines);
  if (separator === null) {
    refuseTimesAcross(path, [head.lines.slice(0, 1)]);
    throw new RangeError(
      `${path}: no separator is common to its rows; is it a table? If so say which: --separator ";"`,
    );
  }
  const all = cellsOf(path, head.lines, separator);
  refuseTimesAcross(path, all);
  const found = wishes.headerRow ?? headerRowOf(path, all);
  const hasUnitRow = wishes.hasUnitRow ??
    (wishes.headerRow === undefined && isUnitRow(all[found - 1], all[found - 2]));
  const headerRow = hasUnitRow && wishes.headerRow === undefined ? found - 1 : found;
  const header = all[headerRow - 1];
  const first = headerRow + (hasUnitRow ? 1 : 0);
  const rows = all.slice(first).filter((row) => row.some((cell) => cell !== "")).slice(0, 2000);
  if (rows.length === 0) throw new RangeError(`${path}: has no rows below its header`);
  const sample = {
    header,
    rows,
    title: all.slice(0, headerRow - 1).map((row) => row.join(" ")).join(" "),
    ...(hasUnitRow && { units: all[headerRow] }),
  };
  requireDistinct(path, header, headerRow);
  const dateOrder = wishes.dateOrder ?? dateOrderOf(path, sample);
  const time = wishes.time ?? timeColumns(path, sample, dateOrder);
  requireColumns(path, header, time);
  const columns = columnsOf(path, sample, time, wishes);
  return {
    encoding: wishes.encoding ?? head.encoding,
    separator,
    decimal: wishes.decimal ?? decimalOf(rows.slice(0, 200).flat(), separator),
    headerRow,
    ...(hasUnitRow && { hasUnitRow }),
    time,
    dateOrder,
    label: wishes.label ?? labelOf(sample, time, dateOrder, columns.values),
    timeZone: wishes.timeZone ?? (zoneIn(time.join(" ")) === "UTC" ? "UTC" : undefined) ??
      wishes.zoneOfAll ?? zoneIn(`${sample.title} ${time.join(" ")}`),
    ...columns,
  };
}

/** More stamps in a row than this are no columns of readings. */
const MOST_STAMPS = 20;

function refuseTimesAcross(path: string, all: readonly (readonly string[])[]): void {
  const nem = all[0]?.[1] === "NEM12" || all[0]?.[0]?.startsWith("100,NEM12");
  const row = all.slice(0, 30).findIndex((cells) => cells.filter(isStamp).length > MOST_STAMPS);
  if (!nem && row < 0) return;
  throw new RangeError(
    `${path}${nem ? "" : ` row ${row + 1}`}: ${
      nem ? "is a NEM12 file, with" : "has"
    } a column for each time of day; write a row for each reading, such as ` +
      "timestamp;Haus01_kWh, as most portals also offer",
  );
}

/** Whether a row holds nothing but units and forms of dates, below a row of names. */
function isUnitRow(row: readonly string[], above: readonly string[] | undefined): boolean {
  const names = above?.filter((cell) => cell !== "") ?? [];
  return above !== undefined && above.length === row.length && names.length > 1 &&
    new Set(names).size === names.length && names.length >= row.length - 1 &&
    row.some((cell) => unitIn(cell) !== undefined) &&
    row.every((cell) =>
      cell === "" || /^\[.*\]$|^\(.*\)$/.test(cell) || unitIn(cell) !== undefined
    );
}

function requireDistinct(path: string, header: readonly string[], row: number): void {
  const twice = header.find((name, k) => name !== "" && header.indexOf(name) !== k);
  if (twice === undefined) return;
  throw new RangeError(
    `${path} row ${row}: column ${quoted(twice)} comes twice; remove or rename one`,
  );
}
