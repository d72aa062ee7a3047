/**
 * What the page knows of the run that it shows, put together from the frames it gets.
 *
 * @module
 */

import type { DayDescription, Frame, HomeSlot, NumberedSlot } from "../session.ts";

/** What is shown. */
export interface View {
  readonly day: DayDescription;
  readonly frame: Frame;
  /** Slots of the day that are done. */
  readonly slots: readonly NumberedSlot[];
  /** The selected home's slots, by policy; empty if none is selected. */
  readonly home: readonly (readonly HomeSlot[])[];
  /** Index of the selected home, or `null`. */
  readonly selected: number | null;
  /** Slots that came in the latest frame. */
  readonly slotsInFrame: number;
  /** Slots that were never received. */
  readonly missed: number;
  /** Slots that were received. */
  readonly received: number;
}

/**
 * The view after a frame.
 *
 * @param before What was shown; `null` at first.
 * @param selected Which home the frame's stream was asked for.
 * @returns `null` while the day has not come.
 */
export function receive(before: View | null, frame: Frame, selected: number | null): View | null {
  const day = frame.day ?? before?.day;
  if (day === undefined) return null;
  const sameDay = before !== null && before.frame.epoch === frame.epoch;
  const kept = sameDay ? before.slots : [];
  const known = before?.frame.seq ?? 0;
  // A stream that was opened again begins at midnight.
  const fresh = frame.slots.filter(({ seq }) => before === null || seq > known);
  const today = fresh.filter(({ epoch }) => epoch === frame.epoch);
  const slots = [...kept, ...today];
  const sameHome = sameDay && before.selected === selected;
  const home = frame.home.map((rows, k) => {
    const old = sameHome ? before.home[k] ?? [] : [];
    const last = old.at(-1)?.step ?? 0;
    return [...old, ...rows.filter(({ step }) => step > last)];
  });
  return {
    day,
    frame,
    slots,
    home,
    selected,
    slotsInFrame: before === null ? 1 : fresh.length,
    missed: (before?.missed ?? 0) + frame.skipped,
    received: (before?.received ?? 0) + fresh.length,
  };
}

/** Names of the policies that are watched. */
export function policiesOf({ setup }: DayDescription): string[] {
  return [setup.policy, ...setup.compare === null ? [] : [setup.compare]];
}
