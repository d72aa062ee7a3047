/**
 * The stochastic policy: a Gaussian with diagonal covariance whose standard deviation does not
 * depend on the observation.
 *
 *     log π(a) = −½ Σⱼ [ ((aⱼ − μⱼ)/σⱼ)² + 2·log σⱼ + log 2π ]
 *     entropy  = Σⱼ [ log σⱼ + ½·log 2πe ]
 *
 * @module
 */

import { exp } from "../arithmetic.ts";
import type { Stream } from "../random.ts";

/** A Gaussian around means that are laid out [rows × size]. */
export interface DiagonalGaussian {
  /** Standard deviation of each action. */
  readonly std: Float64Array;
  /** Differential entropy. [nat] */
  readonly entropy: number;
  /** Writes an action for every row of `means` into `actions`. */
  sample(means: ArrayLike<number>, random: Stream, actions: Float64Array): Float64Array;
  /** Log-density of the action of one row. [nat] */
  logProbability(actions: ArrayLike<number>, means: ArrayLike<number>, row: number): number;
}

/**
 * The Gaussian with the given logarithms of its standard deviations.
 *
 * @example
 * ```ts
 * import { diagonalGaussian } from "./gaussian.ts";
 * const density = Math.exp(diagonalGaussian([0]).logProbability([0], [0], 0));
 * if (Math.abs(density - 0.3989) > 1e-4) throw new Error(`standard normal at 0 is ${density}`);
 * ```
 */
export function diagonalGaussian(logStd: ArrayLike<number>): DiagonalGaussian {
  const size = logStd.length;
  const std = new Float64Array(size);
  let logNorm = 0.5 * size * Math.log(2 * Math.PI);
  for (let j = 0; j < size; j++) {
    std[j] = exp(logStd[j]);
    logNorm += logStd[j];
  }
  return {
    std,
    entropy: logNorm + size / 2,
    sample(means, random, actions) {
      for (let i = 0; i < means.length;) {
        for (let j = 0; j < size; j++, i++) actions[i] = means[i] + std[j] * random.normal();
      }
      return actions;
    },
    logProbability(actions, means, row) {
      let squares = 0;
      for (let j = 0, at = row * size; j < size; j++, at++) {
        const z = (actions[at] - means[at]) / std[j];
        squares += z * z;
      }
      return -0.5 * squares - logNorm;
    },
  };
}
