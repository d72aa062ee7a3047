/**
 * Small networks on tensors whose gradients are taken by TensorFlow.js.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { stream } from "../random.ts";
import { addBias, fastTanh } from "../ppo/tfjs/tensor_backend.ts";

/** A network, layer by layer. */
export interface DenseNetwork {
  /** Weights and bias of each layer in turn. */
  readonly variables: tf.Variable[];
  /** Outputs of inputs, with tanh between the layers. */
  forward(input: tf.Tensor2D): tf.Tensor2D;
}

/** A network with layers of these widths. */
export function denseNetwork(sizes: readonly number[], seed: number, label: string): DenseNetwork {
  const random = stream(seed, "sac", label);
  const variables = sizes.slice(1).flatMap((outputs, k) => {
    const inputs = sizes[k];
    // Glorot's range keeps the size of signals from layer to layer.
    const range = Math.sqrt(6 / (inputs + outputs));
    const weights = Float32Array.from(
      { length: inputs * outputs },
      () => range * (2 * random.uniform() - 1),
    );
    return [
      tf.variable(tf.tensor2d(weights, [inputs, outputs])),
      tf.variable(tf.zeros([outputs])),
    ];
  });
  return {
    variables,
    forward(input) {
      let x = input;
      for (let k = 0; k < variables.length; k += 2) {
        const product = tf.matMul(x, variables[k] as tf.Tensor2D) as tf.Tensor2D;
        const sum = addBias(product, variables[k + 1] as tf.Tensor1D);
        x = k < variables.length - 2 ? fastTanh(sum) : sum;
      }
      return x;
    },
  };
}

/** Moves the variables of a network by a share of the way towards those of another. */
export function follow(slow: DenseNetwork, fast: DenseNetwork, share: number): void {
  slow.variables.forEach((variable, k) =>
    tf.tidy(() =>
      variable.assign(tf.add(variable, tf.mul(tf.sub(fast.variables[k], variable), share)))
    )
  );
}
