/**
 * Registers by their OBIS code, `A-B:C.D.E*F` (IEC 62056-61): what is measured (C), how (D), at which
 * tariff (E). Active energy and power are read; everything else that meters count is known as such, so
 * that it is left out and listed rather than taken for energy.
 *
 * | C | what | D | how |
 * | --- | --- | --- | --- |
 * | 1, 2 | active, import and export | 8 | register |
 * | 21 41 61, 22 42 62 | the same by phase | 9, 29 | energy of the interval |
 * | 3 to 8, 15, 16, … | reactive, apparent, sums | 4, 5, 7, 25, 27 | mean or present power |
 * | others | voltage, current, … | 2, 3, 6 | maxima: no energy |
 *
 * @module
 */

import type { Quantity, Role } from "./names.ts";

/** What a code of active energy or power says. */
export interface ObisRegister {
  /** What is measured. */
  readonly role: Role;
  /** How it counts. */
  readonly quantity: Quantity;
  /** Which of several registers by tariff, whose sum is 0; absent of a power. */
  readonly tariff?: number;
  /** Which phase, 1 to 3; absent for their sum. */
  readonly phase?: number;
}

const CODE =
  /(?:^|[^\d.:-])(?:(\d{1,2})-(\d{1,3}):)?(\d{1,2})\.(\d{1,3})\.(\d{1,3})(?:[*&.]\d{1,3})?(?:$|[^\d.])/;
/** Media of A other than electricity: heat, gas, water and others. */
const ELECTRICITY = 1, ABSTRACT = 0;
const QUANTITIES: Readonly<Record<number, Quantity>> = {
  ...{ 8: "register", 9: "energy", 29: "energy" },
  ...{ 4: "power", 5: "power", 7: "power", 25: "power", 27: "power" },
};
/** Values of D that a code without its group A and B has; else it is a version or an address. */
const KNOWN_D = [2, 3, 4, 5, 6, 7, 8, 9, 25, 27, 29];

/**
 * What a text's code says: a register that is read, `"other"` for one that is not, `null` without a code.
 *
 * @example
 * ```ts
 * import { obisOf } from "./obis.ts";
 * const code = obisOf("1-1:41.29.0");
 * if (code === null || code === "other" || code.phase !== 2) throw new Error("import of phase 2");
 * if (obisOf("1-0:3.8.0*255") !== "other") throw new Error("reactive energy");
 * ```
 */
export function obisOf(text: string): ObisRegister | "other" | null {
  const match = CODE.exec(text);
  if (match === null) return null;
  const [medium, channel, c, d, e] = match.slice(1).map((digits) =>
    digits === undefined ? undefined : Number(digits)
  );
  const isPrefixed = channel !== undefined;
  if (!isPrefixed && !KNOWN_D.includes(d!)) return null;
  if (isPrefixed && medium !== ELECTRICITY) {
    return medium === ABSTRACT || medium! >= 4 ? "other" : null;
  }
  const phase = [1, 2].includes(c!)
    ? 0
    : [21, 22].includes(c!)
    ? 1
    : [41, 42].includes(c!)
    ? 2
    : [61, 62].includes(c!)
    ? 3
    : null;
  const quantity = QUANTITIES[d!];
  if (phase === null || quantity === undefined) {
    // Three numbers that stand alone may be anything, but in a column of such codes.
    return isPrefixed || text.trim().length <= match[0].length ? "other" : null;
  }
  return {
    role: c! % 10 === 1 ? "import" : "export",
    quantity,
    ...(quantity !== "power" && { tariff: e! }),
    ...(phase > 0 && { phase }),
  };
}

/** A text without its code. */
export function withoutObis(text: string): string {
  return obisOf(text) === null ? text : text.replace(CODE, (found) => {
    const first = /^[^\d]/.test(found) ? found[0] : "",
      last = /[^\d]$/.test(found) ? found.at(-1) : "";
    return `${first} ${last}`;
  });
}
