/**
 * The perfect-foresight optimum: what an episode costs at least, and a policy that reaches it.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { resetState } from "../env/state.ts";
import { createWorld } from "../env/world.ts";
import { slotsPerDay } from "../units.ts";
import { hindsight } from "./outlook.ts";
import { makePlans } from "./plan.ts";
import { decidePlan } from "./planned_curves.ts";
import { createPlanner } from "./planner.ts";
import type { Policy } from "./policy.ts";
import type { Solver } from "./solver.ts";

/** Whose optimum to plan. */
export interface OptimumOptions {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** First slot of each episode. */
  readonly firstSlots: ArrayLike<number>;
  /** Whether homes trade, as they do if this is left out. */
  readonly trades?: boolean;
  /**
   * How the network is known: by operating envelopes if this is left out, or by its voltages and
   * lines themselves, for the least cost that coordination could reach.
   */
  readonly network?: "envelopes" | "flows";
}

/** The least cost of episodes, and how to come by it. */
export interface Optimum {
  /** Least cost of each episode. No policy costs less. `[episodes]` [currency] */
  readonly cost: Float64Array;
  /** Power of the stores. `[episodes × slots × stores]` [kW] */
  readonly powerKw: Float64Array;
  /**
   * What one more kWh of demand would cost the community, its carbon price included: the price of
   * a perfect market. NaN where homes do not trade. `[episodes × slots]` [currency/kWh]
   */
  readonly competitivePricePerKwh: Float64Array;
  /** Slots of an episode. */
  readonly slotsPerEpisode: number;
}

/**
 * Plans every episode with perfect foresight.
 *
 * @throws {Error} If the solver fails.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { planOptimum } from "./optimum.ts";
 * import { createSolver } from "./solver.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 2, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 1 });
 * using solver = createSolver({ workers: 1 });
 * const best = await planOptimum({ dataset, config, firstSlots: [0, 24] }, solver);
 * const alone = await planOptimum(
 *   { dataset, config, firstSlots: [0, 24], trades: false },
 *   solver,
 * );
 * if (best.cost[0] > alone.cost[0] + 1e-6) throw new Error("trade costs nobody anything");
 * ```
 */
export async function planOptimum(options: OptimumOptions, solver: Solver): Promise<Optimum> {
  const { dataset, config, firstSlots, trades = true, network } = options;
  const slotsPerEpisode = config.episodeDays * slotsPerDay(dataset.profiles.grid.dtHours);
  const world = createWorld(dataset, config, firstSlots.length, slotsPerEpisode);
  resetState(world, 0, firstSlots);
  const scope = { trades, community: true, ...(network !== undefined && { network }) };
  const planner = createPlanner(world, scope);
  const outlooks = Array.from(firstSlots, (_, c) => hindsight(world, c, slotsPerEpisode));
  const plans = await makePlans(planner, outlooks, solver);
  return {
    cost: Float64Array.from(plans, ({ cost }) => cost),
    powerKw: concatenate(plans.map(({ powerKw }) => powerKw)),
    competitivePricePerKwh: concatenate(plans.map((plan) => plan.competitivePricePerKwh)),
    slotsPerEpisode,
  };
}

/**
 * `optimum`, or `optimum-no-trade` where `trades` is false: plans what there is of each episode when
 * it begins, which may be in its middle, and then carries the plan out. Homes without trade share the
 * connection and know of each other's loads; what trade is worth is the difference of the two.
 */
export function optimumPolicy(
  solver: Solver,
  { trades = true }: { readonly trades?: boolean } = {},
): Policy {
  return {
    name: trades ? "optimum" : "optimum-no-trade",
    ...(!trades && { mechanism: "grid-only" as const }),
    observes: false,
    async begin({ world, communities, slotsPerEpisode }) {
      const { state } = world;
      const planner = createPlanner(world, { trades, community: true });
      const firstStep = state.step;
      const outlooks = Array.from(
        { length: communities },
        (_, c) => hindsight(world, c, slotsPerEpisode - firstStep),
      );
      const plans = await makePlans(planner, outlooks, solver);
      return (_observation, decision) =>
        plans.forEach((plan, c) =>
          decidePlan(world, decision, c, plan, state.step - firstStep, outlooks[c])
        );
    },
  };
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
