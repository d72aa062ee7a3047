/**
 * The one interface of everything that decides, be it a rule, a planner or a trained network: it
 * begins on an environment, and from then on observations go in and decisions come out.
 *
 * @module
 */

import type { Decision } from "../env/decision.ts";
import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Observation } from "../env/observe.ts";

/**
 * Decides for every home of an environment; a planner may take its time.
 *
 * @param observation What homes see, as the environment's observation space names it.
 * @param decision Receives the numbers that the action space names, or value curves by store.
 */
export type Act = (observation: Observation, decision: Decision) => void | Promise<void>;

/**
 * A policy for any number of agents.
 *
 * @example Stored energy is worth the same to everybody, whatever is stored
 * ```ts
 * import type { Policy } from "./policy.ts";
 * export const halfway: Policy = {
 *   name: "halfway",
 *   begin: () => (_observation, { numbers }) => {
 *     for (let k = 0; k < numbers.length; k += 2) {
 *       numbers[k] = 0;
 *       numbers[k + 1] = -1;
 *     }
 *   },
 * };
 * ```
 */
export interface Policy {
  /** Names its rows in results. */
  readonly name: string;
  /** The market that it plays in, where that is not the configured one. */
  readonly mechanism?: string;
  /** `false` where it reads no observation, which then need not be worked out. */
  readonly observes?: boolean;
  /**
   * Called at the start of episodes, which may be in the middle of a day, and again whenever the
   * policy goes on in another environment. A planner reads the environment's state and forecasts
   * as it acts; nobody but the environment itself writes them.
   */
  begin(env: EnergyMarketEnv): Act | Promise<Act>;
}
