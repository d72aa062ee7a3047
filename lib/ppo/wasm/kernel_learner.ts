/**
 * Training on the kernels; the gradient is in {@link ./minibatch_shards.ts}. Other threads may help: who
 * spreads the shards decides, and the result is the same.
 *
 * @module
 */

import { type AdamState, MEAN_DECAY, SQUARE_DECAY } from "../adam.ts";
import { type Blocks, communitiesOf, eachBlock } from "../blocks.ts";
import type { Learner, SeenViews } from "../learner.ts";
import type { Network } from "../network.ts";
import type { LossConfig } from "../loss.ts";
import { type Parameters, parameterViews } from "../parameters.ts";
import type { Views } from "../rollout.ts";
import { createKernels, type Kernels } from "./kernels.ts";
import type { BlockInput, BlockMlp } from "./block_mlp.ts";
import { blockCount, blockOf } from "./cut.ts";
import { addOutcomes, allocateBatch, type Batch, createShardWorker } from "./minibatch_shards.ts";

/** Sees to it that every shard from 0 to `shards` of a batch in memory is computed once. */
export type Spread = (
  communities: number,
  shards: number,
  config: LossConfig,
  own: (shard: number) => void,
) => void;

/** What others share with a learner. */
export interface KernelLearner extends Learner {
  /** Room for minibatches. */
  readonly batch: Batch;
}

/** How a learner works together with other threads. */
export interface LearnerOptions {
  /** Kernels whose memory is to be used; new ones if absent. */
  readonly kernels?: Kernels;
  /** Largest minibatch that is to be expected: communities in a step, and agents of each. */
  readonly capacity?: { readonly communities: number; readonly agents: number };
  /** Who computes the shards; this thread alone if absent. */
  readonly spread?: Spread;
}

/**
 * Networks in training on the kernels.
 *
 * @throws {Error} If this runtime cannot run the kernels.
 */
export function createKernelLearner(
  from: Parameters,
  memory: AdamState,
  { kernels = createKernels(), capacity, spread }: LearnerOptions = {},
): KernelLearner {
  const { parameters, adam, gradient, even } = place(kernels, from, memory);
  const { logStd } = parameters;
  const shards = createShardWorker(kernels, parameters);
  const { actor, critic, partLength } = shards;
  const actorEnd = parameters.actor.length, criticStart = actorEnd + logStd.length;
  const room = (communities: number, agents: number) =>
    allocateBatch(kernels, communities, agents, logStd.length, partLength);
  const homes = new WeakMap<Views, Blocks<Float32Array>>();
  let batch = room(capacity?.communities ?? 0, capacity?.agents ?? 1);
  let seen: SeenViews;

  /** Views in the kernels' memory: the same if they are there already. */
  function moved(views: Views): Views {
    const { raw, normalized } = views;
    if (kernels.owns(normalized.own)) return views;
    const home = homes.get(views) ??
      eachBlock((block) => kernels.float32(normalized[block].length));
    homes.set(views, home);
    home.common.set(normalized.common);
    home.own.set(normalized.own);
    return { raw, normalized: home };
  }

  shards.load();
  return {
    arrays: kernels,
    get batch() {
      return batch;
    },
    parameters,
    adam,
    gradient: gradient.subarray(0, parameters.all.length),
    actor: asNetwork(actor),
    critic: asNetwork(critic),
    load({ agentsPerCommunity, policyViews, criticViews }) {
      const policy = moved(policyViews);
      seen = {
        agentsPerCommunity,
        policyViews: policy,
        criticViews: criticViews === policyViews ? policy : moved(criticViews),
      };
    },
    differentiate({ chosen, targets }, config) {
      const communities = chosen.length, agents = seen.agentsPerCommunity;
      const fits = communities <= batch.capacity && agents === batch.agents;
      if (!fits && spread !== undefined) {
        throw new RangeError(
          `other threads expect minibatches of at most ${batch.capacity} communities of ` +
            `${batch.agents}, got ${communities} of ${agents}`,
        );
      }
      if (!fits) batch = room(communities, agents);
      batch.chosen.set(chosen);
      batch.actions.set(targets.actions);
      batch.logProbabilities.set(targets.logProbabilities);
      batch.advantages.set(targets.advantages);
      batch.returns.set(targets.returns);
      if (targets.weights === undefined) batch.weights.fill(1);
      else batch.weights.set(targets.weights);
      const count = blockCount(communities, agents);
      const own = (k: number) => shards.run(batch, seen, communities, k, config);
      (spread ?? alone)(communities, count, config, own);
      actor.addParts(batch.parts, 0, partLength, count, gradient);
      const criticGradient = gradient.subarray(criticStart);
      critic.addParts(batch.parts, actor.partLength, partLength, count, criticGradient);
      return addOutcomes(batch, count, gradient.subarray(actorEnd, criticStart));
    },
    descend(learningRate, { maxGradientNorm, adamEpsilon }) {
      const norm = Math.sqrt(kernels.squares(gradient.byteOffset, even));
      if (!Number.isFinite(norm)) return norm;
      adam.step++;
      kernels.adam(
        parameters.all.byteOffset,
        gradient.byteOffset,
        adam.mean.byteOffset,
        adam.square.byteOffset,
        even,
        norm > maxGradientNorm ? maxGradientNorm / norm : 1,
        1 - MEAN_DECAY,
        1 - SQUARE_DECAY,
        learningRate,
        1 / (1 - MEAN_DECAY ** adam.step),
        1 / (1 - SQUARE_DECAY ** adam.step),
        adamEpsilon,
      );
      shards.load();
      return norm;
    },
  };
}

const alone: Spread = (_communities, shards, _config, own) => {
  for (let k = 0; k < shards; k++) own(k);
};

/** Moves what is learned into the kernels' memory, with room for an even count of numbers. */
function place(kernels: Kernels, from: Parameters, memory: AdamState) {
  const count = from.all.length;
  const even = count + count % 2;
  const gradient = kernels.float64(even);
  const parameters = parameterViews(from.sizes, kernels.float32(even).subarray(0, count));
  parameters.all.set(from.all);
  const adam: AdamState = {
    step: memory.step,
    mean: kernels.float64(even).subarray(0, count),
    square: kernels.float64(even).subarray(0, count),
  };
  adam.mean.set(memory.mean);
  adam.square.set(memory.square);
  return { parameters, adam, gradient, even };
}

/** A network for any number of rows, block by block. */
export function asNetwork({ input, outputs, forward }: BlockMlp): Network {
  const sizes = eachBlock((block) => input[block].size);
  return {
    forward(seen) {
      const rows = seen.own.length / sizes.own;
      const communities = communitiesOf(seen, sizes);
      const agents = rows / communities;
      const output = new Float32Array(rows * outputs);
      const blocks = blockCount(communities, agents);
      for (let k = 0; k < blocks; k++) {
        const block = blockOf(k, communities, agents);
        put(input.common, seen.common, block.community, block.communities);
        put(input.own, seen.own, block.row, block.communities * block.rows);
        output.set(forward(block.communities, block.rows), block.row * outputs);
      }
      return output;
    },
  };
}

/** Copies `count` rows from `first` on to the beginning of an input. */
function put(
  { numbers, size, width }: BlockInput,
  from: Float32Array,
  first: number,
  count: number,
) {
  for (let row = 0, at = first * size; row < count; row++) {
    for (let j = 0, to = row * width; j < size; j++) numbers[to++] = from[at++];
  }
}
