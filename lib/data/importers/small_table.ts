/**
 * Small tables beside the meters: devices, prices, sessions. They are read whole, as text.
 *
 * @module
 */

import { readBytesWithin } from "../bounded_file.ts";
import { decimal } from "../../text/decimal.ts";
import { didYouMean } from "../../text/nearest.ts";
import { quoted } from "../../text/shown.ts";
import { FEW_COLUMNS } from "../table_size.ts";
import { cellsOf, decoded, type Head, reading, separatorOf } from "./dialect.ts";

/** A table whose rows are cells by the names of columns. */
export interface SmallTable {
  /** The file, for messages. */
  readonly path: string;
  readonly separator: string;
  readonly header: readonly string[];
  /** Rows below the header with the number that they have in the file. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
}

const MOST_BYTES = 64 * 2 ** 20;

/** Reads a table whose header is in the first row that is not empty. */
export async function readSmallTable(path: string, head: Head): Promise<SmallTable> {
  const bytes = await readBytesWithin(path, { ...reading, maxBytes: MOST_BYTES });
  const text = head.encoding === "utf-8"
    ? decoded(bytes, head.encoding)
    : new TextDecoder(head.encoding).decode(bytes);
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/)
    .map((line, k) => ({ line, row: k + 1 })).filter(({ line }) => line.trim() !== "");
  const texts = lines.map(({ line }) => line);
  const separator = separatorOfTable(texts.slice(0, 50));
  const all = cellsOf(path, texts, separator).map((cells, k) => ({ row: lines[k].row, cells }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  if (all.length < 2) throw new RangeError(`${path}: has a header at most; write rows below it`);
  const header = all[0].cells;
  if (header.length > FEW_COLUMNS) {
    throw new RangeError(
      `${path}: has ${header.length} columns, at most ${FEW_COLUMNS} are read; is it the right file?`,
    );
  }
  const long = all.find(({ cells }) => cells.length > header.length);
  if (long !== undefined) {
    throw new RangeError(
      `${path} row ${long.row}: has ${long.cells.length} cells, the header has ${header.length}; ` +
        (separator === ","
          ? "is a comma decimal where it also separates? Separate by semicolons"
          : "a cell for each column is needed"),
    );
  }
  return { path, separator, header, rows: all.slice(1) };
}

/** The separator that the lines have in common, or that of the header if it has none of that. */
export function separatorOfTable(lines: readonly string[]): string {
  const common = separatorOf(lines);
  const header = lines.find((line) => line.trim() !== "") ?? "";
  return common !== null && header.includes(common)
    ? common
    : separatorOf([header]) ?? common ?? ",";
}

/**
 * Checks that no row ends before its last column: a cell that is forgotten moves all behind it.
 *
 * @throws {RangeError} Naming the row.
 */
export function requireWholeRows({ path, header, rows }: SmallTable): void {
  const short = rows.find(({ cells }) => cells.length < header.length);
  if (short === undefined) return;
  throw new RangeError(
    `${path} row ${short.row}: has ${short.cells.length} cells, the header has ${header.length}; leave ` +
      "cells empty rather than out",
  );
}

/** A name as it is compared: letters and digits alone. */
export function plainName(name: string): string {
  return name.normalize("NFC").toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/**
 * Which column holds what.
 *
 * @param known Names for each thing, as {@linkcode plainName} writes them.
 * @throws {RangeError} Naming a column that is nothing of these.
 */
export function columnsNamed<K extends string>(
  { path, header }: SmallTable,
  known: Readonly<Record<K, readonly string[]>>,
): Partial<Record<K, number>> {
  const found: Partial<Record<K, number>> = {};
  const keys = Object.keys(known) as K[];
  for (const [k, name] of header.entries()) {
    const key = keys.find((key) => known[key].includes(plainName(name)));
    if (key === undefined) {
      const hint = didYouMean(name, keys) || ";";
      throw new RangeError(
        `${path} row 1: unknown column ${quoted(name)}${hint} it may have ${keys.join(", ")}`,
      );
    }
    if (found[key] !== undefined) {
      throw new RangeError(
        `${path} row 1: column ${quoted(name)} says the same as another; keep one`,
      );
    }
    found[key] = k;
  }
  return found;
}

/** The number in a cell, with a decimal comma where columns are separated by something else. */
export function cellNumber(
  { path, separator, header }: SmallTable,
  { row, cells }: SmallTable["rows"][number],
  column: number,
): number {
  const text = cells[column] ?? "";
  const value = decimal(separator === "," ? text : text.replace(",", "."));
  if (!Number.isNaN(value)) return value;
  throw new RangeError(
    `${path} row ${row}, column ${header[column]}: must be a number, got ${
      text === "" ? "an empty cell; write 0 for none" : quoted(text)
    }`,
  );
}
