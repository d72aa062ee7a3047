/**
 * What no one would write into a file on purpose.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";

/** Numbers and other values as they stand in a JSON text; some are no JSON. */
const JSON_VALUES: readonly string[] = [
  ...["0", "-0", "-1", "1e308", "-1e308", "1e400", "-1e400", "5e-324", "1e-320", "0.1e-7"],
  ...["9007199254740993", "1e9", "1000000000", "2147483648", "4294967296", "18446744073709551616"],
  ...["1".repeat(400), "NaN", "Infinity", "-Infinity", "0x10", "01", "1_000", "+1", ".5"],
  ...["null", "true", "false", "{}", "[]", '""', '"1"', '"NaN"', '"∞"', '"\\u0000"', '"\\ud800"'],
  ...['"../../outside/secret.csv"', '"/etc/passwd"', '"__proto__"', '"a\\nb\\u001b[31mred"'],
  ...['"synthetic"', '"http://127.0.0.1:1/x"', "[null]", "[[[[]]]]", '{"__proto__": {"x": 1}}'],
  `"${"long ".repeat(5000)}"`,
];

/** Cells of a CSV table. */
const CELLS: readonly string[] = [
  ...["", " ", "-", "NaN", "nan", "inf", "-inf", "Infinity", "null", "None", "true", "#REF!"],
  ...["0", "-0", "-1", "1e308", "-1e308", "1e400", "5e-324", "9007199254740993", "1e9"],
  ...["1".repeat(400), "0x10", "1_000", "1,5", '"1,5"', "+1", "١٢", " 1 ", "1e", "=1+1"],
  ...['"', '""', '"a', "a\0b", "\x1b[31m", "é".repeat(3), "\ufeff1", "x".repeat(20000)],
  ...["2025-02-30T00:00:00Z", "2025-01-01", "9999-12-31T23:59:59+99:99", "0000-00-00T00:00:00Z"],
  ...["__proto__", "constructor", "../../outside/secret.csv"],
];

/** One of the values as it stands in a JSON text. */
export function absurdJson(random: Stream): string {
  return JSON_VALUES[random.below(JSON_VALUES.length)];
}

/** One of the cells. */
export function absurdCell(random: Stream): string {
  return CELLS[random.below(CELLS.length)];
}
