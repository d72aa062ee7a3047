/**
 * A whole training in memory, for notebooks and programs that want the policy and no files.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { learnedPolicy } from "../policies/learned.ts";
import type { Policy } from "../policies/policy.ts";
import type { ExperimentConfig } from "./experiment.ts";
import { MarketTrainingEnvironment } from "./market_environment.ts";
import type { IterationMetrics } from "./metrics.ts";
import { createTrainer } from "./ppo.ts";
import type { RewardFunction } from "./training_reward.ts";

/** What to learn, and on which days. */
export interface LearnOptions {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** First slots of the episodes to learn from. */
  readonly firstSlots: readonly number[];
  /** Rules of the market and of learning. */
  readonly experiment: ExperimentConfig;
  /** Seed of everything random. */
  readonly seed: number;
  /** A reward of one's own, in the place of the one that the experiment describes. */
  readonly reward?: RewardFunction;
}

/**
 * Trains to the end on one thread.
 *
 * @param watch Called after every update with the policy as it stands.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { parseExperiment } from "./experiment.ts";
 * import { learn } from "./learn.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 21, dtHours: 1 });
 * const experiment = parseExperiment(
 *   { ppo: { totalTimesteps: 192 }, training: { communities: 4 } },
 *   "example",
 * );
 * let updates = 0;
 * await learn({ dataset, firstSlots: [0, 168, 336], experiment, seed: 1 }, () => void updates++);
 * if (updates !== 2) throw new Error("two rollouts of 24 slots in four communities");
 * ```
 */
export async function learn(
  { dataset, firstSlots, experiment, seed, reward }: LearnOptions,
  watch: (policy: Policy, metrics: IterationMetrics) => void | Promise<void> = () => {},
): Promise<Policy> {
  const { environment, training, ppo } = experiment;
  const market = new MarketTrainingEnvironment(dataset, environment, {
    ...training,
    firstSlots,
    ...(reward !== undefined && { reward }),
  });
  const trainer = await createTrainer(market, ppo, seed);
  const policy = () => learnedPolicy(trainer.policy(), market);
  while (!trainer.done) {
    const metrics = trainer.iterate();
    await watch(policy(), metrics);
  }
  return policy();
}
