/**
 * The mean of a policy on the kernels, from observations as they come: normalisation included. The
 * prosumers of a community see the same of it, and that part of the first layer is computed once.
 *
 * @module
 */

import type { ActorWeights } from "../actor_weights.ts";
import { standardDeviations } from "../normalizer.ts";
import { createKernels } from "./kernels.ts";
import { BLOCK_ROWS, createBlockMlp } from "./block_mlp.ts";

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
      const block = observations.subarray(from * width, (from + count) * width);
      seen.set(block);
      const [x, to] = [seen.byteOffset, input.byteOffset];
      const [stride, toStride] = [8 * width, 4 * inputWidth];
      // The first layer begins at a multiple of 8 numbers.
      const shared = Math.floor(kernels.alike(x, stride, count, width) / 8) * 8;
      kernels.normalize(x, stride, 1, shared, mean, std, observationClip, to, toStride);
      kernels.normalize(
        x + 8 * shared,
        stride,
        count,
        width - shared,
        mean + 8 * shared,
        std + 8 * shared,
        observationClip,
        to + 4 * shared,
        toStride,
      );
      actions.set(network.forward(count, shared), from * outputs);
    }
  };
}
