/**
 * What the checks of all kinds of devices share: messages that name the field, its value and its place.
 *
 * @module
 */

import { quoted, shown } from "../../text/shown.ts";
import { type TimeGrid, timestamp } from "../../units.ts";

/** Says where a field of a device stands, for messages; `row` counts its sessions, runs or slots. */
export type DevicePlace = (field: string, row?: number) => string;

/** Refuses a value unless it holds. */
export type Demand = (
  holds: boolean,
  field: string,
  rule: string,
  value: unknown,
  remedy?: string,
  row?: number,
) => void;

/** A kind of device in a sentence, such as `an appliance`. */
export function withArticle(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** The device in words, such as `device "ev" of prosumer a`. */
export function deviceName(name: string, id: string): string {
  return `device ${quoted(name)} of prosumer ${shown(id)}`;
}

/** Checks that throw a {@linkcode RangeError} which names the place. */
export function demandAt(place: DevicePlace): Demand {
  return (holds, field, rule, value, remedy, row) => {
    if (holds) return;
    const text = shown(String(value));
    const hint = remedy === undefined ? "" : `; ${remedy}`;
    throw new RangeError(`${field} must be ${rule}, got ${text} (${place(field, row)})${hint}`);
  };
}

/** Whether a number is finite and at least 0. */
export function isNonNegative(value: number): boolean {
  return value >= 0 && value < Infinity;
}

/** Whether a number is finite and above 0. */
export function isPositive(value: number): boolean {
  return value > 0 && value < Infinity;
}

/** Whether a number is in (0, 1]. */
export function isShare(value: number): boolean {
  return value > 0 && value <= 1;
}

/** Checks a device's name: letters, digits, `_` and `-`, and not that of the home's battery. */
export function demandName(demand: Demand, name: string): void {
  const isName = /^[\p{L}\p{M}\p{N}_-]+$/u.test(name) && name === name.normalize("NFC");
  demand(isName, "name", 'letters, digits, "_" and "-"', quoted(name));
  demand(name !== "battery", "name", "another than that of the home's battery", quoted(name));
}

/** A span of time in which a device can be used. */
export interface Span {
  /** Its start, in milliseconds since 1970-01-01T00:00Z. [ms] */
  readonly startMs: number;
  /** Its end. [ms] */
  readonly endMs: number;
}

/** A moment as files have it, in the time zone of the data. */
export function moment(ms: number, grid: TimeGrid): string {
  return Number.isFinite(ms) && Math.abs(ms) <= 8e15
    ? timestamp({ ...grid, startMs: ms }, 0)
    : String(ms);
}

/**
 * Checks spans in time: in order, whole seconds, each with an end after its start, none overlapping, and
 * all of them within the data at least in part.
 *
 * @param names Of start and end in files, and of a span.
 */
export function demandSpans(
  demand: Demand,
  spans: readonly Span[],
  grid: TimeGrid,
  names: { readonly start: string; readonly end: string; readonly span: string },
): void {
  const endMs = grid.startMs + grid.slots * grid.dtHours * 3_600_000;
  spans.forEach((span, row) => {
    const [start, end] = [moment(span.startMs, grid), moment(span.endMs, grid)];
    for (const [field, ms] of [[names.start, span.startMs], [names.end, span.endMs]] as const) {
      const isWhole = Number.isSafeInteger(ms / 1000) && Math.abs(ms) <= 8e15;
      demand(isWhole, field, "a moment in whole seconds", moment(ms, grid), "round it", row);
    }
    demand(
      span.endMs > span.startMs,
      names.end,
      `after the ${names.start} ${start}`,
      end,
      "correct one of the two",
      row,
    );
    const before = spans[row - 1]?.endMs ?? -Infinity;
    demand(
      span.startMs >= before,
      names.start,
      `at or after the ${names.end} before it, ${moment(before, grid)}`,
      start,
      `${names.span}s of a device must not overlap: correct or merge them`,
      row,
    );
    demand(
      span.endMs > grid.startMs && span.startMs < endMs,
      names.start,
      `within the data, ${moment(grid.startMs, grid)} to ${moment(endMs, grid)}, or the ` +
        `${names.end} be so`,
      start,
      `remove the ${names.span}`,
      row,
    );
  });
}
