/**
 * Text tables for the terminal.
 *
 * @module
 */

/**
 * Aligned columns: numbers to the right, text to the left.
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
): string {
  const cells = rows.map((row) => row.map(String));
  const widths = header.map((title, k) =>
    cells.reduce((width, row) => Math.max(width, row[k].length), title.length)
  );
  const numeric = header.map((_, k) => cells.every((row) => Number.isFinite(Number(row[k]))));
  const line = (row: readonly string[]) =>
    row.map((cell, k) => numeric[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k]))
      .join("  ").trimEnd();
  return [header, widths.map((width) => "-".repeat(width)), ...cells].map(line).join("\n");
}
