/**
 * The clipped objective of PPO and its gradient with respect to the networks' outputs, in float64.
 * With r = π(a|s)/π_old(a|s), advantage A, value target R and clip range ε:
 *
 *     loss = −mean min(r·A, clip(r, 1 − ε, 1 + ε)·A) + c_v·½·mean (V − R)² − c_e·entropy
 *
 * Source: Schulman et al., Proximal Policy Optimization Algorithms, 2017, equations 7 and 9. The
 * estimate of the KL divergence, mean (r − 1 − log r), is from Schulman, Approximating KL
 * Divergence, 2020.
 *
 * @module
 */

import { exp } from "../arithmetic.ts";
import { diagonalGaussian } from "./gaussian.ts";

/** What the objective compares the networks' outputs with, one entry per sample. */
export interface LossTargets {
  /** Raw actions as they were taken. [samples × actionSize] */
  readonly actions: Float64Array;
  /** Their log-density when they were taken. [nat] */
  readonly logProbabilities: Float64Array;
  /** Advantages, as they weigh the ratio. */
  readonly advantages: Float64Array;
  /** Value targets in the critic's units. */
  readonly returns: Float64Array;
  /** How much each number of a teacher's actions counts; alike if absent. [samples × actionSize] */
  readonly weights?: Float64Array;
}

/** The knobs of the objective. */
export interface LossConfig {
  /** How far the probability ratio may leave 1 before it stops to count. */
  readonly clipRange: number;
  /** Weight of the value loss. */
  readonly valueCoefficient: number;
  /** Weight of the entropy bonus. */
  readonly entropyCoefficient: number;
  /** Whether actions are a teacher's, which are to be imitated; they are the policy's if absent. */
  readonly imitates?: boolean;
}

/** The objective and its parts. */
export interface Objective {
  /** The sum that is minimised. */
  readonly loss: number;
  /** Clipped surrogate, negative where the update helps. */
  readonly policyLoss: number;
  /** Half the mean squared error of the value, in the critic's units squared. */
  readonly valueLoss: number;
  /** Entropy of the policy. [nat] */
  readonly entropy: number;
  /** Estimated divergence of the new policy from the old. [nat] */
  readonly approxKl: number;
  /** Share of samples whose ratio is outside the clip range. */
  readonly clipFraction: number;
}

/** Names of the objective and its parts. */
export const objectiveNames: readonly (keyof Objective)[] = [
  "loss",
  "policyLoss",
  "valueLoss",
  "entropy",
  "approxKl",
  "clipFraction",
];

/** The objective and its gradient. */
export interface Loss extends Objective {
  /** ∂loss/∂mean. [samples × actionSize] */
  readonly meanGradient: Float32Array;
  /** ∂loss/∂value. [samples] */
  readonly valueGradient: Float32Array;
  /** ∂loss/∂log σ. [actionSize] */
  readonly logStdGradient: Float64Array;
}

/** The loss that `config` asks for, see {@linkcode ppoLoss} and {@linkcode imitationLoss}. */
export function lossOf(...at: Parameters<typeof ppoLoss>): Loss {
  const [, , , , config] = at;
  return config.imitates ? imitationLoss(...at) : ppoLoss(...at);
}

/**
 * The same for imitation: what counts is not how well actions did, but how far the mean is from them.
 * With actions a of a teacher, where it says any, their weights w and mean μ:
 *
 *     loss = ½·mean Σ w·(μ − a)² + c_v·½·mean (V − R)²
 */
