/**
 * The perfect-foresight optimum: what an episode costs at least, and a policy that reaches it.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { createState, resetState, slotBatteries } from "../env/state.ts";
import { slotsPerDay } from "../units.ts";
import { createPlanner, makePlans, type Outlook } from "./plan.ts";
import type { Policy } from "./policy.ts";
import type { Solver } from "./solver.ts";
import { writeTruthfulAction } from "./truthful.ts";

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
}

/** The least cost of episodes, and how to come by it. */
export interface Optimum {
  /** Least cost of each episode. No policy costs less. `[episodes]` [currency] */
  readonly cost: Float64Array;
  /** Battery power. `[episodes × slots × prosumers]` [kW] */
  readonly batteryKw: Float64Array;
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
 * @throws {RangeError} If the least cost of an episode has no bound.
 * @throws {Error} If the solver fails.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { defaultEnvironmentConfig as config } from "../env/config.ts";
 * import { planOptimum } from "./optimum.ts";
 * import { createSolver } from "./solver.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 2, dtHours: 1 });
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
  const { dataset, config, trades = true } = options;
  const firstSlots = Array.from(options.firstSlots);
  const slotsPerEpisode = config.episodeDays * slotsPerDay(dataset.profiles.grid.dtHours);
  const planner = createPlanner(dataset, config, { trades, community: true });
  const outlooks = firstSlots.map((firstSlot) =>
    episodeOutlook(dataset, config, firstSlot, slotsPerEpisode)
  );
  const plans = await makePlans(planner, outlooks, solver);
  return {
    cost: Float64Array.from(plans, ({ cost }) => cost),
    batteryKw: concatenate(plans.map(({ batteryKw }) => batteryKw)),
    competitivePricePerKwh: concatenate(plans.map((plan) => plan.competitivePricePerKwh)),
    slotsPerEpisode,
  };
}

/**
 * `optimum`, or `optimum-no-trade` where `trades` is false: plans each episode when it begins and
 * then carries the plan out. Homes without trade share the connection and know of each other's
 * loads; what trade is worth is the difference of the two.
 */
export function optimumPolicy(
  solver: Solver,
  { trades = true }: { readonly trades?: boolean } = {},
): Policy {
  let env: Parameters<NonNullable<Policy["begin"]>>[0] | null = null;
  let plan: Optimum | null = null;
  return {
    name: trades ? "optimum" : "optimum-no-trade",
    async begin(begun) {
      const { dataset, config, state: { firstSlot } } = begun;
      plan = await planOptimum({ dataset, config, firstSlots: firstSlot, trades }, solver);
      env = begun;
    },
    act(observation, actions) {
      if (env === null || plan === null) throw new Error("optimum must begin before it acts");
      const { prosumers, state, config, dataset: { profiles } } = env;
      for (let row = 0; row < env.rows; row++) {
        const c = Math.floor(row / prosumers), i = row % prosumers;
        const at = (c * plan.slotsPerEpisode + state.step) * prosumers + i;
        const slot = i * profiles.grid.slots + state.firstSlot[c] + state.step;
        const netLoadKw = profiles.loadKw[slot] - profiles.pvKw[slot];
        const powerKw = plan.batteryKw[at];
        const span = config.batteryAction;
        writeTruthfulAction(actions, row, observation, span, powerKw, netLoadKw, trades);
      }
    },
  };
}

/** What happens in an episode, as it is known afterwards. */
function episodeOutlook(
  { community, profiles }: Dataset,
  config: EnvironmentConfig,
  firstSlot: number,
  slots: number,
): Outlook {
  const count = community.prosumers.length;
  const state = createState(1, count);
  resetState(state, slotBatteries({ community, profiles }), config.initialSoc);
  const column = (values: Float64Array) =>
    Float64Array.from({ length: slots * count }, (_, at) => {
      return values[(at % count) * profiles.grid.slots + firstSlot + Math.floor(at / count)];
    });
  return {
    firstSlot,
    slots,
    loadKw: column(profiles.loadKw),
    pvKw: column(profiles.pvKw),
    energyKwh: state.energyKwh,
    capacityKwh: state.capacityKwh,
    initialEnergyKwh: state.initialEnergyKwh,
    finalPricePerKwh: Math.max(
      ...profiles.importPricePerKwh.subarray(firstSlot, firstSlot + slots),
    ),
    peakKw: 0,
    lastNetKw: null,
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
