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
import { clockOf, toUniversal } from "./clock.ts";
import { type Head, mode } from "./dialect.ts";
import { SlotEnergy, type SlotGrid } from "./energy.ts";
import { type Filled, fillGaps } from "./gaps.ts";
import { isMissing, zoneIn } from "./cells.ts";
import { readSmallTable, type SmallTable } from "./small_table.ts";
import { dateOrders, readStamp, StampReader } from "./stamps.ts";

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

const LENGTHS = [900, 1800, 3600];
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
  { path, header, separator: _ }: SmallTable,
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

/** Universal time of intervals; those of the platform name their ends too. */
function intervalsOf(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  zone: string | undefined,
): { from: Uint32Array; to: Uint32Array } {
  const begins = stamps.map(({ text }) => text.split(/\s+-\s+/)[0]);
  const order = dateOrders.find((order) => {
    const reader = new StampReader(order);
    return begins.every((text) => readStamp(text, reader)?.hasDate);
  });
  if (order === undefined) {
    const reader = new StampReader("DMY");
    const k = Math.max(0, begins.findIndex((text) => readStamp(text, reader) === null));
    throw new RangeError(
      `${path} row ${
        stamps[k].row
      }, column ${column}: must be a time stamp or an interval of two, got ` +
        quoted(stamps[k].text),
    );
  }
  const reader = new StampReader(order);
  const local = new Uint32Array(begins.length), lengths = new Float64Array(begins.length);
  let offsets = 0;
  stamps.forEach(({ text }, k) => {
    const [begin, end] = text.split(/\s+-\s+/);
    const { localSeconds, offsetMinutes } = readStamp(begin, reader)!;
    const isUniversal = !Number.isNaN(offsetMinutes);
    local[k] = localSeconds - (isUniversal ? offsetMinutes * 60 : 0);
    if (isUniversal) offsets++;
    lengths[k] = end === undefined
      ? NaN
      : (readStamp(end, reader)?.localSeconds ?? NaN) - localSeconds;
  });
  const from = offsets === 0
    ? universalOf(path, column, stamps, local, zone)
    : mixed(path, column, stamps, local, offsets, zone);
  const usual = mode(Array.from(from.subarray(1), (time, k) => time - from[k]));
  const to = Uint32Array.from(from, (time, k) => {
    const length = LENGTHS.includes(lengths[k]) ? lengths[k] : usual;
    return k + 1 < from.length && from[k + 1] < time + length ? from[k + 1] : time + length;
  });
  return { from, to };
}

function universalOf(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  local: Uint32Array,
  zone: string | undefined,
): Uint32Array {
  const name = zoneIn(column) ?? zone;
  if (name === undefined) {
    throw new RangeError(
      `${path}, column ${column}: its time stamps state no offset; say by which clock they are with ` +
        "--time-zone, such as Europe/Berlin",
    );
  }
  const moments = new Uint32Array(local.length);
  const fault = toUniversal(clockOf(name), local, moments);
  if (fault !== null) {
    const { row, text } = stamps[fault.index];
    throw new RangeError(
      `${path} row ${row}, column ${column}: ${quoted(text)} ${
        fault.kind === "missing"
          ? `does not exist in ${name}; say another --time-zone`
          : `comes twice in ${name}, not in order; sort the rows by time as it passed`
      }`,
    );
  }
  requireRising(path, column, stamps, moments);
  return moments;
}

/** Some stamps name their clock, as the platform does in the hour that comes twice. */
function mixed(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  times: Uint32Array,
  offsets: number,
  zone: string | undefined,
): Uint32Array {
  if (offsets < times.length) {
    const name = zoneIn(column) ?? zone;
    if (name === undefined) {
      throw new RangeError(
        `${path}, column ${column}: some stamps name a clock and some do not; say which holds with ` +
          "--time-zone",
      );
    }
    const clock = clockOf(name);
    const isNamed = (text: string) => /\(\w+\)|[+-]\d\d:?\d\d$|Z$/.test(text.split(/\s+-\s+/)[0]);
    stamps.forEach(({ text }, k) => {
      if (isNamed(text)) return;
      const one = new Uint32Array(1);
      toUniversal(clock, times.subarray(k, k + 1), one);
      times[k] = one[0];
    });
  }
  requireRising(path, column, stamps, times);
  return times;
}

function requireRising(
  path: string,
  column: string,
  stamps: readonly { row: number; text: string }[],
  moments: Uint32Array,
): void {
  const wrong = moments.findIndex((time, k) => k > 0 && time <= moments[k - 1]);
  if (wrong < 0) return;
  const { row, text } = stamps[wrong];
  throw new RangeError(
    `${path} row ${row}, column ${column}: ${
      quoted(text)
    } does not come after the row before; keep one ` +
      "price for each interval, in the order of time",
  );
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
