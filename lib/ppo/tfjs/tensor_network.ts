/**
 * The networks on tensors: forward passes for many rows at once and gradients for training. Only
 * matrix work is done here; sampling, the objective and the statistics are typed arrays in float64.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { addBias, fastTanh } from "./tensor_backend.ts";
import type { Loss } from "../loss.ts";
import { layers, type LayerSizes } from "../mlp.ts";
import type { Parameters } from "../parameters.ts";

/** Rows of one forward pass, which bounds the memory of hidden layers. */
const CHUNK_ROWS = 8192;

/** A network whose weights stay in the backend's memory until they are disposed of. */
export interface ResidentMlp {
  /** Outputs [rows × outputs] of inputs [rows × inputs]. */
  forward(input: Float32Array): Float32Array;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * Copies a network into the backend's memory; `startTensors` comes first.
 *
 * @example
 * ```ts
 * import { startTensors } from "./tensor_backend.ts";
 * import { uploadMlp } from "./tensor_network.ts";
 * await startTensors("wasm");
 * const network = uploadMlp([1, 1], Float32Array.of(2, 1));
 * const output = network.forward(Float32Array.of(3, 4));
 * network.dispose();
 * if (output.join() !== "7,9") throw new Error(`2x + 1 of 3 and 4 is ${output}`);
 * ```
 */
export function uploadMlp(sizes: LayerSizes, parameters: Float32Array): ResidentMlp {
  const weights = weightTensors(sizes, parameters);
  const [inputs, outputs] = [sizes[0], sizes[sizes.length - 1]];
  return {
    forward(input) {
      const rows = input.length / inputs;
      const output = new Float32Array(rows * outputs);
      for (let from = 0; from < rows; from += CHUNK_ROWS) {
        const to = Math.min(from + CHUNK_ROWS, rows);
        const chunk = input.subarray(from * inputs, to * inputs);
        const part = tf.tidy(() =>
          mlp(tf.tensor2d(chunk, [to - from, inputs]), weights).dataSync()
        );
        output.set(part, from * outputs);
      }
      return output;
    },
    dispose: () => tf.dispose(weights),
  };
}

/**
 * Passes a minibatch through both networks, asks `objective` for the gradient at their outputs, and
 * writes the gradient of all parameters into `gradient`.
 */
export function backpropagate(
  parameters: Parameters,
  observations: Float32Array,
  criticObservations: Float32Array,
  objective: (means: Float32Array, values: Float32Array) => Loss,
  gradient: Float64Array,
): Loss {
  const { actor, critic } = parameters.sizes;
  let outcome!: Loss;
  tf.tidy(() => {
    const seenByActor = tf.tensor2d(observations, [observations.length / actor[0], actor[0]]);
    const seenByCritic = observations === criticObservations ? seenByActor : tf.tensor2d(
      criticObservations,
      [criticObservations.length / critic[0], critic[0]],
    );
    const actorWeights = weightTensors(actor, parameters.actor);
    const criticWeights = weightTensors(critic, parameters.critic);
    const lossOf = tf.customGrad((...outputs) => {
      const [means, values] = outputs as tf.Tensor2D[];
      outcome = objective(means.dataSync<"float32">(), values.dataSync<"float32">());
      return {
        value: tf.scalar(outcome.loss),
        gradFunc: () => [
          tf.tensor2d(outcome.meanGradient, means.shape),
          tf.tensor2d(outcome.valueGradient, values.shape),
        ],
      };
    });
    const split = actorWeights.length;
    const { grads } = tf.valueAndGrads((...weights) =>
      lossOf(mlp(seenByActor, weights.slice(0, split)), mlp(seenByCritic, weights.slice(split)))
    )([...actorWeights, ...criticWeights]);
    let at = 0;
    const write = (part: ArrayLike<number>) => {
      gradient.set(part, at);
      at += part.length;
    };
    for (const slope of grads.slice(0, split)) write(slope.dataSync());
    write(outcome.logStdGradient);
    for (const slope of grads.slice(split)) write(slope.dataSync());
  });
  return outcome;
}

/** Weights and bias of each layer in turn, in the order of the flat vector. */
function weightTensors(sizes: LayerSizes, parameters: Float32Array): tf.Tensor[] {
  return layers(sizes, parameters).flatMap(({ inputs, outputs, weights, bias }) => [
    tf.tensor2d(weights, [inputs, outputs]),
    tf.tensor1d(bias),
  ]);
}

function mlp(input: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Tensor2D {
  let signal = input;
  for (let i = 0; i < weights.length; i += 2) {
    const sum = addBias(
      tf.matMul(signal, weights[i] as tf.Tensor2D),
      weights[i + 1] as tf.Tensor1D,
    );
    signal = i + 2 < weights.length ? fastTanh(sum) : sum;
  }
  return signal;
}
