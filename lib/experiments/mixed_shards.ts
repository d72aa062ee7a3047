/**
 * The distribution W in shards, which Workers can play side by side; each draws its own communities.
 *
 * @module
 */

import type { TrainingConfig } from "../ppo/experiment.ts";
import { MixedMarketEnvironment } from "../ppo/mixed_market.ts";
import type { EnvironmentShards, VectorEnvironment } from "../ppo/vector_environment.ts";
import { drawCommunity, PARTS } from "./distribution.ts";

/** Always the same, for a shard has random streams of its own. */
const SHARDS = 4;

/** Homes of a community that learn; the others act as the teacher says. */
const SEATS = 4;

/** What shards are made from. */
interface MixedSource {
  readonly training: TrainingConfig;
  readonly places: readonly number[];
}

/**
 * The communities to train on, a quarter of them in each shard.
 *
 * @throws {RangeError} If there are fewer of them than play at once.
 */
export function mixedShards(training: TrainingConfig): EnvironmentShards {
  if (training.communities < SHARDS || training.communities > PARTS.train) {
    throw new RangeError(
      `training.communities must be ${SHARDS} to ${PARTS.train} on the distribution, got ` +
        `${training.communities}`,
    );
  }
  const places = Array.from({ length: SHARDS }, (_, shard) => {
    const [from, to] = [shard, shard + 1].map((k) => Math.round(k * training.communities / SHARDS));
    return to - from;
  });
  const data: MixedSource = { training, places };
  return {
    communities: places,
    create: (shard) => createShard(data, shard),
    recipe: { module: import.meta.url, data },
  };
}

/** One shard; a Worker finds this function by its name. */
export function createShard(data: unknown, shard: number): VectorEnvironment {
  const { training, places } = data as MixedSource;
  const members = Array.from(
    { length: PARTS.train / SHARDS },
    (_, k) => drawCommunity("train", SHARDS * k + shard),
  );
  return new MixedMarketEnvironment(members, { ...training, places: places[shard], seats: SEATS });
}
