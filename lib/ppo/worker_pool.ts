/**
 * What a pool of workers is and starts from: those who play the shards of the environment and learn
 * from the rollout, be they one thread or several.
 *
 * @module
 */

import type { AdamState } from "./adam.ts";
import type { PpoConfig } from "./ppo_config.ts";
import type { Learner } from "./learner.ts";
import type { NetworkSizes } from "./parameters.ts";
import {
  createEnvRunner,
  type EnvRunner,
  type EnvRunnerState,
  type Statistics,
} from "./env_runner.ts";
import type { Rollout, RolloutShape } from "./rollout.ts";
import type { EnvironmentShards, VectorEnvironment } from "./vector_environment.ts";

/** A pool at work. */
export interface WorkerPool {
  /** The networks in training. */
  readonly learner: Learner;
  /** The last rollout; overwritten by the next. */
  readonly rollout: Rollout;
  /** Plays a rollout with the networks as they stand, and asks the teacher too if it is taught. */
  play(statistics: Statistics, taught: boolean): void;
  /** Copies of what the environment runners remember. */
  states(): EnvRunnerState[];
  /** Mean cost of a community's episode that ended since this was last asked for, if any did. */
  takeEpisodeCost(): number | null;
  /** Ends the Workers, if there are any. */
  close(): void;
}

/** What a pool starts from. */
export interface PoolStart {
  /** The shards. */
  readonly shards: EnvironmentShards;
  /** The first shard, made already. */
  readonly first: VectorEnvironment;
  /** The configuration. */
  readonly config: PpoConfig;
  /** Widths of the networks. */
  readonly sizes: NetworkSizes;
  /** Actor, log-std and critic. */
  readonly parameters: Float32Array;
  /** The optimiser's memory. */
  readonly adam: AdamState;
  /** Where the shards begin: anew, or where they were. */
  readonly begin: ShardsBegin;
}

/** A seed, or the states of all shards. */
export type ShardsBegin = { readonly seed: number } | {
  readonly states: readonly EnvRunnerState[];
};

/** How much a pool's rollouts hold. */
export function rolloutShape({ shards, first, config }: PoolStart): RolloutShape {
  const communities = shards.communities.reduce((sum, count) => sum + count, 0);
  return {
    steps: config.rolloutSteps,
    rows: communities * first.agentsPerCommunity,
    agentsPerCommunity: first.agentsPerCommunity,
    observationSize: first.observationSize,
    criticSize: config.critic === "community" ? first.criticObservationSize! : null,
    actionSize: first.actionSize,
    taught: config.imitationShare > 0,
  };
}

/** Starts the chosen shards; the first is made already in the thread that asks for it. */
export function startEnvRunners(
  { shards, first, begin }: Pick<PoolStart, "shards" | "begin"> & {
    readonly first?: VectorEnvironment;
  },
  chosen: readonly number[],
): EnvRunner[] {
  return chosen.map((shard) => {
    const environment = shard === 0 && first !== undefined ? first : shards.create(shard);
    const firstCommunity = shards.communities.slice(0, shard).reduce(
      (sum, count) => sum + count,
      0,
    );
    const place = {
      shard,
      shards: shards.communities.length,
      firstCommunity,
      firstRow: firstCommunity * environment.agentsPerCommunity,
    };
    return createEnvRunner(
      environment,
      place,
      "states" in begin ? { state: begin.states[shard] } : { seed: begin.seed },
    );
  });
}

/** Mean over the shards of which each says its own, weighted by communities. */
export function meanEpisodeCost(
  { communities }: EnvironmentShards,
  costs: readonly (number | null)[],
): number | null {
  let sum = 0, count = 0;
  costs.forEach((cost, shard) => {
    if (cost === null) return;
    sum += cost * communities[shard];
    count += communities[shard];
  });
  return count === 0 ? null : sum / count;
}
