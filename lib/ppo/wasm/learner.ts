/**
 * Training on the kernels. A minibatch is cut into shards of at most {@linkcode BLOCK_ROWS} rows;
 * each is passed forward and back while it is in the cache and leaves a gradient of its own, and
 * these are added up in their order: the sum does not depend on who computed which shard.
 *
 * @module
 */

import { type AdamState, MEAN_DECAY, SQUARE_DECAY } from "../adam.ts";
import type { Learner, Network } from "../learner.ts";
import { addObjectives, type LossTargets, ppoLoss } from "../loss.ts";
import { type Parameters, parameterViews } from "../parameters.ts";
import { createKernels, type Kernels } from "./kernels.ts";
import { BLOCK_ROWS, type BlockMlp, createBlockMlp } from "./mlp.ts";

/**
 * Networks in training on the kernels.
 *
 * @throws {Error} If this runtime cannot run the kernels.
 */
export function createKernelLearner(from: Parameters, memory: AdamState): Learner {
  const kernels = createKernels();
  const { parameters, adam, gradient, even } = place(kernels, from, memory);
  const { sizes, logStd } = parameters;
  const actor = createBlockMlp(kernels, sizes.actor);
  const critic = createBlockMlp(kernels, sizes.critic);
  const partLength = actor.partLength + critic.partLength;
  const actorEnd = parameters.actor.length, criticStart = actorEnd + logStd.length;
  const chosenRows = kernels.uint32(BLOCK_ROWS);
  let policySeen = kernels.float32(0), communitySeen = kernels.float32(0);
  let criticSeen = policySeen, parts = kernels.float32(0);

  function loadWeights() {
    actor.load(parameters.actor);
    critic.load(parameters.critic);
  }

  function take(network: BlockMlp, seen: Float32Array, width: number, rows: number) {
    kernels.gather(
      seen.byteOffset,
      width,
      chosenRows.byteOffset,
      rows,
      network.input.byteOffset,
      4 * network.inputWidth,
    );
  }

  loadWeights();
  return {
    parameters,
    adam,
    gradient: gradient.subarray(0, parameters.all.length),
    actor: asNetwork(actor, sizes.actor[0]),
    critic: asNetwork(critic, sizes.critic[0]),
    load({ policyViews, criticViews }) {
      policySeen = placed(kernels, policySeen, policyViews.normalized);
      criticSeen = criticViews === policyViews
        ? policySeen
        : communitySeen = placed(kernels, communitySeen, criticViews.normalized);
    },
    differentiate({ chosen, targets }, config) {
      const samples = chosen.length;
      const shards = Math.ceil(samples / BLOCK_ROWS);
      if (parts.length < shards * partLength) parts = kernels.float32(shards * partLength);
      const logStdGradient = gradient.subarray(actorEnd, criticStart).fill(0);
      const objectives = Array.from({ length: shards }, (_, k) => {
        const [first, end] = [k, k + 1].map((i) => Math.round(i * samples / shards));
        chosenRows.set(chosen.subarray(first, end));
        take(actor, policySeen, sizes.actor[0], end - first);
        take(critic, criticSeen, sizes.critic[0], end - first);
        const means = actor.forward(end - first);
        const values = critic.forward(end - first);
        const part = targetsBetween(targets, first, end, logStd.length);
        const loss = ppoLoss(means, values, logStd, part, config, samples);
        actor.backward(loss.meanGradient, parts, k * partLength);
        critic.backward(loss.valueGradient, parts, k * partLength + actor.partLength);
        loss.logStdGradient.forEach((slope, j) => logStdGradient[j] += slope);
        return loss;
      });
      actor.addParts(parts, 0, partLength, shards, gradient);
      const criticGradient = gradient.subarray(criticStart);
      critic.addParts(parts, actor.partLength, partLength, shards, criticGradient);
      return addObjectives(objectives);
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
      loadWeights();
      return norm;
    },
  };
}

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

/** Copies values into the kernels' memory, to `home` if they fit there. */
function placed(kernels: Kernels, home: Float32Array, values: Float32Array): Float32Array {
  const fitting = home.length < values.length ? kernels.float32(values.length) : home;
  fitting.set(values);
  return fitting;
}

/** A network for any number of rows, block by block. */
function asNetwork(network: BlockMlp, inputs: number): Network {
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

function targetsBetween(
  { actions, logProbabilities, advantages, returns }: LossTargets,
  from: number,
  to: number,
  actionSize: number,
): LossTargets {
  return {
    actions: actions.subarray(from * actionSize, to * actionSize),
    logProbabilities: logProbabilities.subarray(from, to),
    advantages: advantages.subarray(from, to),
    returns: returns.subarray(from, to),
  };
}
