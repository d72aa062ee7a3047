/**
 * The two figures by which a live day is followed. What is in the stores counts at what it is worth by
 * the optimum's plan, so that they say something at any hour:
 *
 *     net cost so far = cost so far − value of what is stored beside what was there at first
 *     saved so far    = net cost of grid-only − net cost
 *     captured so far = saved so far ÷ saved so far by the optimum
 *
 * No policy captures more than all of it: what the optimum does up to an hour is, at its own prices of
 * stored energy, the cheapest that can be done up to then. At the end of the day nothing is stored but
 * what the cost already counts, and `captured` is that of an evaluation.
 *
 * @module
 */

import type { ReferenceReport, SlotReport } from "./live_day.ts";

/** Less is saved by the optimum in the first hours than could be told from nothing. [currency] */
const LEAST_SAVED = 0.01;

/** Cost so far, less what is stored for it. [currency] */
export function netCost(report: Pick<ReferenceReport, "cost" | "storedValue">): number {
  return report.cost - report.storedValue;
}

/** What policy number `policy` has saved against `grid-only` so far. [currency] */
export function savedSoFar({ gridOnly, outcomes }: SlotReport, policy: number): number {
  return netCost(gridOnly) - netCost(outcomes[policy]);
}

/** Part of what the optimum has saved so far; `null` where that is nothing, or not computed. */
export function capturedSoFar(report: SlotReport, policy: number): number | null {
  if (report.optimum === null) return null;
  const possible = netCost(report.gridOnly) - netCost(report.optimum);
  return possible > LEAST_SAVED ? savedSoFar(report, policy) / possible : null;
}
