/**
 * The tables of a SimBench folder: text by column, `;` between cells, `NULL` for nothing. What is
 * read of them is noted, so that the rest can be told.
 *
 * @module
 */

import { decimal } from "../../text/decimal.ts";
import { quoted, shown } from "../../text/shown.ts";
import { cellPlace, numberColumn, type Table } from "../columns.ts";

/** Where the tables come from. */
export interface SimBenchFiles {
  /** Names of the CSV files, without `.csv`. */
  readonly names: readonly string[];
  /** The table of a name. */
  table(name: string): Promise<Table>;
}

/** A table whose columns are counted as used when they are read. */
export interface SimBenchTable {
  /** Names of its elements, or an empty column's length in other tables. */
  readonly rows: number;
  /** Text of a cell. */
  text(column: string, row: number): string;
  /** Number in a cell; `otherwise`, if given, where the cell is NULL. */
  number(column: string, row: number, otherwise?: number): number;
  /** A whole column of numbers. */
  numbers(column: string): Float64Array;
  /** Where a cell stands, for messages. */
  place(column: string, row: number): string;
  /** Whether there is such a column. */
  has(column: string): boolean;
}

/** The tables of a folder. */
export interface SimBenchTables {
  /** A table. */
  read(name: string): Promise<SimBenchTable>;
  /** A table that may be missing: one without rows then. */
  readIfAny(name: string): Promise<SimBenchTable>;
  /** Files and columns of which nothing was read, in words. */
  unused(): string[];
}

/** Prepares reading. */
export function simBenchTables(files: SimBenchFiles): SimBenchTables {
  const used = new Map<string, { readonly all: readonly string[]; readonly read: Set<string> }>();
  const read = async (name: string) => {
    const table = await files.table(name);
    const touched = new Set<string>();
    used.set(name, { all: [...table.columns.keys()], read: touched });
    return tracked(table, touched);
  };
  return {
    async read(name) {
      if (files.names.includes(name)) return await read(name);
      throw new RangeError(`${name}.csv is missing; a SimBench grid has it`);
    },
    async readIfAny(name) {
      return files.names.includes(name) ? await read(name) : NO_TABLE;
    },
    unused() {
      const whole = files.names.filter((name) => !used.has(name));
      const columns = [...used].flatMap(([name, { all, read }]) => {
        const rest = all.filter((column) => !read.has(column));
        return rest.length === 0 ? [] : [`columns of ${name}.csv: ${shown(rest.join(", "), 600)}`];
      });
      return [
        ...(whole.length === 0 ? [] : [`files: ${whole.map((name) => `${name}.csv`).join(", ")}`]),
        ...columns,
      ].map((text) => `not used: ${text}`);
    },
  };
}

const NO_TABLE: SimBenchTable = {
  rows: 0,
  text: () => "",
  number: () => NaN,
  numbers: () => new Float64Array(),
  place: (column) => column,
  has: () => false,
};

function tracked(table: Table, touched: Set<string>): SimBenchTable {
  const cells = new Map<string, ArrayLike<string | number | null>>();
  const cellsOf = (column: string) => {
    touched.add(column);
    const known = cells.get(column);
    if (known !== undefined) return known;
    const found = table.columns.get(column);
    if (found === undefined) {
      throw new RangeError(`${table.file}: column ${column} is missing; a SimBench grid has it`);
    }
    const values = found();
    cells.set(column, values);
    return values;
  };
  const text = (column: string, row: number) => {
    const cell = String(cellsOf(column)[row] ?? "").trim();
    return cell === "NULL" ? "" : cell;
  };
  const firstColumn = table.columns.values().next().value;
  return {
    rows: firstColumn === undefined ? 0 : firstColumn().length,
    text,
    number(column, row, otherwise) {
      const cell = text(column, row);
      if (cell === "" && otherwise !== undefined) return otherwise;
      const value = decimal(cell);
      if (!Number.isNaN(value)) return value;
      throw new RangeError(
        `${cellPlace(table, column, row)}: must be a number, got ${
          cell === "" ? "an empty cell" : quoted(cell)
        }`,
      );
    },
    numbers(column) {
      touched.add(column);
      return numberColumn(table, column);
    },
    place: (column, row) => cellPlace(table, column, row),
    has: (column) => table.columns.has(column),
  };
}
