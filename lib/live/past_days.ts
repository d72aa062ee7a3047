/**
 * What the days before came to, where a run goes on from day to day.
 *
 * @module
 */

import type { SlotReport } from "./live_day.ts";
import { capturedSoFar, savedSoFar } from "./savings.ts";

/** Days that are kept one by one; those before are in the means alone. */
const DAYS_KEPT = 31;

/** What a day came to, by policy. */
export interface DayResult {
  /** The day, such as `2025-06-21`. */
  readonly day: string;
  /** Saved against `grid-only`. [currency] */
  readonly saved: readonly number[];
  /** Part of what the optimum saved; `null` where that was nothing, or is not computed. */
  readonly captured: readonly (number | null)[];
}

/** What the days of a run came to. */
export interface PastDays {
  /** The last ones. */
  readonly days: readonly DayResult[];
  /** How many there were. */
  readonly count: number;
  /** Saved on all of them together, by policy. [currency] */
  readonly saved: readonly number[];
  /** Those whose optimum is known, what it saved on them, and each policy. [currency] */
  readonly known: {
    readonly count: number;
    readonly possible: number;
    readonly saved: readonly number[];
  };
  /** Days on which each policy was the cheapest one; ties are nobody's. */
  readonly wins: readonly number[];
}

/** No days. */
export const NO_DAYS: PastDays = {
  days: [],
  count: 0,
  saved: [],
  known: { count: 0, possible: 0, saved: [] },
  wins: [],
};

/** The days with one more, whose last slot is given. */
export function withDay(past: PastDays, day: string, last: SlotReport): PastDays {
  const saved = last.outcomes.map((_, k) => savedSoFar(last, k));
  const captured = last.outcomes.map((_, k) => capturedSoFar(last, k));
  const most = Math.max(...saved);
  const wins = saved.filter((value) => most - value < 1e-9).length > 1
    ? saved.map(() => 0)
    : saved.map((value) => value === most ? 1 : 0);
  return {
    days: [...past.days, { day, saved, captured }].slice(-DAYS_KEPT),
    count: past.count + 1,
    saved: added(past.saved, saved),
    known: last.optimum === null ? past.known : {
      count: past.known.count + 1,
      possible: past.known.possible + last.gridOnly.cost - last.optimum.cost,
      saved: added(past.known.saved, saved),
    },
    wins: added(past.wins, wins),
  };
}

function added(sums: readonly number[], values: readonly number[]): number[] {
  return values.map((value, k) => value + (sums[k] ?? 0));
}
