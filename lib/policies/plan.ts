/**
 * Plans: what the stores of a community should do over some slots, what that costs, and what stored
 * energy is worth then.
 *
 * @module
 */

import { endValuePerKwh } from "../env/settle.ts";
import type { World } from "../env/world.ts";
import type { Store } from "../stores/store.ts";
import { type CommunityProgram, communityProgram } from "./community_program.ts";
import type { Basis, LinearProgram, LinearSolution } from "./linear_program.ts";
import { type LinearStore, linearStore } from "./linear_store.ts";
import type { Outlook } from "./outlook.ts";
import type { Solver } from "./solver.ts";

/** What a planner takes into account. */
export interface PlanScope {
  /** Whether homes trade. */
  readonly trades: boolean;
  /** Whether it knows what concerns all homes together: connection limits, peaks and ramps. */
  readonly community: boolean;
}

/** A community, its rules, and what is taken into account of them. */
export interface Planner {
  /** Rules, tariffs, carbon intensity and limits; of load and sun only the outlook is read. */
  readonly world: World;
  /** What is taken into account. */
  readonly scope: PlanScope;
  /** The stores. */
  readonly stores: readonly LinearStore[];
  /** Names of the stores, for messages. */
  readonly names: readonly string[];
  /** Network fee of each side that a kWh bears in a slot; `null` where nobody can trade. */
  feePerKwh(slot: number): number | null;
  /** Whether importing costs less than exporting earns in some of the slots, for some home. */
  hasInvertedSlot(firstSlot: number, slots: number): boolean;
  /** What a kWh is worth to a store at the end of an outlook. */
  endValuePerKwh(store: Store, outlook: Outlook): number;
}

/** A plan. */
export interface Plan {
  /** Power of the stores. `[slots × stores]` [kW] */
  readonly powerKw: Float64Array;
  /** Energy of the stores at the end of each slot. `[slots × stores]` [kWh] */
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

/** Prepares planning. */
export function createPlanner(world: World, scope: PlanScope): Planner {
  const { dataset: { community, profiles }, config, tariffs } = world;
  const { networkFeePerKwh, orders } = config.market;
  const ceilingOf = (importPrice: number, slot: number) =>
    importPrice + config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot];
  const leastSpread = (slot: number) =>
    Math.min(
      ...tariffs.classes.map(({ importPricePerKwh, feedInTariffPerKwh }) =>
        ceilingOf(importPricePerKwh[slot], slot) - feedInTariffPerKwh[slot]
      ),
    );
  return {
    world,
    scope,
    stores: world.stores.map(linearStore),
    names: world.stores.map(({ owner, name }) => `${community.prosumers[owner].id}'s ${name}`),
    feePerKwh(slot) {
      if (orders === "curves") {
        return Math.max(0, Math.min(networkFeePerKwh, leastSpread(slot) / 2));
      }
      // No order can be placed where the fee of both sides exceeds the spread of the tariffs.
      const fits = tariffs.classes.every(({ importPricePerKwh, feedInTariffPerKwh }) =>
        feedInTariffPerKwh[slot] + networkFeePerKwh <= importPricePerKwh[slot] - networkFeePerKwh
      );
      return fits ? networkFeePerKwh : null;
    },
    hasInvertedSlot(firstSlot, slots) {
      for (let t = firstSlot; t < firstSlot + slots; t++) if (leastSpread(t) < 0) return true;
      return false;
    },
    endValuePerKwh(store, { episodeFirstSlot, firstSlot, slots }) {
      const end = firstSlot + slots;
      return config.endValue === "first-edition"
        ? endValuePerKwh(world, store, episodeFirstSlot, world.slotsPerEpisode)
        : endValuePerKwh(world, store, episodeFirstSlot, end - episodeFirstSlot);
    },
  };
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
  { slots }: Outlook,
  { headColumns, columnsPerSlot, rowsPerSlot, storageRows, constantCost }: CommunityProgram,
  { objective, values, rowDuals, basis }: LinearSolution,
): Plan {
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

/** Starts a program where an earlier plan ended, if that had the same slots left. */
function withStart(program: LinearProgram, start: Basis | undefined): LinearProgram {
  const { cost, rowLower } = program.model;
  const fits = start?.columns.length === cost.length && start.rows.length === rowLower.length;
  return fits ? { ...program, start } : program;
}
