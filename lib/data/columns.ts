/**
 * A table as it was read from a file, and its columns as numbers that can be trusted.
 *
 * @module
 */

import { commaHint, decimal } from "../text/decimal.ts";
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
  /** What a column holds, where the file says so; absent where all cells are text. */
  readonly types?: ReadonlyMap<string, ColumnType>;
}

/** What a column of a typed file holds. */
export interface ColumnType {
  /** What can be made of it; nothing, where it is `other`. */
  readonly kind: "numbers" | "text" | "time" | "other";
  /** What the file calls it, such as `Boolean` or `Decimal(10, 2)`. */
  readonly name: string;
}

/** Where a cell stands, for messages; `index` is 0 in the first row. */
export function cellPlace({ file, firstRow }: Table, column: string, index: number): string {
  return `${file} row ${firstRow + index}, column ${column}`;
}

/**
 * The cells of a column of text or time stamps.
 *
 * @throws {RangeError} If there is no such column, or it is one of numbers or of another type; the
 * message names the file.
 */
export function column(table: Table, name: string): Cells {
  return cellsOf(table, name, ["text", "time"], "text or time stamps");
}

/**
 * A column as numbers.
 *
 * @param table Where the column is.
 * @param name The column.
 * @param isLimit Whether an empty cell or `inf` means that there is no limit.
 * @throws {RangeError} Naming the file, the row and the text of a cell that is no decimal number, or
 * the type of a column that is not one of numbers.
 *
 * @example
 * ```ts
 * import { numberColumn } from "./columns.ts";
 * const columns = new Map([["loadKw", () => ["0.5", "1e-3"]]]);
 * const table = { file: "load.csv", firstRow: 2, columns };
 * if (numberColumn(table, "loadKw")[1] !== 0.001) throw new Error("expected 0.001 kW");
 * ```
 */
export function numberColumn(table: Table, name: string, isLimit = false): Float64Array {
  const cells = cellsOf(table, name, ["numbers"], "numbers");
  const numbers = new Float64Array(cells.length);
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index];
    if (typeof cell === "number") {
      numbers[index] = cell;
      continue;
    }
    const text = cell?.trim() ?? "";
    const unlimited = isLimit && (text === "" || text === "inf");
    numbers[index] = unlimited ? Infinity : decimal(text);
    if (Number.isNaN(numbers[index])) {
      const got = text === "" ? "an empty cell" : quoted(text);
      throw new RangeError(
        `${cellPlace(table, name, index)}: must be a number with a decimal point, got ${got}` +
          commaHint(text),
      );
    }
  }
  return numbers;
}

function cellsOf(
  { file, columns, types }: Table,
  name: string,
  kinds: readonly ColumnType["kind"][],
  needed: string,
): Cells {
  const cells = columns.get(name);
  if (cells === undefined) throw new RangeError(`${file}: column ${name} is missing; add it`);
  const type = types?.get(name);
  if (type !== undefined && !kinds.includes(type.kind)) {
    throw new RangeError(
      `${file}: column ${name} is of the type ${type.name}; write it as ${needed}`,
    );
  }
  return cells();
}
