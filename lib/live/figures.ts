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

import type { SlotReport } from "./live_day.ts";

/** What `lane` has saved against `grid-only` so far. [currency] */
export function savedSoFar(report: SlotReport, lane: number): number {
  return report.gridOnly.cost - report.lanes[lane].cost;
}

/** Saved so far ÷ what the optimum saves over the whole day; `null` where that is not positive. */
export function capturedSoFar(report: SlotReport, lane: number): number | null {
  if (report.optimum === null) return null;
  const possible = report.gridOnly.dayCost - report.optimum.dayCost;
  return possible > 0 ? savedSoFar(report, lane) / possible : null;
}
