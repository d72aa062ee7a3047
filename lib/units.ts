/**
 * Units, the sign convention and the time grid.
 *
 * - Power is in kW and is the mean over a slot; energy is in kWh;
 *   `energy = power × dtHours`, always.
 * - **Taking energy is positive** (consuming, charging, importing, buying); **giving is negative**
 *   (generating, discharging, exporting, selling). Load and available PV are stored as
 *   non-negative magnitudes.
 * - A slot is labelled by its start. Slots are equidistant and a data set has one fixed UTC offset.
 *
 * @module
 */

/** Quantities below this are dust: no order, no price-setter, no violation. [kWh] */
export const DUST_KWH = 1e-9;

/** Hours in a day. [h] */
export const HOURS_PER_DAY = 24;

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;

/** Slot lengths that divide a day into whole slots and are supported throughout: 60 to 5 minutes. [h] */
export const SLOT_LENGTHS_HOURS: readonly number[] = [1, 0.5, 0.25, 1 / 12];

/** Equidistant slots of one data set. */
export interface TimeGrid {
  /** Start of the first slot, in milliseconds since 1970-01-01T00:00Z. [ms] */
  readonly startMs: number;
  /** Offset of local time from UTC; 60 is `+01:00`. [min] */
  readonly utcOffsetMinutes: number;
  /** Length of a slot. [h] */
  readonly dtHours: number;
  /** Number of slots. */
  readonly slots: number;
}

/** Local calendar position of a slot's start. */
export interface LocalTime {
  /** Hour of the day with its fraction, 0 to 24 exclusive. [h] */
  readonly hourOfDay: number;
  /** Day of the year, 0 on 1 January. [d] */
  readonly dayOfYear: number;
  /** Day of the week, 0 is Monday and 6 is Sunday. */
  readonly weekday: number;
}

/**
 * Energy of a constant power over a slot. [kWh]
 *
 * @example
 * ```ts
 * import { energyKwh } from "./units.ts";
 * if (energyKwh(3, 0.25) !== 0.75) throw new Error("3 kW over a quarter of an hour is 0.75 kWh");
 * ```
 */
export function energyKwh(powerKw: number, dtHours: number): number {
  return powerKw * dtHours;
}

/**
 * Number of whole slots in a day.
 *
 * @throws {RangeError} If `dtHours` is not one of {@linkcode SLOT_LENGTHS_HOURS}.
 */
export function slotsPerDay(dtHours: number): number {
  if (!SLOT_LENGTHS_HOURS.includes(dtHours)) {
    throw new RangeError(
      `dtHours must be one of 1, 0.5, 0.25 and 1/12, got ${dtHours}`,
    );
  }
  return HOURS_PER_DAY / dtHours;
}

/**
 * Length of a slot in words.
 *
 * @example
 * ```ts
 * import { slotLength } from "./units.ts";
 * if (slotLength(1 / 12) !== "5 min" || slotLength(0.5) !== "0.5 h") throw new Error("5 min, 0.5 h");
 * ```
 */
export function slotLength(dtHours: number): string {
  return Number.isInteger(dtHours * 4)
    ? `${dtHours} h`
    : `${Number((60 * dtHours).toPrecision(6))} min`;
}

/**
 * ISO 8601 timestamp of a slot's start with the grid's offset.
 *
 * @example
 * ```ts
 * import { parseTimestamp, timestamp } from "./units.ts";
 * const { epochMs, utcOffsetMinutes } = parseTimestamp("2025-01-01T00:00+01:00");
 * const grid = { startMs: epochMs, utcOffsetMinutes, dtHours: 0.5, slots: 48 };
 * if (timestamp(grid, 3) !== "2025-01-01T01:30:00+01:00") throw new Error(timestamp(grid, 3));
 * ```
 */
export function timestamp(grid: TimeGrid, slot: number): string {
  const local = new Date(localMs(grid, slot)).toISOString().slice(0, 19);
  const minutes = Math.abs(grid.utcOffsetMinutes);
  const sign = grid.utcOffsetMinutes < 0 ? "-" : "+";
  const two = (n: number) => String(n).padStart(2, "0");
  return `${local}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * Reads an ISO 8601 timestamp that states its offset (`Z` or `±hh:mm`).
 *
 * @throws {RangeError} If the text is not such a timestamp, or names a day that does not exist.
 */
export function parseTimestamp(text: string): { epochMs: number; utcOffsetMinutes: number } {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})$/
    .exec(text);
  if (match === null) {
    throw new RangeError(
      `timestamp must be ISO 8601 with offset, such as 2025-01-01T00:00:00+01:00, got "${text}"`,
    );
  }
  const [, day, clock, zone] = match;
  const epochMs = Date.parse(`${day}T${clock}${zone}`);
  if (Number.isNaN(epochMs) || Number.isNaN(parseDay(day))) {
    throw new RangeError(`timestamp names a moment that does not exist: "${text}"`);
  }
  const [hours, minutes] = zone === "Z" ? [0, 0] : zone.slice(1).split(":").map(Number);
  const utcOffsetMinutes = (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
  return { epochMs, utcOffsetMinutes: utcOffsetMinutes === 0 ? 0 : utcOffsetMinutes };
}

/**
 * Midnight in UTC of a day such as `2025-06-21`; NaN if there is no such day. [ms]
 *
 * @example
 * ```ts
 * import { parseDay } from "./units.ts";
 * if (!Number.isNaN(parseDay("2025-02-30"))) throw new Error("February has 28 days");
 * ```
 */
export function parseDay(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return NaN;
  const midnight = new Date(`${text}T00:00:00Z`);
  // A day beyond the end of its month would be read as one of the next.
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
  return exists ? midnight.getTime() : NaN;
}

/** Local calendar position of a slot's start. */
export function localTime(grid: TimeGrid, slot: number): LocalTime {
  const ms = localMs(grid, slot);
  const day = Math.floor(ms / MS_PER_DAY);
  const newYear = Date.UTC(new Date(ms).getUTCFullYear(), 0, 1) / MS_PER_DAY;
  return {
    hourOfDay: (ms - day * MS_PER_DAY) / MS_PER_HOUR,
    dayOfYear: day - newYear,
    // 1970-01-01 was a Thursday, weekday 3.
    weekday: (((day + 3) % 7) + 7) % 7,
  };
}

function localMs(grid: TimeGrid, slot: number): number {
  return grid.startMs + grid.utcOffsetMinutes * MS_PER_MINUTE +
    Math.round(slot * grid.dtHours * MS_PER_HOUR);
}
