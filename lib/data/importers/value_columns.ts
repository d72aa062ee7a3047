/**
 * Which columns of a table are readings, of which home, and what they measure in which unit.
 *
 * @module
 */

import { basename } from "node:path";
import { quoted, shown } from "../../text/shown.ts";
import type { Layout, LayoutWishes, ValueColumn } from "./layout.ts";
import { isMissing, isNumber, isStamp, requireColumns, type Sample } from "./cells.ts";
import { nameParts, roleIn, type Unit, unitIn } from "./names.ts";
import { obisOf } from "./obis.ts";
import { entityOf, isRegisterColumn, registerOf } from "./row_names.ts";

const HOME =
  /meter|z[äa]e?hler|home|haus|house|site|customer|kunde|household|mp_?id|malo|lclid|^id$|serial|nmi|mpan|device|objekt|messlokation|user|name|building|geb[äa]ude|dwelling|entity_id|statistic_id|ean|prm|m[åa]lepunkt|cups|cpe|mprn/i;
const REGISTER =
  /obis|register|direction|richtung|channel|kanal|variable|measure|type|typ|role|art|flow|quantity|series/i;
const STATUS = /status|quality|qualit[äa]t|flag|validity|kennung|code/i;
/** Numbers that are no readings of a home: other units, ends of a range, sums, money, weather, dates. */
const OTHER_UNIT = /[[(]\s*(V|A|Hz|%|°C|k?VA|k?VAh|k?varh?|EUR|€|CHF|GBP|USD|ct|p|\$)\s*[\])]/i;
const OTHER =
  /\bcosts?\b|kosten|betrag|charge incl?|standing charge|self.?consum|eigenverbrauch|autoconsum|react|blind|apparent|schein|(min|max)[ _](v|u|power|act|aprt|leistung|volt|curr|w\b)|(serial|(meter|z[äa]e?hler)[ _]?(serial )?(number|nummer|nr|id))$|akku|ladezustand|powerwall|abregel|^[ad]c\d|^(min|max)$|_fund_|temp|humid|feucht|wind|irradi|ghi|dni|dhi|strahlung|price|preis|tarif|volt|spannung|ampere|strom_?a|current|frequen|total|summe|gesamt|^sum$|^all$|comment|bemerkung|factor|faktor|carbon|co2|battery|batterie|speicher|soc|latitude|longitude|occup|day_?type|weekday|wochentag|^month$|^year$|^day$|^no\.?$|^nr\.?$|^row$|^index$|unnamed/i;

/** What the columns of a table are, but for those of time. */
export function columnsOf(
  path: string,
  sample: Sample,
  time: readonly string[],
  wishes: LayoutWishes,
): Pick<Layout, "homeColumn" | "registerColumn" | "statusColumn" | "values" | "unused"> {
  const { header } = sample;
  const at = (name: string) => header.indexOf(name);
  const allIn = (name: string) => sample.rows.map((row) => row[at(name)] ?? "");
  const registerColumn = wishes.registerColumn ??
    header.find((name) => !time.includes(name) && isRegisterColumn(allIn(name))) ?? null;
  // Registers that are not read say nothing of the others.
  const rows = registerColumn === null
    ? sample.rows
    : sample.rows.filter((row) => registerOf(row[at(registerColumn)] ?? "") !== "other");
  const cellsIn = (name: string) => rows.map((row) => row[at(name)] ?? "");
  const others = header.filter((name) =>
    name !== "" && !time.includes(name) && !isTimes(cellsIn(name))
  );
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
  const unitColumn = text.find((name) =>
    name !== statusColumn &&
    cellsIn(name).every(isUnit)
  );
  const unit = unitIn(unitColumn === undefined ? "" : cellsIn(unitColumn)[0] ?? "");
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
  const unitOfName = registerColumn !== null
    ? unitIn(rows[0]?.[at(registerColumn)] ?? "")
    : homeColumn !== null
    ? entityOf(homeColumn, rows[0]?.[at(homeColumn)] ?? "")?.unit
    : undefined;
  // Readings of one home: those of several rise and fall by turns.
  const keys = [homeColumn, registerColumn].filter((name) => name !== null).map(at);
  const isOfOne = (row: readonly string[]) => keys.every((key) => row[key] === rows[0][key]);
  const cellsOfOne = (name: string) => rows.filter(isOfOne).map((row) => row[at(name)] ?? "");
  const special = [homeColumn, registerColumn, statusColumn, unitColumn, ...wishes.unused ?? []];
  const numeric = others.filter((name) => !special.includes(name) && isNumeric(name));
  const used = numeric.filter((name) =>
    obisOf(name) === null ? !OTHER.test(name) && !OTHER_UNIT.test(name) : obisOf(name) !== "other"
  );
  const values = wishes.values ??
    used.map((name) =>
      valueColumn(path, name, cellsOfOne(name), homeColumn !== null, sample, {
        ...wishes,
        unitOfRows: unit ?? unitOfName,
      })
    );
  if (values.length === 0) {
    throw new RangeError(
      `${path}: none of its columns holds readings; its columns are ${
        shown(header.join(", "), 300)
      }; if one does, name its unit in the header, such as Haus01_kWh`,
    );
  }
  requireColumns(path, header, values.map(({ column }) => column));
  const file = basename(path).replace(/\.\w+$/, "");
  const taken = [
    ...time,
    homeColumn,
    registerColumn,
    statusColumn,
    unitColumn,
    ...values.map((v) => v.column),
  ];
  const unused = header.filter((name) => name !== "" && !taken.includes(name));
  return {
    ...{ homeColumn, registerColumn, statusColumn, unused },
    values: wishes.values ??
      values.map((value) => besideRegisters(value, values, cellsOfOne(value.column)))
        .map((value, _, all) => ofWholeFile(value, all, file)),
  };
}

