/**
 * What a trained policy consists of.
 *
 * @module
 */

import type { Blocks } from "./blocks.ts";
import type { LayerSizes } from "./mlp.ts";
import type { NormalizerState } from "./normalizer.ts";

/** All that a policy needs to act. */
export interface ActorWeights {
  /** Widths from the observation, the common block before the own one, to the action. */
  readonly sizes: LayerSizes;
  /** Weights and biases. */
  readonly parameters: Float32Array;
  /** Natural logarithm of each action's standard deviation. */
  readonly logStd: Float32Array;
  /** Statistics of the observations in training. */
  readonly normalizer: Blocks<NormalizerState>;
  /** Normalised observations are cut to ± this. */
  readonly observationClip: number;
}
