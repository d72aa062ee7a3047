/**
 * Numbers in files and flags: decimal, with a point, and nothing else that a programming language takes for a
 * number (`0x10`, `1_000`, `Infinity`).
 *
 * @module
 */

const OTHER_BASE = /^0[box]/i;
const DECIMAL_COMMA = /^[+-]?\d*,\d+([eE][+-]?\d+)?$/;

/**
 * The number that a text is, correctly rounded; NaN if it is no decimal number, or one beyond all that
 * can be held.
 *
 * @example
 * ```ts
 * import { decimal } from "./decimal.ts";
 * if (decimal(" 1e-3 ") !== 0.001) throw new Error("a thousandth");
 * if (!Number.isNaN(decimal("0x10"))) throw new Error("no decimal number");
 * ```
 */
export function decimal(text: string): number {
  const trimmed = text.trim();
  // What the language takes beyond decimals: nothing for 0, other bases, and infinity.
  if (trimmed === "" || OTHER_BASE.test(trimmed)) return NaN;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : NaN;
}

/** What a message can add where a text is a number after all, written with a decimal comma. */
export function commaHint(text: string): string {
  const trimmed = text.trim();
  return DECIMAL_COMMA.test(trimmed) && trimmed.length < 40
    ? `: write ${trimmed.replace(",", ".")}`
    : "";
}
