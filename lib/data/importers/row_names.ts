/**
 * What a row of a table with a row for each reading says of it: its register, or home and register in one name.
 *
 * @module
 */

import { type NameParts, nameParts } from "./names.ts";
import { obisOf } from "./obis.ts";

/** A home and what is measured of it in one name, as home automation has it. */
const ENTITY = /^(entity|statistic)_id$/i;

/** Words for registers by tariff in a column of registers. */
const TARIFF_WORDS: readonly (readonly [pattern: RegExp, tariff: number])[] = [
  [/\s(dag|tag|day|jour|ht|hoog|hoch|normal)(tarief|tarif)?$/i, 1],
  [/\s(nacht|night|nuit|nt|laag|nieder)(tarief|tarif)?$/i, 2],
];

/**
 * What a register's name, such as `1.8.0` or `export`, says; `"other"` for a code that is not read, `null`
 * for no register.
 */
export function registerOf(cell: string): Omit<NameParts, "home"> | "other" | null {
  const obis = obisOf(cell);
  if (obis !== null) return obis;
  const found = TARIFF_WORDS.find(([pattern]) => pattern.test(cell));
  const parts = nameParts(found === undefined ? cell : cell.replace(found[0], ""));
  if (parts.home !== "" || parts.role === undefined) return null;
  return { ...parts, ...(found !== undefined && { tariff: found[1] }) };
}

/** Home, role and unit in a name such as `sensor.haus1_grid_import_kwh`; `null` where a column has only homes. */
export function entityOf(column: string, cell: string): NameParts | null {
  if (!ENTITY.test(column)) return null;
  // Its unit does not say whether it counts up.
  const { quantity, ...parts } = nameParts(cell.replace(/^\w+[.:]/, ""));
  return quantity === "register" ? { ...parts, quantity } : parts;
}

/** Whether a column names registers, of which some are read. */
export function isRegisterColumn(cells: readonly string[]): boolean {
  const some = cells.slice(0, 200);
  return some.every((cell) => registerOf(cell) !== null) &&
    some.some((cell) => registerOf(cell) !== "other");
}
