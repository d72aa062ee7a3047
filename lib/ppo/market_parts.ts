/**
 * The energy market in parts, which Workers can play side by side.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { MarketTrainingEnvironment, type MarketTrainingOptions } from "./market_environment.ts";
import type { EnvironmentParts, VectorEnvironment } from "./vector_environment.ts";

/** As many as may be worth a thread; always the same, for a part has random streams of its own. */
const PARTS = 4;

/** What parts are made from. */
interface MarketSource {
  readonly dataset: Dataset;
  readonly config: EnvironmentConfig;
  readonly options: MarketTrainingOptions;
  readonly communities: readonly number[];
}

/**
 * The market with its communities shared out to at most four parts.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { marketParts } from "./market_parts.ts";
 * import { parseExperiment } from "./experiment.ts";
 * const { environment, training } = parseExperiment({}, "defaults");
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 2, dtHours: 1 });
 * const parts = marketParts(dataset, environment, { ...training, communities: 10, firstSlots: [0] });
 * if (parts.communities.join() !== "3,2,3,2") throw new Error(parts.communities.join());
 * if (parts.create(1).rows !== 2 * 3) throw new Error("2 communities of 3");
 * ```
 */
export function marketParts(
  dataset: Dataset,
  config: EnvironmentConfig,
  options: MarketTrainingOptions,
): EnvironmentParts {
  const count = Math.min(PARTS, options.communities);
  const communities = Array.from({ length: count }, (_, part) => {
    const [from, to] = [part, part + 1].map((k) => Math.round(k * options.communities / count));
    return to - from;
  });
  const data: MarketSource = { dataset, config, options, communities };
  return {
    communities,
    create: (part) => createPart(data, part),
    // A function stays in its thread.
    ...(options.reward === undefined && { recipe: { module: import.meta.url, data } }),
  };
}

/** One part; a Worker finds this function by its name. */
export function createPart(data: unknown, part: number): VectorEnvironment {
  const { dataset, config, options, communities } = data as MarketSource;
  const own = { ...options, communities: communities[part] };
  return new MarketTrainingEnvironment(dataset, config, own);
}
