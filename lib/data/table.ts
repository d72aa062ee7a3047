/**
 * A table as it was read from a file, and its columns as numbers that can be trusted.
 *
 * @module
 */

import { quoted } from "../text/shown.ts";

/** Cells of a column: text that is not yet trusted, or numbers; `null` is an empty cell. */
export type Cells = ArrayLike<string | number | null>;

/** Cells by column. */
export interface Table {
  /** The file, for messages. */
  readonly file: string;
  /** Number of the first row as counted in the file. */
  readonly firstRow: number;
  /** Cells by column name; a call fetches them, so that a large table need not be held as cells. */
  readonly columns: ReadonlyMap<string, () => Cells>;
}

/** Where a cell stands, for messages; `index` is 0 in the first row. */
export function cellPlace({ file, firstRow }: Table, column: string, index: number): string {
  return `${file} row ${firstRow + index}, column ${column}`;
}

/**
 * The cells of a column.
 *
 * @throws {RangeError} If there is no such column; the message names the file.
 */
export function column(table: Table, name: string): Cells {
  const cells = table.columns.get(name);
  if (cells === undefined) throw new RangeError(`${table.file}: column ${name} is missing; add it`);
  return cells();
}

/**
 * A column as numbers.
 *
 * @param table Where the column is.
 * @param name The column.
 * @param isLimit Whether an empty cell or `inf` means that there is no limit.
 * @throws {RangeError} Naming the file, the row and the text of a cell that is not a number.
 *
 * @example
 * ```ts
 * import { numberColumn } from "./table.ts";
 * const columns = new Map([["loadKw", () => ["0.5", "1e-3"]]]);
 * const table = { file: "load.csv", firstRow: 2, columns };
 * if (numberColumn(table, "loadKw")[1] !== 0.001) throw new Error("expected 0.001 kW");
 * ```
 */
export function numberColumn(table: Table, name: string, isLimit = false): Float64Array {
  const cells = column(table, name);
  const numbers = new Float64Array(cells.length);
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index];
    if (typeof cell === "number") {
      numbers[index] = cell;
      continue;
    }
    const text = cell?.trim() ?? "";
    const value = text === "" ? NaN : Number(text);
    const unlimited = isLimit && (text === "" || text === "inf");
    if (Number.isNaN(value) && !unlimited) {
      const got = text === "" ? "an empty cell" : quoted(text);
      throw new RangeError(
        `${cellPlace(table, name, index)}: must be a number with a decimal point, got ${got}`,
      );
    }
    numbers[index] = unlimited ? Infinity : value;
  }
  return numbers;
}
