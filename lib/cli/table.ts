/**
 * Tables for the terminal, never wider than it is.
 *
 * @module
 */

import { shown } from "../text/shown.ts";
import { cellWidth, cutToCells, padded, wrapped } from "../text/width.ts";
import { styled, widthOf } from "./terminal.ts";

/** Stands for a number that is not there, such as a ratio of nothing. */
export const NONE = "–";

/** How a table is laid out. */
export interface TableOptions {
  /** What it may take up; by default the width of the terminal. [cells] */
  readonly width?: number;
  /** The row that is in bold where there is bold type. */
  readonly bold?: number;
}

/** Between two columns. */
const GAP = "  ";

/** No column of text is cut to less. [cells] */
const LEAST_TEXT = 12;

/** A table with its cells as texts. */
interface Columns {
  readonly rows: readonly (readonly string[])[];
  readonly widths: readonly number[];
  readonly numeric: readonly boolean[];
}

/**
 * Aligned columns: numbers to the right, text to the left; {@linkcode NONE} stands for a number that
 * is not there. Where all of them do not fit, texts are broken between words, and words cut; then the
 * columns come in several tables, each of which begins with the first column.
 *
 * @example
 * ```ts
 * import { table } from "./table.ts";
 * const text = table(["home", "kWh"], [["a", 1], ["b", "12.5"]]);
 * if (text !== "home   kWh\n----  ----\na        1\nb     12.5") throw new Error(text);
 * ```
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  { width = widthOf("stdout"), bold }: TableOptions = {},
): string {
  const cells = rows.map((row) =>
    row.map((cell) => typeof cell === "number" ? String(cell) : shown(cell))
  );
  const numeric = header.map((_, k) =>
    cells.every((row) => row[k] === NONE || Number.isFinite(Number(row[k])))
  );
  const wanted = header.map((title, k) =>
    cells.reduce((widest, row) => Math.max(widest, cellWidth(row[k])), cellWidth(title))
  );
  const widths = widthsWithin(wanted, numeric, width);
  const columns = { rows: [[...header], ...cells], widths, numeric };
  return blocks(widths, width).map((block) => laidOut(columns, block, bold)).join("\n\n");
}

/** Widths at which all columns fit beside each other, or else each fits beside the first. */
function widthsWithin(
  wanted: readonly number[],
  numeric: readonly boolean[],
  cells: number,
): number[] {
  const together = narrowed(wanted, numeric, cells);
  if (total(together) <= cells) return together;
  const first = Math.min(wanted[0], Math.max(LEAST_TEXT, Math.floor(cells / 2)));
  const most = cells - first - GAP.length;
  return wanted.map((width, k) => k === 0 ? first : numeric[k] ? width : Math.min(width, most));
}

/** Takes from the widest column of text until the table fits, or none can give any more. */
function narrowed(
  wanted: readonly number[],
  numeric: readonly boolean[],
  cells: number,
): number[] {
  const widths = [...wanted];
  for (let over = total(widths) - cells; over > 0;) {
    const givers = widths.map((width, k) => numeric[k] ? 0 : width);
    const widest = givers.indexOf(Math.max(...givers));
    const given = Math.min(over, givers[widest] - LEAST_TEXT);
    if (given <= 0) break;
    // A column gives no more than makes the next one the widest.
    const next = Math.max(LEAST_TEXT, ...givers.filter((_, k) => k !== widest));
    const step = Math.max(1, Math.min(given, givers[widest] - next));
    widths[widest] -= step;
    over -= step;
  }
  return widths;
}

/** Which columns stand side by side: the first, and as many of the others as fit. */
function blocks(widths: readonly number[], cells: number): number[][] {
  const all: number[][] = [[0]];
  for (let k = 1; k < widths.length; k++) {
    const last = all[all.length - 1];
    const fits = total([...last, k].map((column) => widths[column])) <= cells;
    if (fits || last.length === 1) last.push(k);
    else all.push([0, k]);
  }
  return all;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

function laidOut(
  { rows: [header, ...rows], widths, numeric }: Columns,
  block: readonly number[],
  bold: number | undefined,
): string {
  const line = (row: readonly string[]) => {
    const cells = block.map((k) => wrapped(row[k], widths[k], 0).split("\n"));
    const height = Math.max(...cells.map((lines) => lines.length));
    const lines = Array.from({ length: height }, (_, at) =>
      block.map((k, column) => {
        const text = cutToCells(cells[column][at] ?? "", widths[k]);
        return padded(text, widths[k], numeric[k] ? "right" : "left");
      }));
    return lines.map((cells) => cells.join(GAP).trimEnd()).join("\n");
  };
  return [
    line(header),
    block.map((k) => "-".repeat(widths[k])).join(GAP),
    ...rows.map((row, k) => k === bold ? styled("bold", line(row)) : line(row)),
  ].join("\n");
}

/** The same as a Markdown table; nothing in a cell is markup. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => markdownText(String(cell))).join(" | ")} |`;
  return [line(header), `| ${header.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** A text in which nothing is markup. */
export function markdownText(text: string): string {
  return shown(text).replaceAll(/[\\|<>[\]*_`&]/g, "\\$&");
}

/** From here on a share is 100.0 %. */
const ALL = 0.9995;

/** A share as ten cells of a bar with the figure in percent; {@linkcode NONE} if it is `null`. */
export function barOf(share: number | null): string {
  if (share === null) return NONE;
  // The last cell is full only where the figure says that nothing is missing.
  const most = share >= ALL ? 10 : 9;
  const full = Math.min(most, Math.max(0, Math.round(10 * share)));
  return `${"■".repeat(full)}${"·".repeat(10 - full)} ${percent(share).padStart(5)}`;
}

/** A share in percent with a decimal; {@linkcode NONE} if it is `null`. */
export function percent(share: number | null): string {
  return share === null ? NONE : (100 * share).toFixed(1).replace(/^-0\.0$/, "0.0");
}

/** A duration with a decimal where it is short. [µs] */
export function microseconds(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}
