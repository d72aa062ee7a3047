/**
 * Day-ahead prices: the CSV of the transparency platform, whose rows are intervals in local time or in
 * UTC, of an hour or of a quarter, which may change within the file; or any table of time and price.
 *
 * A dynamic tariff is `(price + surcharge) × (1 + VAT)`.
 *
 * @module
 */

import { decimal } from "../../text/decimal.ts";
import { quoted, shown } from "../../text/shown.ts";
import type { Head } from "./dialect.ts";
import { SlotEnergy, type SlotGrid } from "./energy.ts";
import { type Filled, fillGaps } from "./gaps.ts";
import { isMissing } from "./cells.ts";
import { intervalsOf } from "./price_intervals.ts";
import { readSmallTable, type SmallTable } from "./small_table.ts";

/** Prices by intervals in universal time. */
export interface Prices {
  readonly path: string;
  /** Start and end of each interval, in order. [s] */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** [currency/kWh] */
  readonly pricePerKwh: Float64Array;
  /** Of the header. */
  readonly currency: string | null;
  readonly notes: readonly string[];
}

/** What the caller may say of a file of prices. */
export interface PriceWishes {
  /** Clock of stamps that state none. */
  readonly timeZone?: string;
  /** Which of several areas. */
  readonly area?: string;
}

const PRICE = /price|preis|tarif|prix|precio/i;
const UNIT = /(EUR|€|ct|cent|[A-Z]{3})\s*(?:\/|per|je)\s*(MWh|kWh)/i;

/**
 * Reads prices.
 *
 * @throws {RangeError} Naming file, row, column and value.
 */
export async function readPrices(path: string, head: Head, wishes: PriceWishes): Promise<Prices> {
  const table = await readSmallTable(path, head);
  const { header } = table;
  const timeAt = header.findIndex((name) => /mtu|time|date|datum|zeit|stamp|start|von/i.test(name));
  const priceAt = header.findIndex((name) => PRICE.test(name) && !/intraday/i.test(name));
  if (timeAt < 0 || priceAt < 0) {
    throw new RangeError(
      `${path} row 1: a file of prices has a column for time and one for the price, got ` +
        shown(header.join(", "), 200),
    );
  }
  const { perKwh, currency } = unitOf(table, priceAt);
  const { rows, notes } = chosenRows(table, wishes.area);
  const stamps = rows.map(({ row, cells }) => ({ row, text: cells[timeAt] ?? "" }));
  const intervals = intervalsOf(path, header[timeAt], stamps, wishes.timeZone);
  const price = Float64Array.from(rows, ({ row, cells }) => {
    const text = cells[priceAt] ?? "";
    if (isMissing(text)) return NaN;
    const value = decimal(table.separator === "," ? text : text.replace(",", "."));
    if (!Number.isNaN(value)) return value * perKwh;
    throw new RangeError(
      `${path} row ${row}, column ${header[priceAt]}: must be a price, got ${
        quoted(text)
      }; correct ` +
        "it, or leave it empty",
    );
  });
  return { path, ...intervals, pricePerKwh: price, currency, notes };
}

function unitOf(
  { path, header }: SmallTable,
  priceAt: number,
): { perKwh: number; currency: string | null } {
  const match = UNIT.exec(
    header[priceAt].replaceAll("_", " ").replace(/(EUR|ct) (per )?(MWh|kWh)/i, "$1/$3"),
  );
  if (match === null) {
    throw new RangeError(
      `${path}, column ${
        quoted(header[priceAt])
      }: states no unit; write it into the header, such as ` +
        "price [EUR/MWh], [EUR/kWh] or [ct/kWh]",
    );
  }
  const isCent = /^(ct|cent)$/i.test(match[1]);
  const perKwh = (match[2].toLowerCase() === "mwh" ? 1e-3 : 1) * (isCent ? 0.01 : 1);
  const currency = isCent || match[1] === "€" ? "EUR" : match[1].toUpperCase();
  return { perKwh, currency };
}

/** Rows of one area and one sequence. */
function chosenRows(
  { path, header, rows }: SmallTable,
  wanted: string | undefined,
): { rows: SmallTable["rows"]; notes: string[] } {
  const areaAt = header.findIndex((name) => /^(area|bidding zone|bzn|gebotszone)$/i.test(name));
  if (areaAt < 0) return { rows: firstSequence(header, rows), notes: [] };
  const areas = [...new Set(rows.map(({ cells }) => cells[areaAt]))];
  const area = wanted === undefined
    ? areas.length === 1 ? areas[0] : undefined
    : areas.find((name) => name === wanted || name.endsWith(wanted));
  if (area === undefined) {
    throw new RangeError(
      `${path}, column ${header[areaAt]}: has ${
        shown(areas.slice(0, 8).join(", "), 200)
      }; say which with --area`,
    );
  }
  const own = rows.filter(({ cells }) => cells[areaAt] === area);
  return { rows: firstSequence(header, own), notes: [`prices of ${shown(area)}`] };
}

/** Where an area has several sequences, the first one is the auction that contracts name. */
function firstSequence(header: readonly string[], rows: SmallTable["rows"]): SmallTable["rows"] {
  const at = header.findIndex((name) => /^sequence/i.test(name));
  if (at < 0) return rows;
  const first = rows[0].cells[at];
  return rows.filter(({ cells }) => cells[at] === first);
}

/**
 * Prices by slots: means where slots are longer, the same where they are shorter.
 *
 * @param fillHours Gaps up to this length are interpolated; others are refused. [h]
 * @throws {RangeError} Saying which time has no price.
 */
export function pricesBySlot(
  { path, from, to, pricePerKwh }: Prices,
  grid: SlotGrid,
  fillHours: number,
  time: (slot: number) => string,
): { prices: Float64Array; filled: readonly Filled[] } {
  const sums = new SlotEnergy(grid);
  for (let k = 0; k < from.length; k++) {
    if (!Number.isNaN(pricePerKwh[k])) sums.add(from[k], to[k], pricePerKwh[k] * (to[k] - from[k]));
  }
  const filled = fillGaps(sums, fillHours, 0);
  const gap = filled?.find(({ slots }) => slots * grid.slotSeconds > fillHours * 3600);
  if (filled === null || gap !== undefined) {
    const first = gap?.slot ?? 0, slots = gap?.slots ?? grid.slots;
    throw new RangeError(
      `${path}: has no prices from ${time(first)} to ${time(first + slots)}, but the meters have ` +
        `readings; add them, or cut with --${first === 0 ? "from" : "to"} ` +
        time(first === 0 ? slots : first).slice(0, 10),
    );
  }
  return { prices: sums.energyKwh.map((sum) => sum / grid.slotSeconds), filled };
}
