/**
 * A multilayer perceptron as plain data: layer sizes and one flat vector of parameters, layer by
 * layer the weights [inputs × outputs] and then the bias. Hidden layers are tanh, the output is
 * linear. Inference here needs no tensors; training is in `network.ts`.
 *
 * @module
 */

import { exp } from "../arithmetic.ts";
import type { Stream } from "../random.ts";

/** Gain of hidden layers, which keeps the variance of signals that pass a tanh. */
const HIDDEN_GAIN = Math.SQRT2;

/** Widths from the input to the output, such as `[48, 64, 64, 3]`. */
export type LayerSizes = readonly number[];

/** Views of one layer's parameters. */
export interface Layer {
  /** Numbers that enter. */
  readonly inputs: number;
  /** Numbers that leave. */
  readonly outputs: number;
  /** [inputs × outputs], row-major. */
  readonly weights: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

/**
 * Number of parameters of a network.
 *
 * @example
 * ```ts
 * import { parameterCount } from "./mlp.ts";
 * if (parameterCount([2, 3, 1]) !== 2 * 3 + 3 + 3 * 1 + 1) throw new Error("weights and biases");
 * ```
 */
export function parameterCount(sizes: LayerSizes): number {
  return sizes.slice(1).reduce((sum, outputs, i) => sum + (sizes[i] + 1) * outputs, 0);
}

/** Widths of the layers, and where each begins in the flat vector. */
export function layerShapes(
  sizes: LayerSizes,
): { readonly inputs: number; readonly outputs: number; readonly at: number }[] {
  let at = 0;
  return sizes.slice(1).map((outputs, i) => {
    const layer = { inputs: sizes[i], outputs, at };
    at += (sizes[i] + 1) * outputs;
    return layer;
  });
}

/** The layers as views into `parameters`. */
export function layers(sizes: LayerSizes, parameters: Float32Array): Layer[] {
  return layerShapes(sizes).map(({ inputs, outputs, at }) => {
    const biasAt = at + inputs * outputs;
    return {
      inputs,
      outputs,
      weights: parameters.subarray(at, biasAt),
      bias: parameters.subarray(biasAt, biasAt + outputs),
    };
  });
}

/** Writes orthogonal weights and zero biases into `parameters`; the gain is that of the output. */
export function initializeMlp(
  sizes: LayerSizes,
  parameters: Float32Array,
  outputGain: number,
  random: Stream,
): void {
  layers(sizes, parameters).forEach(({ inputs, outputs, weights, bias }, i) => {
    const gain = i === sizes.length - 2 ? outputGain : HIDDEN_GAIN;
    weights.set(orthogonalMatrix(inputs, outputs, gain, random));
    bias.fill(0);
  });
}

/**
 * The network as a function of inputs [rows × inputs]. It keeps a copy of the parameters; its answer
 * is overwritten by the next.
 */
export function createMlp(
  sizes: LayerSizes,
  parameters: Float32Array,
): (input: Float64Array, rows: number) => Float64Array {
  const hidden = sizes.length - 2;
  const kernels = layers(sizes, parameters).map((layer, i) => denseKernel(layer, i < hidden));
  return (input, rows) => kernels.reduce((signal, kernel) => kernel(signal, rows), input);
}

function denseKernel({ inputs, outputs, weights, bias }: Layer, hidden: boolean) {
  // Column by column, so that the inner loop reads straight through memory.
  const columns = Float64Array.from(
    { length: inputs * outputs },
    (_, at) => weights[(at % inputs) * outputs + Math.floor(at / inputs)],
  );
  const offsets = Float64Array.from(bias);
  let output = new Float64Array(0);
  return (input: Float64Array, rows: number): Float64Array => {
    if (output.length !== rows * outputs) output = new Float64Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < outputs; j++) {
        let sum = offsets[j];
        for (let i = 0, x = row * inputs, w = j * inputs; i < inputs; i++) {
          sum += input[x + i] * columns[w + i];
        }
        // The tanh of the training network: 2σ(2x) − 1.
        output[row * outputs + j] = hidden ? 2 / (1 + exp(-2 * sum)) - 1 : sum;
      }
    }
    return output;
  };
}

/** Random [rows × columns] with orthonormal columns (or rows, if these are fewer) times `gain`. */
function orthogonalMatrix(
  rows: number,
  columns: number,
  gain: number,
  random: Stream,
): Float64Array {
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  while (basis.length < Math.min(rows, columns)) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Gram–Schmidt; the second pass removes what rounding has left of the first.
    for (const other of [...basis, ...basis]) {
      const overlap = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i] -= overlap * other[i];
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const row = Math.floor(at / columns), column = at % columns;
    return gain * (rows >= columns ? basis[column][row] : basis[row][column]);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
