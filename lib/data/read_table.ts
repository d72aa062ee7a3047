/**
 * Reads CSV and Parquet tables, by Polars, once it is clear that they are not too large.
 *
 * CSV is read as text and its numbers by {@link ../text/decimal.ts}, so that no guess at a column's type
 * makes a number of what is none. A Parquet file can make native code fail in ways that no caller can
 * catch, so that is done in a process of its own ({@link ./parquet_process.ts}).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { requireText } from "./bounded_file.ts";
import { type ParquetLimits, readParquetColumns } from "./parquet_process.ts";
import { type Frame, loadPolars } from "./polars.ts";
import { quoted, shown } from "../text/shown.ts";
import type { Cells, Table } from "./columns.ts";
import { FEW_COLUMNS, requireCsvSize } from "./table_size.ts";

/**
 * The cells of a CSV table, as text.
 *
 * @param content The file's content, with a header line.
 * @param file The file's name, for messages.
 * @param mostColumns As many as a table of single homes has, unless more are allowed.
 * @param separator Between cells.
 * @throws {RangeError} If it is no table: no header, a column twice, a row too long, another
 * separator; or too large.
 */
export async function parseCsv(
  content: string | Uint8Array,
  file: string,
  mostColumns: number = FEW_COLUMNS,
  separator: "," | ";" = ",",
): Promise<Table> {
  const frame = await csvFrame(content, file, mostColumns, separator);
  const columns = new Map<string, () => Cells>();
  for (const name of frame.columns) {
    columns.set(name, () => frame.getColumn(name).toArray() as (string | null)[]);
  }
  return { file, firstRow: 2, columns };
}

/** The same as a table of Polars, with columns of text. */
export async function csvFrame(
  content: string | Uint8Array,
  file: string,
  mostColumns: number = FEW_COLUMNS,
  separator: "," | ";" = ",",
): Promise<Frame> {
  const bytes = withoutEnd(typeof content === "string" ? Buffer.from(content) : content);
  requireText(bytes, file);
  if (bytes.length === 0) throw new RangeError(`${file}: the file is empty; write a header line`);
  if (separator === ",") requireCommas(bytes, file);
  requireCsvSize(bytes, file, mostColumns, separator);
  const polars = await loadPolars();
  let frame;
  try {
    frame = polars.readCSV(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      inferSchemaLength: 0,
      sep: separator,
      truncateRaggedLines: false,
    });
  } catch (error) {
    const reason = shown((error as Error).message.split("\n")[0], 200);
    throw new RangeError(`${file}: ${longRow(bytes, separator) ?? `not a CSV table: ${reason}`}`);
  }
  const names = new Set(frame.columns);
  for (const name of names) {
    const twice = /^(.*)_duplicated_\d+$/.exec(name)?.[1];
    if (twice !== undefined && names.has(twice)) {
      throw new RangeError(`${file}: column ${quoted(twice)} comes twice; remove one`);
    }
  }
  return frame;
}

/**
 * The cells of a Parquet table: numbers, text, and time stamps as text in ISO 8601. Columns of another
 * type are named as what they are ({@linkcode Table.types}) and have no cells.
 *
 * @param file The file's name, for messages.
 * @param limits How much time and memory reading may take.
 * @throws {RangeError} If it is no such table, or a very large one, or reading it takes too much.
 */
export async function parseParquet(
  bytes: Uint8Array,
  file: string,
  limits?: ParquetLimits,
): Promise<Table> {
  const found = await readParquetColumns(bytes, file, limits);
  return {
    file,
    firstRow: 1,
    columns: new Map(found.map(({ name, cells }) => [name, cells])),
    types: new Map(found.map(({ name, type }) => [name, type])),
  };
}

/** Blank lines at the end are no rows. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && [9, 10, 13, 32].includes(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}

/** The start of a file, enough for its header and the first faulty rows. */
function firstLines(bytes: Uint8Array, length: number): string[] {
  return new TextDecoder().decode(bytes.subarray(0, length)).split("\n");
}

/** Names a header that is divided by something else, as spreadsheets do where commas are decimal. */
function requireCommas(bytes: Uint8Array, file: string): void {
  const [header] = firstLines(bytes, 4 * 2 ** 20);
  const count = (separator: string) => header.split(separator).length;
  const name = Math.max(count(";"), count("\t")) <= count(",")
    ? undefined
    : count(";") > count("\t")
    ? "semicolons"
    : "tabs";
  if (name === undefined) return;
  throw new RangeError(
    `${file}: columns are separated by ${name}; separate them by ` +
      "commas, and write numbers with a decimal point",
  );
}

/** The first row that is longer than the header, looked for in the first megabytes. */
function longRow(bytes: Uint8Array, separator: string): string | undefined {
  const lines = firstLines(bytes, 64 * 2 ** 20);
  const width = lines[0].split(separator).length;
  const index = lines.findIndex((line) => line.split(separator).length > width);
  if (index < 0) return undefined;
  return `row ${index + 1} has ${
    lines[index].split(separator).length
  } cells, the header has ${width}; ` +
    "write numbers with a decimal point, and put texts that hold a comma in quotes";
}