/** A column of energy that never changes, beside registers, is one that has not counted yet. */
function besideRegisters(
  value: ValueColumn,
  all: readonly ValueColumn[],
  cells: readonly string[],
): ValueColumn {
  const isStill = value.quantity === "energy" && cells.every((cell) => cell === cells[0]) &&
    all.some(({ quantity, unit }) => quantity === "register" && unit === value.unit);
  return isStill ? { ...value, quantity: "register" } : value;
}

/** What all of a file's columns are of, the use of the home among them, is one home. */
function ofWholeFile(value: ValueColumn, all: readonly ValueColumn[], file: string): ValueColumn {
  const isHome = /^(home|house|haus|building|site)$/i.test(value.home ?? "") &&
    value.role === "load";
  return isHome && all.some(({ home, role }) => home === file && role !== "load")
    ? { ...value, home: file }
    : value;
}

/** Whether cells are dates or times of day: the other end of an interval, when a row was written. */
function isTimes(cells: readonly string[]): boolean {
  const some = cells.slice(0, 50).filter((cell) => !isMissing(cell));
  return some.length > 0 && some.every((cell) => isStamp(cell) && !isNumber(cell));
}

/** Whether a cell is a unit, alone or in brackets. */
function isUnit(cell: string): boolean {
  return /^\W*[a-z]{1,4}\W*$/i.test(cell) && unitIn(cell) !== undefined;
}

/** Whether a column of names comes in a table with a row per reading. */
function isLong(cells: readonly string[]): boolean {
  const distinct = new Set(cells).size;
  return distinct >= 1 && distinct < cells.length / 2;
}

function isReading(name: string): boolean {
  return nameParts(name).unit !== undefined;
}

function valueColumn(
  path: string,
  column: string,
  cells: readonly string[],
  isLongTable: boolean,
  { title, header, units }: Sample,
  wishes: LayoutWishes & { readonly unitOfRows: Unit | undefined },
): ValueColumn {
  const parts = nameParts(column);
  const file = basename(path).replace(/\.\w+$/, "");
  const code = /\d-\d+:/.test(title) ? obisOf(title) : null;
  if (code === "other") {
    throw new RangeError(
      `${path}: the code above its table, ${
        quoted(title)
      }, is none of active energy or power; give the ` +
        "file of 1-1:1.29.0 or 1-0:1.8.0",
    );
  }
  const unit = wishes.unit ?? parts.unit ?? unitIn(units?.[header.indexOf(column)] ?? "") ??
    wishes.unitOfRows ?? unitIn(title) ??
    unitIn(file.replaceAll("_", " ")) ?? wishes.otherwise ?? guessedUnit(cells);
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
      ? (code?.quantity ?? parts.quantity) === "register" || looksCumulative(cells)
        ? "register"
        : "energy"
      : "power");
  const role = wishes.role ?? parts.role ?? code?.role ?? roleIn(file) ?? "load";
  const home = isLongTable ? undefined : parts.home || file;
  return {
    column,
    ...(home !== undefined && { home }),
    ...{ role, quantity, unit },
    ...(parts.tariff !== undefined && { tariff: parts.tariff }),
    ...(parts.phase !== undefined && { phase: parts.phase }),
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
