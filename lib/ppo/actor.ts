/**
 * A trained policy without the tensor library: what a simulation needs to act. It computes in
 * float64 what training computes in float32; actions agree to about 1e-6.
 *
 * @module
 */

import type { Stream } from "../random.ts";
import { diagonalGaussian } from "./gaussian.ts";
import { createMlp, type LayerSizes } from "./mlp.ts";
import { type NormalizerState, restoreNormalizer } from "./normalizer.ts";

/** All that a policy needs to act. */
export interface ActorWeights {
  /** Widths from the observation to the action. */
  readonly sizes: LayerSizes;
  /** Weights and biases. */
  readonly parameters: Float32Array;
  /** Natural logarithm of each action's standard deviation. */
  readonly logStd: Float32Array;
  /** Statistics of the observations in training. */
  readonly normalizer: NormalizerState;
  /** Normalised observations are cut to ± this. */
  readonly observationClip: number;
}

/** A policy for any number of rows; raw actions, which the environment makes feasible. */
export interface Actor {
  /** Writes the mean action of observations [rows × observationSize] into `actions`. */
  mean(observations: Float64Array, actions: Float64Array): Float64Array;
  /** Writes a random action of observations [rows × observationSize] into `actions`. */
  sample(observations: Float64Array, random: Stream, actions: Float64Array): Float64Array;
}

/**
 * The policy with the given weights, of which it keeps a copy.
 *
 * @example
 * ```ts
 * import { createActor } from "./actor.ts";
 * const actor = createActor({
 *   sizes: [1, 1],
 *   parameters: Float32Array.of(2, 1),
 *   logStd: Float32Array.of(0),
 *   normalizer: { count: 0, mean: new Float64Array(1), squaredDeviations: new Float64Array(1) },
 *   observationClip: 10,
 * });
 * const actions = actor.mean(Float64Array.of(3, 4), new Float64Array(2));
 * if (actions.join() !== "7,9") throw new Error(`2x + 1 of 3 and 4 is ${actions}`);
 * ```
 */
export function createActor(weights: ActorWeights): Actor {
  const { sizes } = weights;
  const network = createMlp(sizes, weights.parameters);
  const normalizer = restoreNormalizer(weights.normalizer, weights.observationClip);
  const gaussian = diagonalGaussian(weights.logStd);
  let input = new Float64Array(0);

  function means(observations: Float64Array): Float64Array {
    if (input.length !== observations.length) input = new Float64Array(observations.length);
    return network(normalizer.normalize(observations, input), observations.length / sizes[0]);
  }

  return {
    mean(observations, actions) {
      actions.set(means(observations));
      return actions;
    },
    sample: (observations, random, actions) =>
      gaussian.sample(means(observations), random, actions),
  };
}
