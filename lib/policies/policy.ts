/**
 * The one interface of everything that decides: observations in, raw actions out.
 *
 * @module
 */

import type { EnergyMarketEnv } from "../env/energy_market_env.ts";

/** A policy for any number of agents. */
export interface Policy {
  /** Names its rows in results. */
  readonly name: string;
  /**
   * Called once the episodes have begun. A planner keeps the environment to read its state and
   * its forecasts; nobody but the environment itself writes it.
   */
  begin?(env: EnergyMarketEnv): void | Promise<void>;
  /**
   * Decides for every row; a planner may take its time.
   *
   * @param observation What each row sees. `[rows × OBSERVATION_SIZE]`
   * @param actions Receives the raw actions. `[rows × ACTION_SIZE]`
   */
  act(observation: Float64Array, actions: Float64Array): void | Promise<void>;
}
