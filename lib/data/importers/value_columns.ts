/**
 * Which columns of a table are readings, of which home, and what they measure in which unit.
 *
 * @module
 */

import { basename } from "node:path";
import { shown } from "../../text/shown.ts";
import { isMissing, isNumber, requireColumns, type Sample } from "./cells.ts";
import type { Layout, LayoutWishes, ValueColumn } from "./layout.ts";
import { type NameParts, nameParts, obisParts, roleIn, type Unit, unitIn, units } from "./names.ts";

const HOME =
  /meter|z[äa]e?hler|home|haus|house|site|customer|kunde|household|mp_?id|malo|lclid|^id$|serial|nmi|mpan|device|objekt|messlokation|user|name|building|geb[äa]ude|dwelling/i;
const REGISTER =
  /obis|register|direction|richtung|channel|kanal|variable|measure|type|typ|role|art|flow|quantity|series/i;
const STATUS = /status|quality|qualit[äa]t|flag|validity|kennung|code/i;
/** Numbers that are no readings of a home. */
const OTHER =
  /temp|humid|feucht|wind|irradi|ghi|dni|dhi|strahlung|price|preis|tarif|volt|spannung|ampere|strom_?a|current|frequen|total|summe|gesamt|^sum$|^all$|comment|bemerkung|factor|faktor|carbon|co2|battery|batterie|speicher|soc|latitude|longitude|occup|day_?type|weekday|wochentag|^month$|^year$|^day$|^no\.?$|^nr\.?$|^row$|^index$|unnamed/i;

/** What the columns of a table are, but for those of time. */
export function columnsOf(
  path: string,
  sample: Sample,
  time: readonly string[],
  wishes: LayoutWishes,
): Pick<Layout, "homeColumn" | "registerColumn" | "statusColumn" | "values" | "unused"> {
  const { header, rows } = sample;
  const at = (name: string) => header.indexOf(name);
  const cellsIn = (name: string) => rows.map((row) => row[at(name)] ?? "");
  const others = header.filter((name) => name !== "" && !time.includes(name));
  const isNumeric = (name: string) => {
    const cells = cellsIn(name).filter((cell) => !isMissing(cell));
    return cells.length > 0 && cells.filter(isNumber).length >= 0.7 * cells.length;
  };
  const text = others.filter((name) =>
    !isNumeric(name) && cellsIn(name).some((cell) => cell !== "")
  );
  const isRepeated = (name: string) => new Set(cellsIn(name)).size <= Math.max(1, rows.length / 2);
  const found = (pattern: RegExp, among: readonly string[]) =>
    among.find((name) => pattern.test(name) && isRepeated(name)) ?? null;
  const statusColumn = wishes.statusColumn ??
    found(STATUS, others.filter((name) => !isReading(name)));
  const registerColumn = wishes.registerColumn ??
    (text.find((name) => cellsIn(name).slice(0, 50).every((cell) => registerOf(cell) !== null)) ??
      null);
  const unitColumn = text.find((name) => cellsIn(name).every((cell) => unitOf(cell) !== undefined));
  const unit = wishes.unit ?? unitIn(unitColumn === undefined ? "" : cellsIn(unitColumn)[0]);
  if (unitColumn !== undefined && new Set(cellsIn(unitColumn)).size > 1) {
    throw new RangeError(
      `${path}, column ${shown(unitColumn)}: has several units; keep the rows of one`,
    );
  }
  const rest = text.filter((name) => ![statusColumn, registerColumn, unitColumn].includes(name));
  const named = others.filter((name) => HOME.test(name) && !isReading(name) && isIdentifier(name));
  function isIdentifier(name: string) {
    const cells = cellsIn(name).slice(0, 500);
    return cells.every((cell) => !/[.,]/.test(cell) || !isNumber(cell)) && isRepeated(name) &&
      (others.length > 1);
  }
  const homeColumn = wishes.homeColumn ?? found(HOME, rest) ??
    named.find((name) => !rest.includes(name) && isLong(cellsIn(name))) ??
    rest.find((name) =>
      isRepeated(name) && !OTHER.test(name) && !STATUS.test(name) &&
      !REGISTER.test(name) && new Set(cellsIn(name)).size > 1
    ) ?? null;
  // Readings of one home: those of several rise and fall by turns.
  const keys = [homeColumn, registerColumn].filter((name) => name !== null).map(at);
  const isOfOne = (row: readonly string[]) => keys.every((key) => row[key] === rows[0][key]);
  const cellsOfOne = (name: string) => rows.filter(isOfOne).map((row) => row[at(name)] ?? "");
  const special = [homeColumn, registerColumn, statusColumn, unitColumn, ...wishes.unused ?? []];
  const numeric = others.filter((name) => !special.includes(name) && isNumeric(name));
  const used = numeric.filter((name) => !OTHER.test(name));
  const values = wishes.values ??
    used.map((name) =>
      valueColumn(path, name, cellsOfOne(name), homeColumn !== null, sample, {
        ...wishes,
        ...(unit !== undefined && { unit }),
      })
    );
  if (values.length === 0) {
    throw new RangeError(
      `${path}: none of its columns holds readings; its columns are ${
        shown(header.join(", "), 300)
      }`,
    );
  }
  requireColumns(path, header, values.map(({ column }) => column));
  const taken = [
    ...time,
    homeColumn,
    registerColumn,
    statusColumn,
    unitColumn,
    ...values.map((v) => v.column),
  ];
  const unused = others.filter((name) => !taken.includes(name));
  return { homeColumn, registerColumn, statusColumn, values, unused };
}

