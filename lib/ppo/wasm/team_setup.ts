/**
 * What a helper of a team needs to begin: plain data, and arrays in the team's memory.
 *
 * @module
 */

import type { Arrays } from "../arrays.ts";
import { type Blocks, eachBlock } from "../blocks.ts";
import type { PpoConfig } from "../ppo_config.ts";
import type { ShardsBegin } from "../worker_pool.ts";
import type { NormalizerState } from "../normalizer.ts";
import { inputSizes, type NetworkSizes } from "../parameters.ts";
import type { Statistics } from "../env_runner.ts";
import type { Rollout } from "../rollout.ts";
import type { ShardRecipe } from "../vector_environment.ts";
import type { Batch } from "./minibatch_shards.ts";
import type { Signals } from "./signals.ts";

/** The message that starts a helper. */
export interface HelperSetup {
  /** Its number, from 0. */
  readonly helper: number;
  /** Members of the team, the leader included. */
  readonly members: number;
  /** How to make its shards. */
  readonly recipe: ShardRecipe;
  /** Communities of all shards. */
  readonly communities: readonly number[];
  /** Where the shards begin. */
  readonly begin: ShardsBegin;
  /** The configuration. */
  readonly config: PpoConfig;
  /** Widths of the networks. */
  readonly sizes: NetworkSizes;
  /** What the team shares. */
  readonly shared: TeamMemory;
}

/** What a team shares; all arrays are in `memory`. */
export interface TeamMemory {
  /** The kernels' memory. */
  readonly memory: WebAssembly.Memory;
  /** How the members call each other. */
  readonly signals: Signals;
  /** What is learned. */
  readonly parameters: Float32Array;
  /** The rollout. */
  readonly rollout: Rollout;
  /** The minibatch. */
  readonly batch: Batch;
  /** Statistics during a rollout. */
  readonly statistics: SharedStatistics;
  /** Mean episode cost of each shard since it was last asked for; NaN if none. */
  readonly episodeCosts: Float64Array;
}

/** Each as count, means and squared deviations in one array. */
export interface SharedStatistics {
  /** Of what agents see. */
  readonly observations: Blocks<Float64Array>;
  /** Of what a community critic sees; null for an independent critic. */
  readonly criticObservations: Blocks<Float64Array> | null;
  /** Of the returns. */
  readonly returns: Float64Array;
}

/** Shards of a member: they are dealt out in turn, the leader (0) first. */
export function shardsOf(member: number, members: number, shards: number): number[] {
  return [...Array(shards).keys()].filter((shard) => shard % members === member);
}

/** Room for statistics. */
export function allocateStatistics(
  arrays: Arrays,
  sizes: NetworkSizes,
  community: boolean,
): SharedStatistics {
  const room = (size: number) => arrays.float64(1 + 2 * size);
  const rooms = (network: "actor" | "critic") => {
    const inputs = inputSizes(sizes, network);
    return eachBlock((block) => room(inputs[block]));
  };
  return {
    observations: rooms("actor"),
    criticObservations: community ? rooms("critic") : null,
    returns: room(1),
  };
}

/** Writes statistics for all members. */
export function writeStatistics(shared: SharedStatistics, statistics: Statistics): void {
  const write = (to: Float64Array, { count, mean, squaredDeviations }: NormalizerState) => {
    to[0] = count;
    to.set(mean, 1);
    to.set(squaredDeviations, 1 + mean.length);
  };
  write(shared.returns, statistics.returns);
  for (const block of ["common", "own"] as const) {
    write(shared.observations[block], statistics.observations[block]);
    if (shared.criticObservations === null) continue;
    write(shared.criticObservations[block], statistics.criticObservations![block]);
  }
}

/** Reads what the leader has written. */
export function readStatistics(shared: SharedStatistics): Statistics {
  const read = (from: Float64Array): NormalizerState => {
    const size = (from.length - 1) / 2;
    return {
      count: from[0],
      mean: from.slice(1, 1 + size),
      squaredDeviations: from.slice(1 + size),
    };
  };
  const readBoth = (from: Blocks<Float64Array>) => eachBlock((block) => read(from[block]));
  return {
    observations: readBoth(shared.observations),
    criticObservations: shared.criticObservations && readBoth(shared.criticObservations),
    returns: read(shared.returns),
  };
}
