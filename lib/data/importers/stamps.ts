/**
 * Time stamps as meters and platforms write them, read from bytes without making a text of each:
 * ISO 8601, day or month first, names of months, compact digits, seconds or milliseconds since 1970,
 * twelve hours, hour 24, and an offset or the name of a clock behind.
 *
 * @module
 */

import { withNumberedMonth } from "./named_months.ts";

/** In which order a date is written; what begins with four digits is `YMD` in any case. */
export type DateOrder = "YMD" | "DMY" | "MDY";

/** Orders of a date. */
export const dateOrders: readonly DateOrder[] = ["YMD", "DMY", "MDY"];

/** Offsets from UTC by the name that a clock has behind a stamp. [min] */
const NAMED_OFFSETS: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, BST: 60, WEST: 60, MEZ: 60, CET: 60, MESZ: 120, CEST: 120 },
  ...{ EET: 120, OEZ: 120, EEST: 180, OESZ: 180 },
};

const PLUS = 43, MINUS = 45, DOT = 46, COMMA = 44, COLON = 58, SPACE = 32, QUOTE = 34, SLASH = 47;
const SECONDS_PER_DAY = 86_400;
const MOST_GROUPS = 8;
/** A stamp with a named month and the end of a range is no longer. [bytes] */
const LONGEST_NAMED = 60;

/** Reads stamps of one order; what was read last stands in its fields. */
export class StampReader {
  /** Seconds since 1970 by the clock of the stamp. [s] */
  localSeconds = 0;
  /** Offset from UTC that the stamp states, or NaN. [min] */
  offsetMinutes = NaN;
  /** Whether the stamp has a date. */
  hasDate = false;
  /** Whether the stamp has a time of day. */
  hasTime = false;

  readonly #order: DateOrder;
  readonly #values = new Float64Array(MOST_GROUPS);
  readonly #lengths = new Uint8Array(MOST_GROUPS);

  /** For stamps whose dates are written in `order`. */
  constructor(order: DateOrder) {
    this.#order = order;
  }

