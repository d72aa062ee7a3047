/**
 * Training on tensors: the reference that the kernels are compared with. It repeats the common block
 * in every row, so that it knows nothing of how they share it.
 *
 * @module
 */

import { type AdamState, adamStep, clipGradientNorm } from "../adam.ts";
import { plainArrays } from "../arrays.ts";
import { type Blocks, eachBlock, flatRows } from "../blocks.ts";
import type { Learner, SeenViews } from "../learner.ts";
import type { Network } from "../network.ts";
import { lossOf } from "../loss.ts";
import type { Views } from "../rollout.ts";
import type { LayerSizes } from "../mlp.ts";
import { inputSizes, type Parameters, parameterViews } from "../parameters.ts";
import { takeRows } from "../take_rows.ts";
import { startTensors, type TensorBackend } from "./tensor_backend.ts";
import { backpropagate, uploadMlp } from "./tensor_network.ts";

/**
 * Networks in training on tensors.
 *
 * @throws {Error} If TensorFlow.js does not start.
 */
export async function createTensorLearner(
  from: Parameters,
  memory: AdamState,
  backend: TensorBackend = "wasm",
): Promise<Learner> {
  await startTensors(backend);
  const parameters = parameterViews(from.sizes, from.all.slice());
  const adam = structuredClone(memory);
  const gradient = new Float64Array(parameters.all.length);
  const { actor, critic } = parameters.sizes;
  const inputs = {
    actor: inputSizes(parameters.sizes, "actor"),
    critic: inputSizes(parameters.sizes, "critic"),
  };
  let seen: SeenViews | undefined;

  function rowsOf(
    { normalized }: Views,
    chosen: Uint32Array,
    agents: number,
    sizes: Blocks<number>,
  ) {
    const widths = { common: sizes.common, own: agents * sizes.own };
    const taken = eachBlock((block) =>
      takeRows(normalized[block], chosen, widths[block], Float32Array)
    );
    const rows = chosen.length * agents;
    const flat = new Float32Array(rows * (sizes.common + sizes.own));
    return flatRows(taken, sizes, flat);
  }

  return {
    arrays: plainArrays,
    parameters,
    adam,
    gradient,
    actor: network(actor, parameters.actor, inputs.actor),
    critic: network(critic, parameters.critic, inputs.critic),
    load: (views) => seen = views,
    differentiate({ chosen, targets }, config) {
      const { agentsPerCommunity: agents, policyViews, criticViews } = seen!;
      const observations = rowsOf(policyViews, chosen, agents, inputs.actor);
      const criticObservations = criticViews === policyViews
        ? observations
        : rowsOf(criticViews, chosen, agents, inputs.critic);
      return backpropagate(
        parameters,
        observations,
        criticObservations,
        (means, values) => lossOf(means, values, parameters.logStd, targets, config),
        gradient,
      );
    },
    descend(learningRate, { maxGradientNorm, adamEpsilon }) {
      const norm = clipGradientNorm(gradient, maxGradientNorm);
      if (Number.isFinite(norm)) {
        adamStep(adam, parameters.all, gradient, learningRate, adamEpsilon);
      }
      return norm;
    },
  };
}

/** Weights are uploaded for each pass, so that no tensor outlives it. */
function network(
  sizes: LayerSizes,
  parameters: Float32Array,
  inputs: Blocks<number>,
): Network {
  return {
    forward(seen) {
      const rows = seen.own.length / inputs.own;
      const resident = uploadMlp(sizes, parameters);
      const output = resident.forward(flatRows(seen, inputs, new Float32Array(rows * sizes[0])));
      resident.dispose();
      return output;
    },
  };
}
