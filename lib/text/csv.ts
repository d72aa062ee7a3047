/**
 * CSV as it is written here, by RFC 4180 with line feeds. Numbers keep all their digits; a text never
 * begins a formula when a spreadsheet opens the file.
 *
 * @module
 */

/** What a cell can hold; `null` is an empty cell. */
export type Cell = string | number | null;

/** How spreadsheets begin a formula, the full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Texts that are numbers stay numbers. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A row with its line feed.
 *
 * @example
 * ```ts
 * import { csvLine } from "./csv.ts";
 * const line = csvLine(["=1+1", 'a "b", c', -2.5, null]);
 * if (line !== `'=1+1,"a ""b"", c",-2.5,\n`) throw new Error(line);
 * ```
 */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(cellText).join(",") + "\n";
}

/** Objects of one shape as CSV: the keys of the first are the header. */
export function rowsCsv<Row extends object>(rows: readonly Row[]): string {
  const names = Object.keys(rows[0]) as (keyof Row & string)[];
  return csvLine(names) +
    rows.map((row) => csvLine(names.map((name) => row[name] as Cell))).join("");
}

/** A cell as it stands in a row. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