  /**
   * Reads a stamp, a date or a time of day; a range such as `00:00 - 00:15` is read as its start.
   *
   * @returns Whether it is one.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    while (start < end && (bytes[start] === SPACE || bytes[start] === QUOTE)) start++;
    while (end > start && (bytes[end - 1] === SPACE || bytes[end - 1] === QUOTE)) end--;
    const values = this.#values, lengths = this.#lengths;
    let groups = 0, at = start, digits = 0, colonAt = -1, dated = false;
    values[0] = 0;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte >= 48 && byte <= 57) {
        values[groups] = values[groups] * 10 + byte - 48;
        digits++;
        continue;
      }
      const isLetter = byte >= 65 && byte !== 84; // T begins a time of day
      if (
        colonAt < 0 &&
        (digits === 0 ? byte >= 65 || byte === SPACE : groups === 0 && digits <= 4 && isLetter)
      ) {
        return this.#readNamed(bytes, start, end);
      }
      if (digits === 0) return false;
      lengths[groups++] = digits;
      if (groups === MOST_GROUPS) return false;
      values[groups] = digits = 0;
      if (byte === COLON) {
        if (colonAt < 0) colonAt = groups - 1;
      } else if (byte === PLUS || byte === SPACE || (byte === MINUS && colonAt >= 0)) {
        // What follows a time of day is an offset, a name, half a day or the end of a range.
        if (colonAt >= 0 || byte === PLUS) break;
        dated = true;
      } else if (byte === MINUS || byte === SLASH || byte === DOT) {
        if (colonAt < 0) dated = true;
      } else if (byte === COMMA) {
        if (colonAt < 0) return false;
      } else if (byte === 84 && colonAt < 0) dated = true; // T
      else break;
    }
    if (digits > 0) lengths[groups++] = digits;
    return this.#interpret(groups, colonAt, dated) && this.#readRest(bytes, at, end);
  }

  /** A date that names its month. */
  #readNamed(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > LONGEST_NAMED) return false;
    const cell = bytes.subarray(start, end);
    const text = withNumberedMonth(decodeAny(cell));
    return text !== null && readStamp(text, this) !== null;
  }

  #interpret(groups: number, colonAt: number, dated: boolean): boolean {
    const values = this.#values, lengths = this.#lengths;
    this.offsetMinutes = NaN;
    this.hasDate = this.hasTime = true;
    if (colonAt === 0 && !dated && lengths[0] <= 2) {
      this.hasDate = false;
      return this.#setTime(0, 0, groups);
    }
    if (lengths[0] >= 8) return this.#readDigits(groups, colonAt);
    if (groups < 3) return false;
    const [year, month, day] = lengths[0] === 4 || this.#order === "YMD"
      ? [0, 1, 2]
      : this.#order === "DMY"
      ? [2, 1, 0]
      : [2, 0, 1];
    if (lengths[year] !== 4 && lengths[year] !== 2) return false;
    const fullYear = lengths[year] === 4 ? values[year] : 2000 + values[year];
    const days = daysOf(fullYear, values[month], values[day]);
    if (Number.isNaN(days)) return false;
    if (groups === 3) {
      this.hasTime = false;
      this.localSeconds = days * SECONDS_PER_DAY;
      return true;
    }
    return colonAt === 3 && this.#setTime(days, 3, groups);
  }

  /** Epochs, and dates without anything between their parts. */
  #readDigits(groups: number, colonAt: number): boolean {
    const value = this.#values[0], length = this.#lengths[0];
    if (length === 8 || length === 12 || length === 14 || (length === 10 && value >= 1.99e9)) {
      const rest = 10 ** (length - 8);
      const date = Math.floor(value / rest);
      const days = daysOf(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);
      if (Number.isNaN(days)) return false;
      if (length === 8 && groups > 1) {
        // A compact time behind a compact date, as in 20250101:0010.
        if (groups > 2 || this.#lengths[1] !== 4) {
          return groups > 2 && this.#setTime(days, 1, groups);
        }
        const hour = Math.floor(this.#values[1] / 100), minute = this.#values[1] % 100;
        return this.#setClock(days, hour, minute, 0);
      }
      if (groups > 1) return false;
      this.hasTime = length > 8;
      const clock = (value % rest) * (length === 10 ? 10_000 : length === 12 ? 100 : 1);
      return this.#setClock(
        days,
        Math.floor(clock / 1e4),
        Math.floor(clock / 100) % 100,
        clock % 100,
      );
    }
    if (colonAt >= 0 || groups > 2 || (length !== 9 && length !== 10 && length !== 13)) {
      return false;
    }
    this.localSeconds = length === 13 ? value / 1000 : value;
    this.offsetMinutes = 0;
    return true;
  }

  #setTime(days: number, from: number, groups: number): boolean {
    const seconds = groups > from + 2 ? this.#values[from + 2] : 0;
    if (groups < from + 2 || groups > from + 4) return false;
    return this.#setClock(days, this.#values[from], this.#values[from + 1], seconds);
  }

  #setClock(days: number, hour: number, minute: number, second: number): boolean {
    const isMidnight = hour === 24 && minute === 0 && second === 0;
    if ((hour > 23 && !isMidnight) || minute > 59 || second > 59) return false;
    this.localSeconds = days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    return true;
  }

  /** What stands behind the digits: an offset, the name of a clock, AM or PM, the end of a range. */
  #readRest(bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return true;
    const rest = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 60))).trim();
    if (rest === "") return true;
    if (rest.startsWith("-") && !/^-\d{2}(:?\d{2})?$/.test(rest)) return true; // a range
    const match = /^([AaPp])\.?[Mm]\.?(.*)$/.exec(rest);
    if (match !== null) {
      if (!this.#setHalf(match[1].toUpperCase() === "P")) return false;
      return this.#setOffset(match[2].trim());
    }
    return this.#setOffset(rest.replace(/\s+-\s.*$/, ""));
  }

  #setHalf(isAfternoon: boolean): boolean {
    const hour = Math.floor(this.localSeconds / 3600) % 24;
    if (hour < 1 || hour > 12) return false;
    this.localSeconds += 3600 * (isAfternoon ? (hour === 12 ? 0 : 12) : hour === 12 ? -12 : 0);
    return true;
  }

  #setOffset(text: string): boolean {
    if (text === "") return true;
    const match = /^(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})?$/.exec(text);
    if (match !== null) {
      const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
      if (minutes > 14 * 60) return false;
      this.offsetMinutes = match[1] === "-" ? -minutes : minutes;
      return true;
    }
    const name = text.replace(/^\((.*)\)$/, "$1").toUpperCase();
    if (!Object.hasOwn(NAMED_OFFSETS, name)) return false;
    this.offsetMinutes = NAMED_OFFSETS[name];
    return true;
  }
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of a date of the Gregorian calendar; NaN if there is none. */
export function daysOf(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month < 1 || month > 12 || day < 1) return NaN;
  if (day > MONTH_DAYS[month - 1] + (month === 2 && isLeap ? 1 : 0)) return NaN;
  // Years that begin in March, so that the leap day is their last.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400), ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear -
    719_468;
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true }), latin = new TextDecoder("windows-1252");

function decodeAny(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin.decode(bytes);
  }
}

/** The same of a text; `null` if it is no stamp. */
export function readStamp(text: string, reader: StampReader): StampReader | null {
  const bytes = encoder.encode(text);
  return reader.read(bytes, 0, bytes.length) ? reader : null;
}