function unitOf(cell: string): Unit | undefined {
  return units.find((unit) => unit === cell);
}

/** Whether a column of names comes in a table with a row per reading. */
function isLong(cells: readonly string[]): boolean {
  const distinct = new Set(cells).size;
  return distinct >= 1 && distinct < cells.length / 2;
}

function isReading(name: string): boolean {
  return nameParts(name).unit !== undefined;
}

/** What a register's name, such as `1.8.0` or `export`, says. */
export function registerOf(cell: string): Omit<NameParts, "home"> | null {
  const obis = obisParts(cell);
  if (obis !== null) return obis;
  const parts = nameParts(cell);
  return parts.home === "" && parts.role !== undefined ? parts : null;
}

function valueColumn(
  path: string,
  column: string,
  cells: readonly string[],
  isLongTable: boolean,
  { title }: Sample,
  wishes: LayoutWishes,
): ValueColumn {
  const parts = nameParts(column);
  const file = basename(path).replace(/\.\w+$/, "");
  const unit = wishes.unit ?? parts.unit ?? unitIn(title) ?? unitIn(file.replaceAll("_", " ")) ??
    wishes.otherwise ?? guessedUnit(cells);
  if (unit === undefined) {
    throw new RangeError(
      `${path}, column ${
        shown(column)
      }: neither the header nor the file's name states the unit; say ` +
        "--unit kWh, Wh, kW or W",
    );
  }
  const isEnergy = unit.endsWith("h");
  const quantity = wishes.quantity ??
    (isEnergy
      ? parts.quantity === "register" || looksCumulative(cells) ? "register" : "energy"
      : "power");
  const role = wishes.role ?? parts.role ?? roleIn(file) ?? "load";
  const home = isLongTable ? undefined : parts.home || file;
  return {
    column,
    ...(home !== undefined && { home }),
    ...{ role, quantity, unit },
    ...(parts.tariff !== undefined && { tariff: parts.tariff }),
  };
}

/** Without a word on it, numbers that no home uses in kilowatts are watts. */
function guessedUnit(cells: readonly string[]): Unit | undefined {
  const numbers = cells.map((cell) => Number(cell.replace(",", "."))).filter(Number.isFinite);
  const mean = numbers.reduce((sum, value) => sum + Math.abs(value), 0) / numbers.length;
  return mean > 60 && !looksCumulative(cells) ? "W" : undefined;
}

/** Whether readings only ever grow, as those of a meter since it was built in. */
function looksCumulative(cells: readonly string[]): boolean {
  const numbers = cells.map((cell) => Number(cell.replace(",", "."))).filter(Number.isFinite);
  const steps = numbers.slice(1).map((value, k) => value - numbers[k]);
  const rising = steps.filter((step) => step > 0).length;
  const falling = steps.filter((step) => step < 0).length;
  if (steps.length < 8 || falling > 0.02 * steps.length || rising === 0) return false;
  return numbers[0] > Math.max(...steps) || (steps.length >= 30 && rising > 0.5 * steps.length);
}
