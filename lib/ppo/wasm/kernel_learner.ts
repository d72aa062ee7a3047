/**
 * Training on the kernels; the gradient is in {@link ./minibatch_shards.ts}. Other threads may help: who
 * spreads the shards decides, and the result is the same.
 *
 * @module
 */

import { type AdamState, MEAN_DECAY, SQUARE_DECAY } from "../adam.ts";
import type { Learner, SeenViews } from "../learner.ts";
import type { Network } from "../network.ts";
import type { LossConfig } from "../loss.ts";
import { type Parameters, parameterViews } from "../parameters.ts";
import type { Views } from "../rollout.ts";
import { createKernels, type Kernels } from "./kernels.ts";
import { BLOCK_ROWS, type BlockMlp } from "./block_mlp.ts";
import {
  addOutcomes,
  allocateBatch,
  type Batch,
  createShardWorker,
  shardCount,
} from "./minibatch_shards.ts";

/** Sees to it that every shard from 0 to `shards` of a batch in memory is computed once. */
export type Spread = (
  samples: number,
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
  /** Largest minibatch that is to be expected. */
  readonly capacity?: number;
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
  { kernels = createKernels(), capacity = BLOCK_ROWS, spread }: LearnerOptions = {},
): KernelLearner {
  const { parameters, adam, gradient, even } = place(kernels, from, memory);
  const { sizes, logStd } = parameters;
  const shards = createShardWorker(kernels, parameters);
  const { actor, critic, partLength } = shards;
  const actorEnd = parameters.actor.length, criticStart = actorEnd + logStd.length;
  const homes = { policy: kernels.float32(0), critic: kernels.float32(0) };
  let batch = allocateBatch(kernels, capacity, logStd.length, partLength);
  let seen: SeenViews;

  /** Views in the kernels' memory: the same if they are there already. */
  function moved(name: keyof typeof homes, { raw, normalized }: Views): Views {
    if (kernels.owns(normalized)) return { raw, normalized };
    if (homes[name].length < normalized.length) homes[name] = kernels.float32(normalized.length);
    homes[name].set(normalized);
    return { raw, normalized: homes[name] };
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
    actor: asNetwork(actor, sizes.actor[0]),
    critic: asNetwork(critic, sizes.critic[0]),
    load({ policyViews, criticViews }) {
      const policy = moved("policy", policyViews);
      seen = {
        policyViews: policy,
        criticViews: criticViews === policyViews ? policy : moved("critic", criticViews),
      };
    },
    differentiate({ chosen, targets }, config) {
      const samples = chosen.length;
      if (samples > batch.capacity && spread !== undefined) {
        throw new RangeError(
          `other threads expect minibatches of at most ${batch.capacity} samples, got ${samples}`,
        );
      }
      if (samples > batch.capacity) {
        batch = allocateBatch(kernels, samples, logStd.length, partLength);
      }
      batch.chosen.set(chosen);
      batch.actions.set(targets.actions);
      batch.logProbabilities.set(targets.logProbabilities);
      batch.advantages.set(targets.advantages);
      batch.returns.set(targets.returns);
      const count = shardCount(samples);
      (spread ?? alone)(samples, count, config, (k) => shards.run(batch, seen, samples, k, config));
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

const alone: Spread = (_samples, shards, _config, own) => {
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
export function asNetwork(network: BlockMlp, inputs: number): Network {
  const { input: block, inputWidth } = network;
  return {
    forward(input) {
      const rows = input.length / inputs;
      const output = new Float32Array(rows * network.outputs);
      for (let from = 0; from < rows; from += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, rows - from);
        for (let row = 0, at = from * inputs; row < count; row++) {
          for (let j = 0, to = row * inputWidth; j < inputs; j++) block[to++] = input[at++];
        }
        output.set(network.forward(count), from * network.outputs);
      }
      return output;
    },
  };
}
