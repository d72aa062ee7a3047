/**
 * Numbers read from bytes, without making a text of each. A number with up to 15 digits is its digits
 * over a power of ten, both exact in floating point, so that it is rounded as correctly as in any other
 * way; whatever else there is, is read as text.
 *
 * @module
 */

import { decimal as readDecimal } from "../../text/decimal.ts";
import { decoded, type Encoding } from "./dialect.ts";
import { isMissing } from "./cells.ts";

const MINUS = 45;
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: 23 }, (_, k) => 10 ** k);

/** Reads the numbers of a table. */
export class NumberReader {
  readonly #encoding: Encoding;
  readonly #comma: number;
  readonly #isComma: boolean;
  readonly #grouped: RegExp;
  readonly #groups: RegExp;

  /** For numbers with such a decimal mark. */
  constructor(decimal: "." | ",", encoding: Encoding) {
    this.#encoding = encoding;
    this.#isComma = decimal === ",";
    this.#comma = decimal.charCodeAt(0);
    const group = this.#isComma ? "[ '.]" : "[ ',]";
    this.#grouped = new RegExp(`^[+-]?\\d{1,3}(${group}\\d{3})+([${decimal}]\\d+)?$`);
    this.#groups = new RegExp(group, "g");
  }

  /** The number between two places; NaN where the cell says that there is none, `null` if it is no number. */
  read(bytes: Uint8Array, start: number, end: number): number | null {
    let at = start, sign = 1, digits = 0, scale = 0, mantissa = 0, isFraction = false;
    if (bytes[at] === MINUS) {
      sign = -1;
      at++;
    }
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte >= 48 && byte <= 57) {
        mantissa = mantissa * 10 + byte - 48;
        if (mantissa > 0) digits++;
        if (isFraction) scale++;
      } else if (byte === this.#comma && !isFraction) isFraction = true;
      else return this.#readText(bytes, start, end);
    }
    const last = bytes[end - 1];
    const isPlain = digits <= MOST_DIGITS && scale < POWERS.length && end > start &&
      last !== this.#comma && last !== MINUS;
    return isPlain ? sign * mantissa / POWERS[scale] : this.#readText(bytes, start, end);
  }

  /** Quotes, spaces, exponents, thousands, and what is no number. */
  #readText(bytes: Uint8Array, start: number, end: number): number | null {
    let text = decoded(bytes.subarray(start, end), this.#encoding).trim();
    if (text.startsWith('"') && text.endsWith('"')) text = text.slice(1, -1).trim();
    if (isMissing(text)) return NaN;
    const plain = this.#grouped.test(text) ? text.replaceAll(this.#groups, "") : text;
    if (this.#isComma && plain.includes(".")) return null;
    const value = readDecimal(this.#isComma ? plain.replace(",", ".") : plain);
    return Number.isNaN(value) ? null : value;
  }
}