export function imitationLoss(
  means: ArrayLike<number>,
  values: ArrayLike<number>,
  logStd: ArrayLike<number>,
  { actions, weights, returns }: Pick<LossTargets, "actions" | "weights" | "returns">,
  { valueCoefficient }: Pick<LossConfig, "valueCoefficient">,
  samples: number = values.length,
): Loss {
  const rows = values.length;
  const meanGradient = new Float32Array(rows * logStd.length);
  const valueGradient = new Float32Array(rows);
  let distance = 0, squaredError = 0;
  for (let at = 0; at < meanGradient.length; at++) {
    const away = means[at] - actions[at];
    // A teacher says nothing for a home without stores.
    if (Number.isNaN(actions[at])) continue;
    const weight = weights === undefined ? 1 : weights[at];
    distance += weight * away * away;
    meanGradient[at] = weight * away / samples;
  }
  for (let row = 0; row < rows; row++) {
    const error = values[row] - returns[row];
    squaredError += error * error;
    valueGradient[row] = valueCoefficient * error / samples;
  }
  const policyLoss = 0.5 * distance / samples, valueLoss = 0.5 * squaredError / samples;
  return {
    loss: policyLoss + valueCoefficient * valueLoss,
    policyLoss,
    valueLoss,
    entropy: rows / samples * diagonalGaussian(logStd).entropy,
    approxKl: 0,
    clipFraction: 0,
    meanGradient,
    valueGradient,
    logStdGradient: new Float64Array(logStd.length),
  };
}

/**
 * The objective at the networks' outputs for a minibatch, or, where this is a part of `samples` in
 * all, the part's share of it: shares add up to the whole.
 *
 * @example
 * ```ts
 * import { ppoLoss } from "./loss.ts";
 * const targets = {
 *   actions: Float64Array.of(1),
 *   logProbabilities: Float64Array.of(-0.5 - 0.5 * Math.log(2 * Math.PI)),
 *   advantages: Float64Array.of(2),
 *   returns: Float64Array.of(3),
 * };
 * const config = { clipRange: 0.2, valueCoefficient: 1, entropyCoefficient: 0 };
 * const { policyLoss, valueLoss } = ppoLoss([0], [1], [0], targets, config);
 * if (policyLoss !== -2 || valueLoss !== 2) throw new Error("ratio 1, value short by 2");
 * ```
 */
export function ppoLoss(
  means: ArrayLike<number>,
  values: ArrayLike<number>,
  logStd: ArrayLike<number>,
  targets: LossTargets,
  config: LossConfig,
  samples: number = values.length,
): Loss {
  const rows = values.length;
  const share = rows / samples;
  const size = logStd.length;
  const { actions, logProbabilities, advantages, returns } = targets;
  const policy = diagonalGaussian(logStd);
  const meanGradient = new Float32Array(rows * size);
  const valueGradient = new Float32Array(rows);
  const logStdGradient = new Float64Array(size).fill(-share * config.entropyCoefficient);
  let surrogate = 0, squaredError = 0, kl = 0, clipped = 0;

  for (let row = 0; row < rows; row++) {
    const logRatio = policy.logProbability(actions, means, row) - logProbabilities[row];
    const ratio = exp(logRatio);
    const advantage = advantages[row];
    const bounded = Math.min(Math.max(ratio, 1 - config.clipRange), 1 + config.clipRange);
    surrogate += Math.min(ratio * advantage, bounded * advantage);
    kl += ratio - 1 - logRatio;
    if (ratio !== bounded) clipped++;
    if (ratio * advantage <= bounded * advantage) {
      const slope = -ratio * advantage / samples;
      for (let j = 0, at = row * size; j < size; j++, at++) {
        const z = (actions[at] - means[at]) / policy.std[j];
        meanGradient[at] = slope * z / policy.std[j];
        logStdGradient[j] += slope * (z * z - 1);
      }
    }
    const error = values[row] - returns[row];
    squaredError += error * error;
    valueGradient[row] = config.valueCoefficient * error / samples;
  }

  const policyLoss = -surrogate / samples;
  const valueLoss = 0.5 * squaredError / samples;
  const entropy = share * policy.entropy;
  return {
    loss: policyLoss + config.valueCoefficient * valueLoss - config.entropyCoefficient * entropy,
    policyLoss,
    valueLoss,
    entropy,
    approxKl: kl / samples,
    clipFraction: clipped / samples,
    meanGradient,
    valueGradient,
    logStdGradient,
  };
}
