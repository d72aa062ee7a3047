/**
 * Learning from a rollout: passes over its samples in shuffled minibatches, one clipped gradient
 * step each, until the passes are done or the policy has moved far enough. Minibatches are drawn by
 * whole communities, whose agents see so much alike that the networks compute it once.
 *
 * @module
 */

import { shuffle, type Stream } from "../random.ts";
import type { PpoConfig } from "./ppo_config.ts";
import type { Learner, SeenViews } from "./learner.ts";
import type { LossConfig, Objective } from "./loss.ts";
import { createNormalizer } from "./normalizer.ts";
import type { Rollout } from "./rollout.ts";
import { takeRows } from "./take_rows.ts";

/** A rollout and what was estimated from it. */
export interface Samples extends SeenViews, Pick<Rollout, "actions" | "logProbabilities"> {
  /** Advantage of each action. */
  readonly advantages: Float64Array;
  /** Value targets in the critic's units. */
  readonly returns: Float64Array;
  /** How much each number counts in imitation. */
  readonly teacherWeights?: Float64Array;
}

/** What an update did: means over the minibatches of its last epoch. */
export interface UpdateMetrics {
  /** Clipped surrogate; negative where the update helps. */
  readonly policyLoss: number;
  /** Half the squared error of the value, in units of the returns' variance. */
  readonly valueLoss: number;
  /** Entropy of the policy. [nat] */
  readonly entropy: number;
  /** Divergence of the policy from that of the rollout. [nat] */
  readonly approxKl: number;
  /** Share of samples whose probability ratio is outside the clip range. */
  readonly clipFraction: number;
  /** Norm of the gradient before it was cut. */
  readonly gradientNorm: number;
  /** Epochs done when the update ended. */
  readonly epochs: number;
}

/**
 * Improves the policy and the critic in place.
 *
 * @throws {Error} If a gradient is not finite.
 */
export function learn(
  learner: Learner,
  config: PpoConfig & LossConfig,
  samples: Samples,
  learningRate: number,
  random: Stream,
): UpdateMetrics {
  const { epochs, minibatchSize, targetKl } = config;
  learner.load(samples);
  const count = samples.advantages.length;
  const order = Uint32Array.from({ length: count / samples.agentsPerCommunity }, (_, i) => i);
  const parts = minibatchCount(count, samples.agentsPerCommunity, minibatchSize);
  for (let epoch = 1;; epoch++) {
    shuffle(order, random);
    const steps = Array.from({ length: parts }, (_, part) => {
      const [from, to] = [part, part + 1].map((k) => Math.round(k * order.length / parts));
      return gradientStep(learner, config, samples, order.subarray(from, to), learningRate);
    });
    const metrics = { ...meanOf(steps), epochs: epoch };
    if (epoch === epochs || (targetKl !== null && metrics.approxKl > targetKl)) return metrics;
  }
}

/** How many minibatches of about the size that is asked for, in samples, a rollout is cut into. */
export function minibatchCount(
  samples: number,
  agentsPerCommunity: number,
  minibatchSize: number,
): number {
  return Math.max(1, Math.min(samples / agentsPerCommunity, Math.round(samples / minibatchSize)));
}

type StepMetrics = Omit<UpdateMetrics, "epochs">;

function gradientStep(
  learner: Learner,
  config: PpoConfig & LossConfig,
  samples: Samples,
  chosen: Uint32Array,
  learningRate: number,
): StepMetrics {
  const agents = samples.agentsPerCommunity;
  const actionSize = samples.actions.length / samples.returns.length;
  const targets = {
    actions: takeRows(samples.actions, chosen, agents * actionSize, Float64Array),
    logProbabilities: takeRows(samples.logProbabilities, chosen, agents, Float64Array),
    advantages: standardize(takeRows(samples.advantages, chosen, agents, Float64Array)),
    returns: takeRows(samples.returns, chosen, agents, Float64Array),
    ...(config.imitates && samples.teacherWeights !== undefined && {
      weights: takeRows(samples.teacherWeights, chosen, agents * actionSize, Float64Array),
    }),
  };
  const objective: Objective = learner.differentiate({ chosen, targets }, config);
  const gradientNorm = learner.descend(learningRate, config);
  if (!Number.isFinite(gradientNorm)) {
    throw new Error(
      "the gradient is not finite: look for NaN in observations and rewards, or lower learningRate",
    );
  }
  return { ...objective, gradientNorm };
}

/** Shifts and scales values to mean 0 and variance 1, in place. */
function standardize(values: Float64Array): Float64Array {
  const normalizer = createNormalizer(1);
  normalizer.update(values);
  return normalizer.normalize(values, values);
}

function meanOf(steps: readonly StepMetrics[]): StepMetrics {
  const mean = (name: keyof StepMetrics) =>
    steps.reduce((sum, step) => sum + step[name], 0) / steps.length;
  return {
    policyLoss: mean("policyLoss"),
    valueLoss: mean("valueLoss"),
    entropy: mean("entropy"),
    approxKl: mean("approxKl"),
    clipFraction: mean("clipFraction"),
    gradientNorm: mean("gradientNorm"),
  };
}
