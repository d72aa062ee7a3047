/**
 * Times in which a device can be used, as slots of a data set.
 *
 * @module
 */

import type { Span } from "../data/devices/check.ts";
import type { TimeGrid } from "../units.ts";

const MS_PER_HOUR = 3_600_000;

/** A span as slots; both ends may lie outside of the data. */
export interface SlotSpan {
  /** Slot in which it begins. */
  readonly first: number;
  /** Slot in which it ends; an end between two slots belongs to the first of them. */
  readonly last: number;
}

/** The slots that a span touches. */
export function slotSpan({ startMs, endMs }: Span, grid: TimeGrid): SlotSpan {
  const slotMs = grid.dtHours * MS_PER_HOUR;
  return {
    first: Math.floor((startMs - grid.startMs) / slotMs),
    last: Math.ceil((endMs - grid.startMs) / slotMs) - 1,
  };
}

/** Hours from the end of slot `t` to a moment, negative if that is before it. [h] */
export function hoursAfter(grid: TimeGrid, t: number, ms: number): number {
  return (ms - grid.startMs) / MS_PER_HOUR - (t + 1) * grid.dtHours;
}

/** Share of each slot that lies within spans which do not overlap. */
export function shareWithin(spans: readonly Span[], grid: TimeGrid): Float64Array {
  const slotMs = grid.dtHours * MS_PER_HOUR;
  const withinMs = new Float64Array(grid.slots);
  for (const span of spans) {
    const { first, last } = slotSpan(span, grid);
    for (let t = Math.max(0, first); t <= Math.min(last, grid.slots - 1); t++) {
      const startMs = grid.startMs + t * slotMs;
      withinMs[t] += Math.min(span.endMs, startMs + slotMs) - Math.max(span.startMs, startMs);
    }
  }
  return withinMs.map((ms) => ms / slotMs);
}
