/**
 * The energy market in shards, which Workers can play side by side.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { MarketTrainingEnvironment, type MarketTrainingOptions } from "./market_environment.ts";
import type { EnvironmentShards, VectorEnvironment } from "./vector_environment.ts";

/** As many as may be worth a thread; always the same, for a shard has random streams of its own. */
const SHARDS = 4;

/** What shards are made from. */
interface MarketSource {
  readonly dataset: Dataset;
  readonly config: EnvironmentConfig;
  readonly options: MarketTrainingOptions;
  readonly communities: readonly number[];
}

/**
 * The market with its communities shared out to at most four shards.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { marketShards } from "./market_shards.ts";
 * import { parseExperiment } from "./experiment.ts";
 * const { environment, training } = parseExperiment({}, "defaults");
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 7, dtHours: 1 });
 * const shards = marketShards(dataset, environment, { ...training, communities: 10, firstSlots: [0] });
 * if (shards.communities.join() !== "3,2,3,2") throw new Error(shards.communities.join());
 * if (shards.create(1).rows !== 2 * 3) throw new Error("2 communities of 3");
 * ```
 */
export function marketShards(
  dataset: Dataset,
  config: EnvironmentConfig,
  options: MarketTrainingOptions,
): EnvironmentShards {
  const count = Math.min(SHARDS, options.communities);
  const communities = Array.from({ length: count }, (_, shard) => {
    const [from, to] = [shard, shard + 1].map((k) => Math.round(k * options.communities / count));
    return to - from;
  });
  const data: MarketSource = { dataset, config, options, communities };
  return {
    communities,
    create: (shard) => createShard(data, shard),
    // A function stays in its thread.
    ...(options.reward === undefined && { recipe: { module: import.meta.url, data } }),
  };
}

/** One shard; a Worker finds this function by its name. */
export function createShard(data: unknown, shard: number): VectorEnvironment {
  const { dataset, config, options, communities } = data as MarketSource;
  const own = { ...options, communities: communities[shard] };
  return new MarketTrainingEnvironment(dataset, config, own);
}
