/**
 * Reads a CSV table with Polars and checks every cell, so that what follows may trust the numbers.
 *
 * @module
 */

import { LARGEST_BYTES, readBytesWithin } from "../data/bounded_file.ts";
import { type Frame, loadPolars, type Polars } from "../data/polars.ts";
import { csvFrame } from "../data/read_table.ts";
import { parseDay } from "../units.ts";
import { quoted } from "../text/shown.ts";

/** What the cells of a column must be; an empty `"number or empty"` cell is `null`. */
export type CellKind = "text" | "timestamp" | "number" | "number or empty";

/** A table in memory: text and timestamps as strings, numbers as 64-bit floats. */
export type Table = Frame;

/**
 * Reads the columns that are named, in the order of the file's rows.
 *
 * @param path File to read.
 * @param columns What each column must hold.
 * @param remedy What the user can do about a bad file; ends every error message.
 * @throws {RangeError} Naming the file, the row (the header is row 1) and the column.
 *
 * @example
 * ```ts
 * import { readTable } from "./checked_table.ts";
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "policy,bill\nlearned,1.5\n");
 * const table = await readTable(path, { policy: "text", bill: "number" }, "write it again");
 * if (table.getColumn("bill").get(0) !== 1.5) throw new Error("expected a bill of 1.5");
 * await Deno.remove(path);
 * ```
 */
export async function readTable(
  path: string,
  columns: Readonly<Record<string, CellKind>>,
  remedy: string,
): Promise<Table> {
  const pl = await loadPolars();
  const bytes = await readBytesWithin(path, { maxBytes: LARGEST_BYTES.table, remedy });
  const text = await withRemedy(csvFrame(bytes, path), remedy);
  for (const name of Object.keys(columns)) {
    if (!text.columns.includes(name)) {
      throw new RangeError(`${path}: column "${name}" is missing; ${remedy}`);
    }
  }
  if (text.height === 0) throw new RangeError(`${path}: there are no rows; ${remedy}`);
  for (const [name, kind] of Object.entries(columns)) {
    const row = firstRow(pl, text, badCell(pl, text, name, kind));
    if (row === null) continue;
    const cell = quoted(text.getColumn(name).get(row) ?? "");
    throw new RangeError(
      `${path}, row ${row + 2}, column ${name}: must be ${RULES[kind]}, got ${cell}; ${remedy}`,
    );
  }
  return text.select(
    ...Object.entries(columns).map(([name, kind]) =>
      kind.startsWith("number") ? pl.col(name).cast(pl.Float64) : pl.col(name)
    ),
  );
}

const RULES: Readonly<Record<CellKind, string>> = {
  "text": "a text",
  "timestamp": "an ISO 8601 time with offset",
  "number": "a number",
  "number or empty": "a number or empty",
};

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

type Expression = ReturnType<Polars["col"]>;

function badCell(polars: Polars, table: Table, name: string, kind: CellKind): Expression {
  const cell = polars.col(name);
  if (kind === "text") return cell.isNull();
  if (kind === "timestamp") {
    const day = cell.str.slice(0, 10);
    const days = table.select(day).getColumn(name).unique().toArray() as (string | null)[];
    const missing = days.filter((each) => each !== null && Number.isNaN(parseDay(each)));
    const bad = cell.str.contains(TIMESTAMP).fillNull(false).not();
    return missing.length === 0 ? bad : bad.or(day.isIn(missing));
  }
  // A cell that is no number becomes null, and null is not finite.
  const bad = cell.cast(polars.Float64, false).isFinite().fillNull(false).not();
  return kind === "number" ? bad : bad.and(cell.isNotNull());
}

function firstRow(polars: Polars, table: Table, condition: Expression): number | null {
  const row = table.select(condition.alias("bad")).withRowIndex("row").filter(polars.col("bad"));
  return row.height === 0 ? null : row.getColumn("row").get(0);
}

async function withRemedy(reading: Promise<Table>, remedy: string): Promise<Table> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${error.message}; ${remedy}`);
  }
}
