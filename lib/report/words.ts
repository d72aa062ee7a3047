/**
 * Findings in words that stay true whatever the numbers become.
 *
 * @module
 */

/**
 * How a number went from one value to another.
 *
 * @example
 * ```ts
 * import { course } from "./words.ts";
 * const percent = (x: number) => `${x.toFixed(0)} %`;
 * if (course(97.9, 72.4, percent) !== "falls from 98 % to 72 %") throw new Error("falls");
 * if (course(72.4, 97.9, percent) !== "rises from 72 % to 98 %") throw new Error("rises");
 * if (course(72.4, 72.1, percent) !== "stays at 72 %") throw new Error("stays");
 * ```
 */
export function course(from: number, to: number, format: (value: number) => string): string {
  const [before, after] = [format(from), format(to)];
  if (before === after) return `stays at ${after}`;
  return `${to < from ? "falls" : "rises"} from ${before} to ${after}`;
}

/**
 * How much of a whole, with `all` and `nothing` where that is what it rounds to.
 *
 * @example
 * ```ts
 * import { partOf } from "./words.ts";
 * if (partOf(4, 9, "kWh") !== "4 of 9 kWh") throw new Error("a part");
 * if (partOf(8.9, 9, "kWh") !== "all of 9 kWh" || partOf(0.1, 9, "kWh") !== "nothing of 9 kWh") {
 *   throw new Error("the ends");
 * }
 * ```
 */
export function partOf(part: number, whole: number, unit: string): string {
  const [some, all] = [part, whole].map((value) => Math.round(value));
  const amount = some <= 0 ? "nothing" : some >= all ? "all" : String(some);
  return `${amount} of ${all} ${unit}`;
}
