/**
 * What the page knows of the run that it shows, put together from the frames it gets.
 *
 * @module
 */

import { namesForPeople } from "../policy_names.ts";
import type { SlotReport } from "../live_day.ts";
import type { DayDescription, Frame, HomeSlot } from "../session.ts";

/** What is shown. */
export interface View {
  readonly day: DayDescription;
  readonly frame: Frame;
  /** Slots of the day that are done. */
  readonly slots: readonly SlotReport[];
  /** The selected home's slots, by policy; empty if none is selected. */
  readonly home: readonly (readonly HomeSlot[])[];
  /** Index of the selected home, or `null`. */
  readonly selected: number | null;
  /** Slots that came in the latest frame. */
  readonly slotsInFrame: number;
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
  // A stream that was opened again begins at midnight.
  const fresh = frame.slots.slice(Math.max(0, kept.length - (frame.step - frame.slots.length)));
  const sameHome = sameDay && before.selected === selected;
  const home = frame.home.map((rows, k) => {
    const old = sameHome ? before.home[k] ?? [] : [];
    const last = old.at(-1)?.step ?? 0;
    return [...old, ...rows.filter(({ step }) => step > last)];
  });
  return {
    day,
    frame,
    slots: [...kept, ...fresh],
    home,
    selected,
    slotsInFrame: before === null ? 1 : fresh.length,
    received: (before?.received ?? 0) + fresh.length,
  };
}

/** Names of the policies that are watched, for people. */
export function policiesOf({ setup: { policy, compare } }: DayDescription): string[] {
  return namesForPeople(compare === null ? [policy] : [policy, compare]);
}
