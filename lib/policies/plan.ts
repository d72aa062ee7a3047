/**
 * Plans: what the batteries of a community should do over some slots, and what that costs.
 *
 * @module
 */

import { type CommunityProgram, communityProgram } from "./community_program.ts";
import type { Basis, LinearProgram, LinearSolution } from "./linear_program.ts";
import type { Outlook, Planner } from "./planner.ts";
import { isInverted } from "./slot_program.ts";
import type { Solver } from "./solver.ts";

/** A plan. */
export interface Plan {
  /** Battery power. `[slots × prosumers]` [kW] */
  readonly batteryKw: Float64Array;
  /** What it costs if everything comes as thought, the peak so far included. [currency] */
  readonly cost: number;
  /**
   * What one more kWh of demand would cost the community: the price of a perfect market. NaN where
   * homes do not trade, as where the import price is below the feed-in tariff. `[slots]` [currency/kWh]
   */
  readonly competitivePricePerKwh: Float64Array;
  /** Where to start solving a plan that begins one slot later. */
  readonly nextStart: Basis;
}

/**
 * Plans at least cost, for every outlook.
 *
 * @param starts Where to start solving, from the plans of the slot before.
 * @throws {RangeError} If the least cost has no bound.
 * @throws {Error} If the solver finds no plan.
 */
export async function makePlans(
  planner: Planner,
  outlooks: readonly Outlook[],
  solver: Solver,
  starts: readonly Basis[] = [],
): Promise<Plan[]> {
  for (const outlook of outlooks) requireBounded(outlook);
  const programs = outlooks.map((outlook) => communityProgram(planner, outlook));
  const solutions = await solver.solve(programs.map((program, k) => withStart(program, starts[k])));
  return solutions.map((solution, k) => readPlan(planner, outlooks[k], programs[k], solution));
}

function readPlan(
  { batteries, dataset: { community, profiles }, scope }: Planner,
  { firstSlot, slots }: Outlook,
  { headColumns, columnsPerSlot, rowsPerSlot }: CommunityProgram,
  { objective, values, rowDuals, basis }: LinearSolution,
): Plan {
  const count = community.prosumers.length;
  const batteryKw = new Float64Array(slots * count);
  const competitivePricePerKwh = new Float64Array(slots).fill(NaN);
  for (let t = 0; t < slots; t++) {
    const charge = headColumns + t * columnsPerSlot;
    const discharge = charge + batteries.length;
    batteries.forEach(({ prosumer }, b) => {
      batteryKw[t * count + prosumer] = values[charge + b] - values[discharge + b];
    });
    const trades = scope.trades && !isInverted(profiles, firstSlot + t);
    if (trades) competitivePricePerKwh[t] = rowDuals[t * rowsPerSlot] / profiles.grid.dtHours;
  }
  // The basis without the first slot.
  const columns = basis.columns.slice(columnsPerSlot);
  columns.set(basis.columns.subarray(0, headColumns));
  const nextStart = { columns, rows: basis.rows.slice(rowsPerSlot) };
  return { batteryKw, cost: objective, competitivePricePerKwh, nextStart };
}

/** Starts a program where an earlier plan ended, if that had the same slots left. */
function withStart(program: LinearProgram, start: Basis | undefined): LinearProgram {
  const { cost, rowLower } = program.model;
  const fits = start?.columns.length === cost.length && start.rows.length === rowLower.length;
  return fits ? { ...program, start } : program;
}

/** Otherwise emptying batteries would be paid for at the end. */
function requireBounded({ firstSlot, finalPricePerKwh }: Outlook): void {
  if (finalPricePerKwh >= 0) return;
  throw new RangeError(
    `importPricePerKwh must not be negative throughout an episode, or emptying batteries is paid ` +
      `for, got at most ${finalPricePerKwh} (slot ${firstSlot} and later)`,
  );
}
