/**
 * Reads a column of timestamps as a time grid: equidistant, complete, with one offset from UTC.
 *
 * @module
 */

import { parseTimestamp, SLOT_LENGTHS_HOURS, type TimeGrid } from "../units.ts";
import { shown } from "../text/shown.ts";

const MS_PER_HOUR = 3_600_000;

/**
 * The grid that the timestamps in `cells` form.
 *
 * @param cells ISO 8601 with offset, one per slot.
 * @param place Names a slot's place, such as file and row.
 * @throws {RangeError} Naming the place, if a timestamp is no such text, is missing, comes twice or
 * out of order, or if the offset changes as with daylight saving.
 *
 * @example
 * ```ts
 * import { parseTimeColumn } from "./time_column.ts";
 * const cells = ["2025-01-01T00:00:00+01:00", "2025-01-01T00:30:00+01:00"];
 * if (parseTimeColumn(cells, (slot) => `row ${slot + 1}`).dtHours !== 0.5) throw new Error("0.5 h");
 * ```
 */
export function parseTimeColumn(
  cells: ArrayLike<unknown>,
  place: (slot: number) => string,
): TimeGrid {
  if (cells.length < 2) {
    throw new RangeError(
      `${place(0)}: at least two slots are needed to know their length, got ${cells.length}`,
    );
  }
  const first = parseCell(cells[0], place(0));
  const dtHours = (parseCell(cells[1], place(1)).epochMs - first.epochMs) / MS_PER_HOUR;
  let previousMs = first.epochMs;
  for (let slot = 1; slot < cells.length; slot++) {
    const { epochMs, utcOffsetMinutes } = parseCell(cells[slot], place(slot));
    if (utcOffsetMinutes !== first.utcOffsetMinutes) {
      throw new RangeError(
        `${place(slot)}: the offset from UTC changes (${cells[slot - 1]}, then ${
          cells[slot]
        }), as ` +
          "with daylight saving; write all timestamps with the offset of the first",
      );
    }
    const stepHours = (epochMs - previousMs) / MS_PER_HOUR;
    if (stepHours !== dtHours || stepHours <= 0) {
      throw new RangeError(
        `${place(slot)}: ${fault(stepHours, dtHours)} (${cells[slot - 1]}, then ${cells[slot]})` +
          hint(stepHours, dtHours),
      );
    }
    previousMs = epochMs;
  }
  if (!SLOT_LENGTHS_HOURS.includes(dtHours)) {
    throw new RangeError(
      `${place(1)}: slots must be ${SLOT_LENGTHS_HOURS.join(", ")} hours long, got ${dtHours} h`,
    );
  }
  const { epochMs: startMs, utcOffsetMinutes } = first;
  return { startMs, utcOffsetMinutes, dtHours, slots: cells.length };
}

function parseCell(cell: unknown, place: string): ReturnType<typeof parseTimestamp> {
  try {
    return parseTimestamp(typeof cell === "string" ? shown(cell.trim()) : "");
  } catch (error) {
    throw new RangeError(`${place}: ${(error as Error).message}`);
  }
}

function fault(stepHours: number, dtHours: number): string {
  if (stepHours === 0) return "the timestamp comes twice; keep one row";
  if (stepHours < 0) return "the timestamp goes back; sort the rows";
  const missing = stepHours / dtHours - 1;
  return Number.isInteger(missing) && missing > 0
    ? `a gap of ${missing} slot${missing === 1 ? "" : "s"}; fill in the missing rows`
    : `the step is ${stepHours} h, but the first one is ${dtHours} h; make all steps equal`;
}

function hint(stepHours: number, dtHours: number): string {
  return Math.abs(stepHours - dtHours) === 1
    ? "; if this is daylight saving, write all timestamps with one fixed offset"
    : "";
}
