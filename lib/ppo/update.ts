/**
 * Learning from a rollout: passes over its samples in shuffled minibatches, one clipped gradient
 * step each, until the passes are done or the policy has moved far enough.
 *
 * @module
 */

import { shuffle, type Stream } from "../random.ts";
import { type AdamState, adamStep, clipGradientNorm } from "./adam.ts";
import type { PpoConfig } from "./config.ts";
import { ppoLoss } from "./loss.ts";
import { backpropagate } from "./network.ts";
import { createNormalizer } from "./normalizer.ts";
import type { Parameters } from "./parameters.ts";
import type { Rollout } from "./rollout.ts";

/** What learns; the parameters and the optimiser's memory are changed in place. */
export interface Learner {
  /** The knobs. */
  readonly config: PpoConfig;
  /** What is learned. */
  readonly parameters: Parameters;
  /** The optimiser's memory. */
  readonly adam: AdamState;
}

/** A rollout and what was estimated from it. */
export interface Samples
  extends Pick<Rollout, "policyViews" | "criticViews" | "actions" | "logProbabilities"> {
  /** Advantage of each action. */
  readonly advantages: Float64Array;
  /** Value targets in the critic's units. */
  readonly returns: Float64Array;
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
  samples: Samples,
  learningRate: number,
  random: Stream,
): UpdateMetrics {
  const { epochs, minibatchSize, targetKl } = learner.config;
  const order = Uint32Array.from(samples.advantages, (_, i) => i);
  const parts = Math.max(1, Math.round(order.length / minibatchSize));
  for (let epoch = 1;; epoch++) {
    shuffle(order, random);
    const steps = Array.from({ length: parts }, (_, part) => {
      const [from, to] = [part, part + 1].map((k) => Math.round(k * order.length / parts));
      return gradientStep(learner, samples, order.subarray(from, to), learningRate);
    });
    const metrics = { ...meanOf(steps), epochs: epoch };
    if (epoch === epochs || (targetKl !== null && metrics.approxKl > targetKl)) return metrics;
  }
}

type StepMetrics = Omit<UpdateMetrics, "epochs">;

function gradientStep(
  { config, parameters, adam }: Learner,
  samples: Samples,
  chosen: Uint32Array,
  learningRate: number,
): StepMetrics {
  const { actor, critic } = parameters.sizes;
  const observations = takeRows(samples.policyViews.normalized, chosen, actor[0], Float32Array);
  const criticObservations = samples.criticViews === samples.policyViews
    ? observations
    : takeRows(samples.criticViews.normalized, chosen, critic[0], Float32Array);
  const targets = {
    actions: takeRows(samples.actions, chosen, parameters.logStd.length, Float64Array),
    logProbabilities: takeRows(samples.logProbabilities, chosen, 1, Float64Array),
    advantages: standardize(takeRows(samples.advantages, chosen, 1, Float64Array)),
    returns: takeRows(samples.returns, chosen, 1, Float64Array),
  };
  const gradient = new Float64Array(parameters.all.length);
  const loss = backpropagate(
    parameters,
    observations,
    criticObservations,
    (means, values) => ppoLoss(means, values, parameters.logStd, targets, config),
    gradient,
  );
  const gradientNorm = clipGradientNorm(gradient, config.maxGradientNorm);
  if (!Number.isFinite(gradientNorm)) {
    throw new Error(
      "the gradient is not finite: look for NaN in observations and rewards, or lower learningRate",
    );
  }
  adamStep(adam, parameters.all, gradient, learningRate, config.adamEpsilon);
  const { policyLoss, valueLoss, entropy, approxKl, clipFraction } = loss;
  return { policyLoss, valueLoss, entropy, approxKl, clipFraction, gradientNorm };
}

/** The chosen rows of a matrix, in the order chosen. */
function takeRows<T extends Float32Array | Float64Array>(
  matrix: T,
  chosen: Uint32Array,
  width: number,
  ArrayOf: new (length: number) => T,
): T {
  const rows = new ArrayOf(chosen.length * width);
  for (let k = 0, to = 0; k < chosen.length; k++) {
    const from = chosen[k] * width;
    for (let j = 0; j < width; j++) rows[to++] = matrix[from + j];
  }
  return rows;
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
