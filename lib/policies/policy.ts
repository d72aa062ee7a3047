/**
 * The one interface of everything that decides, be it a rule, a planner or a trained network: it
 * begins on an environment, and from then on observations go in and raw actions come out.
 *
 * @module
 */

import type { EnergyMarketEnv } from "../env/energy_market_env.ts";

/**
 * Decides for every row of an environment; a planner may take its time.
 *
 * @param observation What each row sees. `[rows × OBSERVATION_SIZE]`
 * @param actions Receives the raw actions. `[rows × ACTION_SIZE]`
 */
export type Act = (observation: Float64Array, actions: Float64Array) => void | Promise<void>;

/**
 * A policy for any number of agents.
 *
 * @example A battery that is never used, and an order for the whole net position at any price
 * ```ts
 * import { ACTION_SIZE } from "../env/action.ts";
 * import type { Policy } from "./policy.ts";
 * export const truthful: Policy = {
 *   name: "truthful",
 *   begin: (env) => (observation, actions) => {
 *     for (let row = 0; row < env.rows; row++) {
 *       const [idle, everything, anyPrice] = [0, 1, 1];
 *       actions.set([idle, everything, anyPrice], row * ACTION_SIZE);
 *     }
 *   },
 * };
 * ```
 */
export interface Policy {
  /** Names its rows in results. */
  readonly name: string;
  /**
   * Called at the start of episodes, which may be in the middle of a day, and again whenever the
   * data change under way. A planner reads the environment's state and forecasts in every slot;
   * nobody but the environment itself writes them.
   *
   * @returns What acts until the episodes end or the policy begins anew.
   */
  begin(env: EnergyMarketEnv): Act | Promise<Act>;
}
