/**
 * Training on tensors: the reference that the kernels are compared with.
 *
 * @module
 */

import { type AdamState, adamStep, clipGradientNorm } from "../adam.ts";
import { plainArrays } from "../arrays.ts";
import type { Learner, SeenViews } from "../learner.ts";
import type { Network } from "../network.ts";
import { ppoLoss } from "../loss.ts";
import type { LayerSizes } from "../mlp.ts";
import { type Parameters, parameterViews } from "../parameters.ts";
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
  let seen: SeenViews | undefined;

  return {
    arrays: plainArrays,
    parameters,
    adam,
    gradient,
    actor: network(actor, parameters.actor),
    critic: network(critic, parameters.critic),
    load: (views) => seen = views,
    differentiate({ chosen, targets }, config) {
      const { policyViews, criticViews } = seen!;
      const observations = takeRows(policyViews.normalized, chosen, actor[0], Float32Array);
      const criticObservations = criticViews === policyViews
        ? observations
        : takeRows(criticViews.normalized, chosen, critic[0], Float32Array);
      return backpropagate(
        parameters,
        observations,
        criticObservations,
        (means, values) => ppoLoss(means, values, parameters.logStd, targets, config),
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
function network(sizes: LayerSizes, parameters: Float32Array): Network {
  return {
    forward(input) {
      const resident = uploadMlp(sizes, parameters);
      const output = resident.forward(input);
      resident.dispose();
      return output;
    },
  };
}
