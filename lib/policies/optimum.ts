/**
 * The perfect-foresight optimum: what an episode costs at least, and a policy that reaches it.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { createState, type MarketState, resetState, slotBatteries } from "../env/state.ts";
import { slotsPerDay } from "../units.ts";
import { makePlans } from "./plan.ts";
import { createPlanner, type Outlook } from "./planner.ts";
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
    async begin({ dataset, config, state, communities, prosumers, rows, slotsPerEpisode }) {
      const { profiles } = dataset;
      const planner = createPlanner(dataset, config, { trades, community: true });
      const outlooks = Array.from({ length: communities }, (_, c) => {
        return hindsight(dataset, state, c, slotsPerEpisode - state.step);
      });
      const firstStep = state.step;
      const plans = await makePlans(planner, outlooks, solver);
      return (observation, actions) => {
        for (let row = 0; row < rows; row++) {
          const c = Math.floor(row / prosumers), i = row % prosumers;
          const slot = i * profiles.grid.slots + state.firstSlot[c] + state.step;
          const netLoadKw = profiles.loadKw[slot] - profiles.pvKw[slot];
          const powerKw = plans[c].batteryKw[(state.step - firstStep) * prosumers + i];
          const span = config.batteryAction;
          writeTruthfulAction(actions, row, observation, span, powerKw, netLoadKw, trades);
        }
      };
    },
  };
}

/** What happens in an episode, as it is known afterwards. */
export function episodeOutlook(
  dataset: Dataset,
  config: EnvironmentConfig,
  firstSlot: number,
  slots: number,
): Outlook {
  return hindsight(dataset, startOf(dataset, config, firstSlot), 0, slots);
}

/** Community 0 at the start of an episode. */
function startOf({ community, profiles }: Dataset, config: EnvironmentConfig, firstSlot: number) {
  const state = createState(1, community.prosumers.length);
  resetState(state, slotBatteries({ community, profiles }), config.initialSoc);
  const slots = config.episodeDays * slotsPerDay(profiles.grid.dtHours);
  const prices = profiles.importPricePerKwh.subarray(firstSlot, firstSlot + slots);
  state.firstSlot[0] = firstSlot;
  state.highestImportPricePerKwh[0] = Math.max(...prices);
  return state;
}

/** What is to come in the episode of community `c`, as it is known afterwards. */
function hindsight({ profiles }: Dataset, state: MarketState, c: number, slots: number): Outlook {
  const count = state.energyKwh.length / state.firstSlot.length;
  const firstSlot = state.firstSlot[c] + state.step;
  const column = (values: Float64Array) =>
    Float64Array.from({ length: slots * count }, (_, at) => {
      return values[(at % count) * profiles.grid.slots + firstSlot + Math.floor(at / count)];
    });
  const rows = (values: Float64Array) => values.slice(c * count, (c + 1) * count);
  return {
    firstSlot,
    slots,
    loadKw: column(profiles.loadKw),
    pvKw: column(profiles.pvKw),
    energyKwh: rows(state.energyKwh),
    capacityKwh: rows(state.capacityKwh),
    initialEnergyKwh: rows(state.initialEnergyKwh),
    finalPricePerKwh: state.highestImportPricePerKwh[c],
    peakKw: state.peakKw[c],
    lastNetKw: state.step === 0 ? null : state.lastNetKw[c],
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
