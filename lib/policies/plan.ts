/**
 * Plans: what the stores of a community should do over some slots, what that costs, and what stored
 * energy is worth then.
 *
 * @module
 */

import { type CommunityProgram, communityProgram } from "./community_program.ts";
import { type JointProgram, jointProgram } from "./joint_program.ts";
import type { LinearSolution } from "./linear_program.ts";
import { columnSlot, type Outlook } from "./outlook.ts";
import type { Planner } from "./planner.ts";
import type { Solver } from "./solver.ts";
import { type SolvedProgram, startAfter } from "./warm_start.ts";
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
  /** How it was solved, where a plan that begins one slot later may start. */
  readonly solved: SolvedProgram;
}

/**
 * Plans at least cost, for every outlook.
 *
 * @throws {Error} If the solver finds no plan.
 */
export async function makePlans(
  planner: Planner,
  outlooks: readonly Outlook[],
  solver: Solver,
): Promise<Plan[]> {
  // Without a limit every program is solved.
  return await makeScenarioPlans(planner, outlooks.map((outlook) => [outlook]), solver) as Plan[];
}

/** How plans are come by. */
export interface PlanningOptions {
  /** Plans that began a slot earlier, to start solving where they ended. */
  readonly before?: readonly (Plan | null)[];
  /** Longest time that solving one program may take; no limit if left out. [s] */
  readonly secondsAtMost?: number;
}

/**
 * Plans at least mean cost, for every set of scenarios: what is decided first holds in all scenarios of
 * a set, what comes later may answer each ({@link ./joint_program.ts}). Powers, energies and costs are
 * means over the scenarios; the value of energy is what another kWh would save in the mean.
 *
 * @returns `null` where the time was out.
 * @throws {Error} If the solver finds no plan.
 */
export async function makeScenarioPlans(
  planner: Planner,
  sets: readonly (readonly Outlook[])[],
  solver: Solver,
  { before = [], secondsAtMost }: PlanningOptions = {},
): Promise<(Plan | null)[]> {
  const joints = sets.map((outlooks) =>
    jointProgram(outlooks.map((outlook) => communityProgram(planner, outlook)), planner.names)
  );
  const programs = joints.map((joint, k) => {
    const start = startAfter(before[k]?.solved, joint);
    return start === null ? joint : { ...joint, start };
  });
  const solutions = await solver.solveWithin(programs, secondsAtMost ?? Infinity);
  return solutions.map((solution, k) =>
    solution === null ? null : readJointPlan(planner, sets[k], joints[k], solution)
  );
}

/** The mean of what a joint program plans in its scenarios. */
function readJointPlan(
  planner: Planner,
  outlooks: readonly Outlook[],
  joint: JointProgram,
  solution: LinearSolution,
): Plan {
  const solved = { shape: joint.shape, basis: solution.basis };
  const parts = joint.blocks.map((block, j) =>
    readPlan(planner, outlooks[j], block, {
      values: solution.values.subarray(block.columnsAt),
      rowDuals: solution.rowDuals.subarray(block.rowsAt),
    })
  );
  const [first] = parts;
  const cost = solution.objective +
    joint.blocks.reduce((sum, { constantCost }) => sum + constantCost, 0) / parts.length;
  if (parts.length === 1) return { ...first, cost, solved };
  const over = (field: keyof typeof first, weight: number) =>
    first[field].map((_, at) => weight * parts.reduce((sum, part) => sum + part[field][at], 0));
  return {
    powerKw: over("powerKw", 1 / parts.length),
    energyKwh: over("energyKwh", 1 / parts.length),
    // Each scenario's duals are of its share of the mean cost.
    valuePerKwh: over("valuePerKwh", 1),
    competitivePricePerKwh: over("competitivePricePerKwh", 1),
    cost,
    solved,
  };
}

function readPlan(
  { stores, scope, world: { dataset: { profiles } } }: Planner,
  outlook: Outlook,
  { headColumns, columnsPerSlot, rowsPerSlot, storageRows }: CommunityProgram,
  { values, rowDuals }: Pick<LinearSolution, "values" | "rowDuals">,
): Omit<Plan, "cost" | "solved"> {
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
  return { powerKw, energyKwh, valuePerKwh, competitivePricePerKwh };
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
