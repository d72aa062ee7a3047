/**
 * What PPO trains on: many copies of an environment that step together, seen as rows of flat
 * arrays. A row is one agent of one copy, which is called a community; all rows share the policy.
 * What a community's agents see alike is there once ({@link ./blocks.ts}).
 *
 * A copy that ends is reset at once: the observation after its last step is the first of its next
 * episode. *Terminated* is an end that belongs to the task, and nothing follows it; *truncated* is
 * an interruption, and what would have followed is estimated from the last observation before the
 * reset, which such a step hands over beside the new one.
 *
 * @module
 */

import type { Blocks } from "./blocks.ts";

/** What is seen: [communities × common numbers] and [rows × own numbers]. */
export type VectorObservation = Blocks<Float64Array>;

/** Outcome of a step. The arrays belong to the environment and are overwritten by the next one. */
export interface StepResult {
  /** What is seen now. */
  readonly observation: VectorObservation;
  /** Reward of each row. [rows] */
  readonly reward: Float64Array;
  /** 1 where the episode ended for good. [rows] */
  readonly terminated: Uint8Array;
  /** 1 where the episode was interrupted. [rows] */
  readonly truncated: Uint8Array;
  /**
   * What was seen last before a reset; read for rows whose `truncated` is 1, and required then.
   */
  readonly finalObservation?: VectorObservation;
  /** The same for a community critic. */
  readonly finalCriticObservation?: VectorObservation;
}

/** Copies of an environment that step together. */
export interface VectorEnvironment {
  /** Rows of a step: communities × agents. */
  readonly rows: number;
  /** Agents of a community; a timestep is one slot of one community. */
  readonly agentsPerCommunity: number;
  /** Numbers that a community's agents see alike, and that each sees itself. */
  readonly observationSize: Blocks<number>;
  /** Numbers that a row decides. */
  readonly actionSize: number;
  /** Numbers that the critic sees, if it may see more than the agents. */
  readonly criticObservationSize?: Blocks<number>;
  /** Starts the first episodes; the answer is overwritten by the next step. */
  reset(seed: number): VectorObservation;
  /** Takes raw, unclipped actions [rows × actionSize]. */
  step(actions: Float64Array): StepResult;
  /**
   * Writes what a teacher would do now, NaN where it says nothing, and how much each number counts.
   * [rows × actionSize]
   */
  teach?(actions: Float64Array, weights: Float64Array): void;
  /** What the critic sees now. */
  criticObservation?(): VectorObservation;
  /** Everything that {@linkcode VectorEnvironment.restore} needs: plain data and typed arrays. */
  state?(): unknown;
  /** Goes on, bit for bit, from where `state` was taken; answers the current observation. */
  restore?(state: unknown): VectorObservation;
  /** Mean cost of a community's episode that ended since this was last asked for; null if none did. */
  takeEpisodeCost?(): number | null;
}

/** Communities in shards that can be played side by side, each an environment of its own. */
export interface EnvironmentShards {
  /** Communities of each shard. */
  readonly communities: readonly number[];
  /** Makes a shard. */
  create(shard: number): VectorEnvironment;
  /** How a Worker makes the same; shards without it are played by one thread. */
  readonly recipe?: ShardRecipe;
}

/** What a Worker needs to make shards. */
export interface ShardRecipe {
  /** URL of a module whose `createShard(data, shard)` makes a {@linkcode VectorEnvironment}. */
  readonly module: string;
  /** Plain data and typed arrays. */
  readonly data: unknown;
}

/** An environment as the only shard. */
export function oneShard(environment: VectorEnvironment): EnvironmentShards {
  return {
    communities: [environment.rows / environment.agentsPerCommunity],
    create: () => environment,
  };
}
