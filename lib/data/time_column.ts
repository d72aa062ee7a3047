/**
 * Reads a column of timestamps as a time grid: equidistant, complete, with one offset from UTC.
 *
 * Where the offset changes, as with daylight saving, the moments are kept and labelled with the first
 * offset. Where no timestamp has one, they are local times by a clock that is never changed, and are
 * labelled as UTC. Either is noted.
 *
 * @module
 */

import { parseTimestamp, SLOT_LENGTHS_HOURS, slotLength, type TimeGrid } from "../units.ts";
import { shown } from "../text/shown.ts";

const MS_PER_HOUR = 3_600_000;
const WITH_OFFSET = /(Z|[+-]\d{2}:\d{2})$/;

/**
 * The grid that the timestamps in `cells` form.
 *
 * @param cells ISO 8601, one per slot, all with an offset or none.
 * @param place Names a slot's place, such as file and row.
 * @param notes Receives what was taken otherwise than it is written.
 * @throws {RangeError} Naming the place, if a timestamp is no such text, is missing, comes twice or
 * out of order.
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
  notes: string[] = [],
): TimeGrid {
  if (cells.length < 2) {
    throw new RangeError(
      `${place(0)}: at least two slots are needed to know their length, got ${cells.length}`,
    );
  }
  const isNaive = typeof cells[0] === "string" && isWithoutOffset(cells[0]);
  const parse = (slot: number) => parseCell(cells[slot], isNaive, place(slot));
  const first = parse(0);
  const dtHours = (parse(1).epochMs - first.epochMs) / MS_PER_HOUR;
  let previousMs = first.epochMs, changed = -1;
  for (let slot = 1; slot < cells.length; slot++) {
    const { epochMs, utcOffsetMinutes } = parse(slot);
    if (changed < 0 && utcOffsetMinutes !== first.utcOffsetMinutes) changed = slot;
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
      `${place(1)}: slots must be 60, 30, 15 or 5 min long, got ${slotLength(dtHours)}`,
    );
  }
  if (isNaive) notes.push("time stamps have no offset from UTC and are labelled with +00:00");
  if (changed >= 0) {
    notes.push(
      `the offset from UTC changes at ${
        shown(String(cells[changed]))
      }; all slots are labelled with ` +
        "the first offset",
    );
  }
  const { epochMs: startMs, utcOffsetMinutes } = first;
  return { startMs, utcOffsetMinutes, dtHours, slots: cells.length };
}

function isWithoutOffset(cell: string): boolean {
  return !WITH_OFFSET.test(cell.trim().slice(10));
}

function parseCell(
  cell: unknown,
  isNaive: boolean,
  place: string,
): ReturnType<typeof parseTimestamp> {
  const text = typeof cell === "string" ? shown(cell.trim()) : "";
  try {
    return parseTimestamp(isNaive && isWithoutOffset(text) ? `${text}Z` : text);
  } catch (error) {
    const message = (error as Error).message;
    throw new RangeError(`${place}: ${isNaive ? message.replace(/Z"$/, '"') : message}`);
  }
}

function fault(stepHours: number, dtHours: number): string {
  if (stepHours === 0) return "the timestamp comes twice; keep one row";
  if (stepHours < 0) return "the timestamp goes back; sort the rows";
  const missing = stepHours / dtHours - 1;
  return Number.isInteger(missing) && missing > 0
    ? `a gap of ${missing} slot${missing === 1 ? "" : "s"}; fill in the missing rows`
    : `slots of ${slotLength(stepHours)} follow slots of ${
      slotLength(dtHours)
    }; write all in one length, such as ` +
      "means over the longer one";
}

function hint(stepHours: number, dtHours: number): string {
  return Math.abs(stepHours - dtHours) === 1
    ? "; if this is daylight saving, write all timestamps with one fixed offset"
    : "";
}
