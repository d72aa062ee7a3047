/**
 * Text tables for the terminal.
 *
 * @module
 */

/**
 * Aligned columns: numbers to the right, text to the left; `-` stands for a number that is not there.
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
  const numeric = header.map((_, k) => {
    return cells.every((row) => row[k] === "-" || Number.isFinite(Number(row[k])));
  });
  const line = (row: readonly string[]) =>
    row.map((cell, k) => numeric[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k]))
      .join("  ").trimEnd();
  return [header, widths.map((width) => "-".repeat(width)), ...cells].map(line).join("\n");
}

/** The same as a Markdown table. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [header, header.map(() => "---"), ...rows].map(line).join("\n");
}

/** A duration with a decimal where it is short. [µs] */
export function microseconds(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}
