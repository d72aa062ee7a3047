/**
 * Plans: what the stores of a community should do over some slots, what that costs, and what stored
 * energy is worth then.
 *
 * @module
 */

import { type CommunityProgram, communityProgram } from "./community_program.ts";
import type { Basis, LinearProgram, LinearSolution } from "./linear_program.ts";
import { columnSlot, type Outlook } from "./outlook.ts";
import type { Planner } from "./planner.ts";
import type { Solver } from "./solver.ts";
import { energyAfterKwh, type Store, unmetKwh } from "../stores/store.ts";

/** A plan. */
export interface Plan {
  /** Power of the stores. `[slots × stores]` [kW] */
  readonly powerKw: Float64Array;
  /**
   * Energy of the stores at the end of each slot, before what lacks is supplied from outside.
   * `[slots × stores]` [kWh]
   */
  readonly energyKwh: Float64Array;
  /** What another stored kWh would be worth then. `[slots × stores]` [currency/kWh] */
  readonly valuePerKwh: Float64Array;
  /** What it costs if everything comes as thought, the peak so far included. [currency] */
  readonly cost: number;
  /**
   * What one more kWh of demand would cost the community: the price of a perfect market. NaN where
   * homes do not trade. `[slots]` [currency/kWh]
   */
  readonly competitivePricePerKwh: Float64Array;
  /** Where to start solving a plan that begins one slot later. */
  readonly nextStart: Basis;
}

/**
 * Plans at least cost, for every outlook.
 *
 * @param starts Where to start solving, from the plans of the slot before.
 * @throws {Error} If the solver finds no plan.
 */
export async function makePlans(
  planner: Planner,
  outlooks: readonly Outlook[],
  solver: Solver,
  starts: readonly Basis[] = [],
): Promise<Plan[]> {
  const programs = outlooks.map((outlook) => communityProgram(planner, outlook));
  const solutions = await solver.solve(programs.map((program, k) => withStart(program, starts[k])));
  return solutions.map((solution, k) => readPlan(planner, outlooks[k], programs[k], solution));
}

function readPlan(
  { stores, scope, world: { dataset: { profiles } } }: Planner,
  outlook: Outlook,
  { headColumns, columnsPerSlot, rowsPerSlot, storageRows, constantCost }: CommunityProgram,
  { objective, values, rowDuals, basis }: LinearSolution,
): Plan {
  const { slots } = outlook;
  const count = stores.length;
  const powerKw = new Float64Array(slots * count);
  const energyKwh = new Float64Array(slots * count);
  const valuePerKwh = new Float64Array(slots * count);
  const competitivePricePerKwh = new Float64Array(slots).fill(NaN);
  for (let t = 0; t < slots; t++) {
    const charge = headColumns + t * columnsPerSlot;
    const discharge = charge + count;
    const stored = discharge + count;
    for (let s = 0; s < count; s++) {
      powerKw[t * count + s] = values[charge + s] - values[discharge + s];
      energyKwh[t * count + s] = values[stored + s];
      valuePerKwh[t * count + s] = -rowDuals[t * rowsPerSlot + storageRows[s]];
    }
    if (scope.trades) competitivePricePerKwh[t] = rowDuals[t * rowsPerSlot] / profiles.grid.dtHours;
  }
  stores.forEach(({ store }, s) => suppliedEnergies(store, s, outlook, powerKw, energyKwh));
  // The basis without the first slot.
  const columns = basis.columns.slice(columnsPerSlot);
  columns.set(basis.columns.subarray(0, headColumns));
  const nextStart = { columns, rows: basis.rows.slice(rowsPerSlot) };
  return {
    powerKw,
    energyKwh,
    valuePerKwh,
    cost: objective + constantCost,
    competitivePricePerKwh,
    nextStart,
  };
}

/**
 * Energies of a store that is supplied from outside. It costs the same whenever it is, and a program
 * may do so long before something lacks; it is not before.
 */
function suppliedEnergies(
  store: Store,
  s: number,
  outlook: Outlook,
  powerKw: Float64Array,
  energyKwh: Float64Array,
): void {
  if (store.unmetPricePerKwh === null) return;
  const count = outlook.energyKwh.length;
  let energy = outlook.energyKwh[s];
  for (let t = 0, at = s; t < outlook.slots; t++, at += count) {
    const slot = columnSlot(outlook, s, t);
    energy = energyKwh[at] = energyAfterKwh(store, slot, energy, powerKw[at]);
    energy += unmetKwh(store, slot, energy, outlook.capacityKwh[s]);
  }
}

/** Starts a program where an earlier plan ended, if that had the same slots left. */
function withStart(program: LinearProgram, start: Basis | undefined): LinearProgram {
  const { cost, rowLower } = program.model;
  const fits = start?.columns.length === cost.length && start.rows.length === rowLower.length;
  return fits ? { ...program, start } : program;
}
