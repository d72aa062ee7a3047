/**
 * Takes CSV and Parquet tables apart, once it is clear that they are not too large: CSV by Polars,
 * Parquet here ({@link ./parquet/column.ts}), as libraries trust what a damaged file says of itself:
 * Polars panics; hyparquet 1.31.5 makes lists and runs as long as a file of 100 bytes says, which
 * ends in gigabytes or never, and reads beyond the end of a page. Neither lets a caller bound that.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { requireText } from "./bounded_file.ts";
import { columnCells } from "./parquet/column.ts";
import { parquetColumns } from "./parquet/footer.ts";
import { quoted, shown } from "../text/shown.ts";
import type { Cells, Table } from "./table.ts";
import { FEW_COLUMNS, requireCsvSize } from "./table_size.ts";

/**
 * The cells of a CSV table, as text.
 *
 * @param content The file's content, with a header line.
 * @param file The file's name, for messages.
 * @param mostColumns As many as a table of single homes has, unless more are allowed.
 * @throws {RangeError} If it is no table: no header, a column twice, a row too long; or too large.
 */
export async function parseCsv(
  content: string | Uint8Array,
  file: string,
  mostColumns: number = FEW_COLUMNS,
): Promise<Table> {
  const { default: polars } = await import("nodejs-polars");
  const bytes = withoutEnd(typeof content === "string" ? Buffer.from(content) : content);
  requireText(bytes, file);
  if (bytes.length === 0) throw new RangeError(`${file}: the file is empty; write a header line`);
  requireCsvSize(bytes, file, mostColumns);
  let frame;
  try {
    frame = polars.readCSV(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      inferSchemaLength: 0,
      truncateRaggedLines: false,
    });
  } catch (error) {
    throw new RangeError(`${file}: ${longRow(bytes) ?? `not a CSV table: ${firstLine(error)}`}`);
  }
  const names = new Set(frame.columns);
  const columns = new Map<string, () => Cells>();
  for (const name of names) {
    const twice = /^(.*)_duplicated_\d+$/.exec(name)?.[1];
    if (twice !== undefined && names.has(twice)) {
      throw new RangeError(`${file}: column ${quoted(twice)} comes twice; remove one`);
    }
    columns.set(name, () => frame.getColumn(name).toArray() as (string | null)[]);
  }
  return { file, firstRow: 2, columns };
}

/**
 * The cells of a Parquet table of texts and numbers.
 *
 * @param file The file's name, for messages.
 * @throws {RangeError} If it is no such table, or a very large one; or a cell is fetched from a page
 * that is damaged.
 */
export function parseParquet(bytes: Uint8Array, file: string): Table {
  const explained = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new RangeError(
        `${file}: not a Parquet table of texts and numbers: ${firstLine(error)}`,
      );
    }
  };
  const columns = new Map<string, () => Cells>();
  for (const column of explained(() => parquetColumns(bytes, file))) {
    if (columns.has(column.name)) {
      throw new RangeError(`${file}: column ${quoted(column.name)} comes twice; remove one`);
    }
    columns.set(column.name, () => explained(() => columnCells(bytes, column)));
  }
  return { file, firstRow: 1, columns };
}

/** Blank lines at the end are no rows. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && [9, 10, 13, 32].includes(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}

/** The first row that is longer than the header, looked for in the first megabytes. */
function longRow(bytes: Uint8Array): string | undefined {
  const lines = new TextDecoder().decode(bytes.subarray(0, 64 * 2 ** 20)).split("\n");
  const width = lines[0].split(",").length;
  const index = lines.findIndex((line) => line.split(",").length > width);
  if (index < 0) return undefined;
  return `row ${index + 1} has ${lines[index].split(",").length} cells, the header has ${width}`;
}

function firstLine(error: unknown): string {
  return shown((error as Error).message.split("\n")[0], 200);
}
