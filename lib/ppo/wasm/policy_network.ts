/**
 * The mean of a policy on the kernels, from observations as they come: normalisation included.
 *
 * @module
 */

import type { ActorWeights } from "../actor.ts";
import { standardDeviations } from "../normalizer.ts";
import { createKernels } from "./kernels.ts";
import { BLOCK_ROWS, createBlockMlp } from "./mlp.ts";

/**
 * The network as a function that writes the mean actions of observations [rows × observationSize];
 * it keeps a copy of the weights.
 *
 * @throws {Error} If this runtime cannot run the kernels.
 */
export function createPolicyNetwork(
  { sizes, parameters, normalizer, observationClip }: ActorWeights,
): (observations: Float64Array, actions: Float64Array) => void {
  const kernels = createKernels();
  const place = (values: Float64Array) => {
    const home = kernels.float64(values.length);
    home.set(values);
    return home.byteOffset;
  };
  const width = sizes[0];
  const mean = place(normalizer.mean);
  const std = place(standardDeviations(normalizer));
  const seen = kernels.float64(BLOCK_ROWS * width);
  const network = createBlockMlp(kernels, sizes);
  const weights = kernels.float32(parameters.length);
  weights.set(parameters);
  network.load(weights);
  const { input, inputWidth, outputs } = network;

  return (observations, actions) => {
    const rows = observations.length / width;
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - from);
      seen.set(observations.subarray(from * width, (from + count) * width));
      kernels.normalize(
        seen.byteOffset,
        count,
        width,
        mean,
        std,
        observationClip,
        input.byteOffset,
        4 * inputWidth,
      );
      actions.set(network.forward(count), from * outputs);
    }
  };
}
