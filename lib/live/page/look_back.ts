/**
 * Looking back: a slot of the day that is over, shown as it was, while what has been played stays what
 * it is. Homes of earlier slots are asked of who plays, once each.
 *
 * @module
 */

import type { HomesNow } from "../session.ts";
import type { View } from "./view.ts";

/** Asks who plays for every home after so many slots of the day. */
export type LoadHomes = (step: number) => Promise<readonly HomesNow[]>;

let epoch = 0;
let past: number | null = null;
let shown: readonly HomesNow[] = [];
const known = new Map<number, readonly HomesNow[]>();
let asking = false;

/** Takes note of what has come; a new day is shown from its latest slot. */
export function remember({ frame }: View): void {
  if (frame.epoch !== epoch) {
    epoch = frame.epoch;
    past = null;
    known.clear();
  }
  known.set(frame.step, frame.homes);
}

/** Shows the day after `step` slots; the latest slot is shown by itself. */
export function lookBack({ frame }: View, step: number): void {
  past = step >= frame.step ? null : Math.max(0, step);
}

/** Shows the latest slot again. */
export function lookAhead(): void {
  past = null;
}

/** Slots of the day after which it is shown, or `null` for the latest. */
export function lookedBackTo(): number | null {
  return past;
}

/** What is shown: everything as it was then, or as it is. */
export function shownOf(view: View): View {
  const { frame, slots, home } = view;
  if (past === null) {
    shown = frame.homes;
    return view;
  }
  const step = past;
  // Until an answer comes, homes stay as they were shown.
  shown = step === 0 ? [] : known.get(step) ?? shown;
  return {
    ...view,
    slots: slots.slice(0, step),
    home: home.map((rows) => rows.filter((row) => row.step <= step)),
    frame: { ...frame, step, playing: false, homes: shown },
  };
}

/** Asks for the homes that are to be shown and not known, one slot after the other. */
export async function completeLook(load: LoadHomes, came: () => void): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    while (past !== null && past > 0 && !known.has(past)) {
      const [asked, of] = [past, epoch];
      const homes = await load(asked);
      if (of !== epoch) continue;
      known.set(asked, homes);
      came();
    }
  } finally {
    asking = false;
  }
}
