/**
 * How large a table may be that comes from elsewhere, checked before it is taken apart: what a row
 * leaves out counts as cells too, so that a short file can be a very large table.
 *
 * @module
 */

/** Most cells: over a year of 1,000 homes in quarter-hours, which are 70 million. */
export const MOST_CELLS = 100_000_000;

/** Most columns; two per home. */
export const MOST_COLUMNS = 50_000;

/** Most columns of a table that does not grow with the number of homes. */
export const FEW_COLUMNS = 1000;

const LONGEST_LINE_BYTES = 4 * 2 ** 20;
const NEWLINE = 10;

/**
 * Checks the numbers of columns and cells of a table.
 *
 * @throws {RangeError} Naming the file, the number and the limit.
 */
export function requireTableSize(
  file: string,
  rows: number,
  columns: number,
  mostColumns: number = MOST_COLUMNS,
): void {
  if (columns > mostColumns) {
    throw new RangeError(
      `${file}: has ${columns} columns, at most ${mostColumns} are read; is it the right file?`,
    );
  }
  requireCells(file, rows, columns);
}

/**
 * Checks the number of cells alone, for what is no table of a file.
 *
 * @param what Named in the message.
 * @throws {RangeError} Naming the number and the limit.
 */
export function requireCells(what: string, rows: number, columns: number): void {
  if (rows * columns <= MOST_CELLS) return;
  throw new RangeError(
    `${what}: has ${rows} rows of ${columns} columns, at most ${MOST_CELLS} cells are held; ` +
      "split it",
  );
}

/**
 * Checks the size of a CSV table by its lines.
 *
 * @param separator Between cells.
 * @param mostColumns Fewer than {@linkcode MOST_COLUMNS}, if the table does not grow with the homes.
 * @throws {RangeError} Naming the file, and what is too large.
 *
 * @example
 * ```ts
 * import { requireCsvSize } from "./table_size.ts";
 * requireCsvSize(new TextEncoder().encode("loadKw,pvKw\n0.5,0\n"), "load.csv");
 * ```
 */
export function requireCsvSize(
  bytes: Uint8Array,
  file: string,
  mostColumns: number = MOST_COLUMNS,
  separator: string = ",",
): void {
  let columns = 1, rows = 0;
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end - start > LONGEST_LINE_BYTES) {
      throw new RangeError(
        `${file}: row ${rows + 1} is longer than ${LONGEST_LINE_BYTES} bytes; is it a CSV table?`,
      );
    }
    if (rows === 0) columns += count(bytes.subarray(0, end), separator.charCodeAt(0));
    requireTableSize(file, ++rows, columns, mostColumns);
    start = end + 1;
  }
}

function count(bytes: Uint8Array, byte: number): number {
  let found = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) found++;
  return found;
}
