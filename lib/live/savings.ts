/**
 * The two figures by which a live day is followed.
 *
 *     saved so far    = cost of grid-only so far − cost so far
 *     captured so far = saved so far ÷ what the optimum saves over the whole day
 *
 * At the end of the day the latter is the *captured* of an evaluation. In between it can be negative:
 * a battery that is charged costs money first.
 *
 * @module
 */

import type { DayCosts, SlotReport } from "./live_day.ts";

/** What policy number `policy` has saved against `grid-only` so far. [currency] */
export function savedSoFar(report: SlotReport, policy: number): number {
  return report.gridOnly.cost - report.outcomes[policy].cost;
}

/** Saved so far ÷ what the optimum saves over the whole day; `null` where that is not positive. */
export function capturedSoFar(
  report: SlotReport,
  policy: number,
  { gridOnly, optimum }: DayCosts,
): number | null {
  if (optimum === null) return null;
  const possible = gridOnly - optimum;
  return possible > 0 ? savedSoFar(report, policy) / possible : null;
}
