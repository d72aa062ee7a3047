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
  /** Sums over all of them, by policy: saved, and saved by the optimum where it is known. [currency] */
  readonly saved: readonly number[];
  readonly possible: number | null;
  /** Days on which each policy was the cheapest one; ties are nobody's. */
  readonly wins: readonly number[];
}

/** No days. */
export const NO_DAYS: PastDays = { days: [], count: 0, saved: [], possible: 0, wins: [] };

/** The days with one more, whose last slot is given. */
export function withDay(past: PastDays, day: string, last: SlotReport): PastDays {
  const saved = last.outcomes.map((_, k) => savedSoFar(last, k));
  const captured = last.outcomes.map((_, k) => capturedSoFar(last, k));
  const most = Math.max(...saved);
  const wins = saved.filter((value) => most - value < 1e-9).length > 1
    ? saved.map(() => 0)
    : saved.map((value) => value === most ? 1 : 0);
  const possible = last.optimum === null ? null : last.gridOnly.cost - last.optimum.cost;
  return {
    days: [...past.days, { day, saved, captured }].slice(-DAYS_KEPT),
    count: past.count + 1,
    saved: saved.map((value, k) => value + (past.saved[k] ?? 0)),
    possible: possible === null || past.possible === null ? null : past.possible + possible,
    wins: wins.map((value, k) => value + (past.wins[k] ?? 0)),
  };
}
