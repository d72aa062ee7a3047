/**
 * The captured share of the possible saving over many days and several seeds, with its interval.
 *
 * Costs are a table with a row per training seed and a column per episode. [currency]
 *
 * @module
 */

import { capturedShare } from "./bound.ts";
import {
  type BootstrapOptions,
  crossedBootstrap,
  interquartileMean,
  type Interval,
  type Scores,
  stratifiedBootstrap,
} from "./statistics.ts";

/** What the days cost that all runs are judged on. `[episodes]` [currency] */
export interface ReferenceCosts {
  /** Under `grid-only`. */
  readonly alone: readonly number[];
  /** Under the perfect-foresight optimum. */
  readonly optimum: readonly number[];
}

/** Captured share over all days, mean over seeds; `null` where nothing could be saved. */
export function capturedInterval(
  costs: Scores,
  reference: ReferenceCosts,
  options: BootstrapOptions = {},
): Interval | null {
  if (!canSave(reference)) return null;
  return crossedBootstrap(
    [costs.length],
    reference.alone.length,
    ([rows], days) => share(costs, rows, days, reference),
    options,
  );
}

/**
 * Captured share − captured share of others on the same days, means over seeds; `null` where nothing
 * could be saved.
 */
export function capturedDifference(
  costs: Scores,
  others: Scores,
  reference: ReferenceCosts,
  options: BootstrapOptions = {},
): Interval | null {
  if (!canSave(reference)) return null;
  return crossedBootstrap(
    [costs.length, others.length],
    reference.alone.length,
    ([own, other], days) =>
      share(costs, own, days, reference) - share(others, other, days, reference),
    options,
  );
}

/** Interquartile mean of the captured share of single days, one stratum per seed. */
export function capturedIqm(
  costs: Scores,
  { alone, optimum }: ReferenceCosts,
  options: BootstrapOptions = {},
): Interval | null {
  const strata = costs.map((row) =>
    row.flatMap((cost, day) =>
      capturedShare({ alone: alone[day], cost, optimum: optimum[day] }) ?? []
    )
  );
  return strata[0].length === 0 ? null : stratifiedBootstrap(strata, interquartileMean, options);
}

function canSave({ alone, optimum }: ReferenceCosts): boolean {
  const sum = (costs: readonly number[]) => costs.reduce((total, cost) => total + cost, 0);
  return capturedShare({ alone: sum(alone), cost: 0, optimum: sum(optimum) }) !== null;
}

/** Σ saving ÷ Σ possible saving over the drawn days, mean over the drawn seeds. */
function share(
  costs: Scores,
  rows: Int32Array,
  days: Int32Array,
  { alone, optimum }: ReferenceCosts,
): number {
  let saved = 0, possible = 0;
  for (const day of days) {
    let cost = 0;
    for (const row of rows) cost += costs[row][day];
    saved += alone[day] - cost / rows.length;
    possible += alone[day] - optimum[day];
  }
  return saved / possible;
}
