/**
 * The optimum that a task measures by.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import type { Bound } from "../lib/evaluation/bound.ts";
import type { PlayOptions } from "../lib/evaluation/records.ts";
import { planOptimum } from "../lib/policies/optimum.ts";
import type { Solver } from "../lib/policies/solver.ts";

/**
 * The optimum of the days; `null`, and a line that says why, where prices are such that the least
 * cost has no bound. A solver that fails is an error.
 */
export async function boundOf(days: PlayOptions, solver: Solver): Promise<Bound | null> {
  try {
    return await planOptimum(days, solver);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    say(`There is no optimum to compare with, captured stays empty: ${error.message}`, "stderr");
    return null;
  }
}
