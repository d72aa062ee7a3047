/**
 * The mean of a policy on the kernels, from observations as they come: normalisation included.
 *
 * @module
 */

import type { ActorWeights } from "../actor_weights.ts";
import { type Blocks, communitiesOf, eachBlock } from "../blocks.ts";
import { standardDeviations } from "../normalizer.ts";
import { createBlockMlp } from "./block_mlp.ts";
import { BLOCK_ROWS, blockCount, blockOf } from "./cut.ts";
import { createKernels } from "./kernels.ts";

/** Blocks from the first up to, but without, the last. */
export type BlockRange = readonly [first: number, last: number];

/** Writes the mean actions of what is seen, of all rows or those of some blocks. */
export type PolicyNetwork = (
  seen: Blocks<Float64Array>,
  actions: Float64Array,
  range?: BlockRange,
) => void;

/**
 * The network as a function; it keeps a copy of the weights.
 *
 * @throws {Error} If this runtime cannot run the kernels.
 */
export function createPolicyNetwork(
  { sizes, parameters, normalizer, observationClip }: ActorWeights,
): PolicyNetwork {
  const kernels = createKernels();
  const place = (values: Float64Array) => {
    const home = kernels.float64(values.length);
    home.set(values);
    return home;
  };
  const inputs = eachBlock((block) => normalizer[block].mean.length);
  const mean = eachBlock((block) => place(normalizer[block].mean));
  const std = eachBlock((block) => place(standardDeviations(normalizer[block])));
  const shown = eachBlock((block) => kernels.float64(BLOCK_ROWS * inputs[block]));
  const network = createBlockMlp(kernels, sizes, inputs.common);
  const weights = kernels.float32(parameters.length);
  weights.set(parameters);
  network.load(weights);

  /** Passes `count` rows of a block of the observation, from `first` on, to the network. */
  function put(block: keyof typeof inputs, from: Float64Array, first: number, count: number) {
    const { numbers, size, width } = network.input[block];
    shown[block].set(from.subarray(first * size, (first + count) * size));
    kernels.normalize(
      shown[block].byteOffset,
      8 * size,
      count,
      size,
      mean[block].byteOffset,
      std[block].byteOffset,
      observationClip,
      numbers.byteOffset,
      4 * width,
    );
  }

  return (seen, actions, range) => {
    const communities = communitiesOf(seen, inputs);
    const agents = seen.own.length / inputs.own / communities;
    const [first, last] = range ?? [0, blockCount(communities, agents)];
    for (let k = first; k < last; k++) {
      const block = blockOf(k, communities, agents);
      put("common", seen.common, block.community, block.communities);
      put("own", seen.own, block.row, block.communities * block.rows);
      actions.set(network.forward(block.communities, block.rows), block.row * network.outputs);
    }
  };
}
