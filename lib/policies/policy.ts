/**
 * The one interface of everything that decides: observations in, raw actions out.
 *
 * @module
 */

/** A policy for any number of agents. */
export interface Policy {
  /** Names its rows in results. */
  readonly name: string;
  /**
   * Decides for every row.
   *
   * @param observation What each row sees. `[rows × OBSERVATION_SIZE]`
   * @param actions Receives the raw actions. `[rows × ACTION_SIZE]`
   */
  act(observation: Float64Array, actions: Float64Array): void;
}
