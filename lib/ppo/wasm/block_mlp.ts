/**
 * A multilayer perceptron on the kernels: forward and backward passes over a block of rows. Widths
 * are filled up to multiples of 8 and rows to multiples of 4; what fills up stays zero.
 *
 * With h₀ the input, zₗ = hₗ₋₁·Wₗ + bₗ, hₗ = tanh zₗ (the last is linear) and dₗ = ∂loss/∂zₗ:
 *
 *     ∂loss/∂Wₗ = hₗ₋₁ᵀ·dₗ    ∂loss/∂bₗ = Σ rows of dₗ    dₗ₋₁ = dₗ·Wₗᵀ · (1 − hₗ₋₁²)
 *
 * @module
 */

import { layerShapes, type LayerSizes } from "../mlp.ts";
import type { Kernels } from "./kernels.ts";

/** Most rows of a block: its activations then stay in the processor's cache. */
export const BLOCK_ROWS = 128;

/** A network for one block of rows at a time. */
export interface BlockMlp {
  /** Takes in weights and biases, in the layout of `mlp.ts` and in the kernels' memory. */
  load(parameters: Float32Array): void;
  /** Rows to be passed forward; row i begins at `i * inputWidth`. */
  readonly input: Float32Array;
  /** Numbers from one row of the input to the next. */
  readonly inputWidth: number;
  /** Numbers that leave a row. */
  readonly outputs: number;
  /**
   * Passes the first `rows` of the input forward. Of the first `shared` numbers, a multiple of 8, all
   * rows have what the first row has, and only there they are read; the outcome is the same.
   *
   * @returns [rows × outputs], overwritten by the next.
   */
  forward(rows: number, shared?: number): Float32Array;
  /**
   * Passes the slopes at the outputs [rows × outputs] of the last forward pass back, and writes the
   * gradient into `parts` from number `at` on.
   */
  backward(slopes: Float32Array, parts: Float32Array, at: number): void;
  /** Length of a part of the gradient. */
  readonly partLength: number;
  /**
   * Adds up `count` parts of a gradient, the first from number `at` on and `stride` numbers apart,
   * and writes the sum in the layout of `mlp.ts`.
   */
  addParts(
    parts: Float32Array,
    at: number,
    stride: number,
    count: number,
    gradient: Float64Array,
  ): void;
}

/** One layer in the kernels' memory. */
interface BlockLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** The same, filled up to whole vectors. */
  readonly paddedInputs: number;
  readonly paddedOutputs: number;
  /** Where the layer begins in the flat vector of parameters, and in a part of the gradient. */
  readonly at: number;
  readonly partAt: number;
  readonly panels: Float32Array;
  readonly transposed: Float32Array;
  readonly bias: Float32Array;
  /** hₗ₋₁, hₗ and dₗ. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  readonly slope: Float32Array;
}

/** A network of the given sizes; it has no weights before they are loaded. */
export function createBlockMlp(kernels: Kernels, sizes: LayerSizes): BlockMlp {
  const layers = allocateLayers(kernels, sizes);
  const [first, last] = [layers[0], layers[layers.length - 1]];
  const widest = Math.max(...sizes.map(padded));
  const common = { zeros: kernels.float32(widest), scratch: kernels.float32(4 * widest) };
  const outputs = new Float32Array(BLOCK_ROWS * last.outputs);
  const beginning = kernels.float32(4 * first.paddedOutputs);
  let blockRows = 0;

  function multiply(
    layer: BlockLayer,
    rows: number,
    from: number,
    to: number,
    bias: Float32Array,
    output: Float32Array = layer.output,
  ) {
    const { input, panels, paddedInputs, paddedOutputs } = layer;
    kernels.dense(
      input.byteOffset,
      4 * paddedInputs,
      rows,
      from,
      to,
      paddedInputs,
      panels.byteOffset,
      paddedOutputs,
      bias.byteOffset,
      output.byteOffset,
      4 * paddedOutputs,
      common.scratch.byteOffset,
    );
  }

  /** What the first layer's sums are after the shared numbers. */
  function begin(shared: number): Float32Array {
    multiply(first, 4, 0, shared, first.bias, beginning);
    return beginning;
  }

  return {
    input: first.input,
    inputWidth: first.paddedInputs,
    outputs: last.outputs,
    partLength: last.partAt + (last.paddedInputs + 1) * last.paddedOutputs,
    load(parameters) {
      for (const layer of layers) {
        const { inputs, outputs, paddedInputs, paddedOutputs, at, panels, transposed } = layer;
        const address = parameters.byteOffset + 4 * at;
        kernels.pack(address, inputs, outputs, paddedInputs, panels.byteOffset);
        if (layer !== first) {
          kernels.packTransposed(address, inputs, outputs, paddedOutputs, transposed.byteOffset);
        }
        for (let j = 0; j < outputs; j++) layer.bias[j] = parameters[at + inputs * outputs + j];
      }
    },
    forward(rows, shared = 0) {
      blockRows = fourfold(rows);
      first.input.fill(0, rows * first.paddedInputs, blockRows * first.paddedInputs);
      const begun = shared === 0 ? first.bias : begin(shared);
      for (const layer of layers) {
        if (layer === first) multiply(layer, blockRows, shared, layer.paddedInputs, begun);
        else multiply(layer, blockRows, 0, layer.paddedInputs, layer.bias);
        const { output, paddedOutputs } = layer;
        if (layer !== last) kernels.tanh(output.byteOffset, blockRows * paddedOutputs);
      }
      for (let row = 0, to = 0; row < rows; row++) {
        const from = row * last.paddedOutputs;
        for (let j = 0; j < last.outputs; j++) outputs[to++] = last.output[from + j];
      }
      return outputs.subarray(0, rows * last.outputs);
    },
    backward(slopes, parts, at) {
      const { slope, paddedOutputs } = last;
      slope.fill(0, 0, blockRows * paddedOutputs);
      for (let from = 0, row = 0; from < slopes.length; row++) {
        for (let j = 0; j < last.outputs; j++) slope[row * paddedOutputs + j] = slopes[from++];
      }
      const part = parts.byteOffset + 4 * at;
      for (let l = layers.length - 1; l >= 0; l--) {
        backwardLayer(kernels, layers[l], layers[l - 1], blockRows, part, common);
      }
    },
    addParts(parts, at, stride, count, gradient) {
      for (const layer of layers) {
        const { inputs, outputs, paddedInputs, paddedOutputs } = layer;
        const weights = parts.byteOffset + 4 * (at + layer.partAt);
        const biases = weights + 4 * paddedInputs * paddedOutputs;
        const to = gradient.byteOffset + 8 * layer.at;
        kernels.addParts(weights, 4 * stride, count, inputs, outputs, paddedOutputs, to);
        const biasTo = to + 8 * inputs * outputs;
        kernels.addParts(biases, 4 * stride, count, 1, outputs, paddedOutputs, biasTo);
      }
    },
  };
}

function backwardLayer(
  kernels: Kernels,
  layer: BlockLayer,
  before: BlockLayer | undefined,
  rows: number,
  part: number,
  { zeros, scratch }: { readonly zeros: Float32Array; readonly scratch: Float32Array },
): void {
  const { input, slope, transposed, paddedInputs, paddedOutputs, partAt } = layer;
  const [x, xStride] = [input.byteOffset, 4 * paddedInputs];
  const [d, dStride] = [slope.byteOffset, 4 * paddedOutputs];
  const weights = part + 4 * partAt;
  kernels.weightGradient(x, xStride, d, dStride, rows, paddedInputs, paddedOutputs, weights);
  const biases = weights + 4 * paddedInputs * paddedOutputs;
  kernels.columnSums(d, dStride, rows, paddedOutputs, biases);
  if (before === undefined) return;
  kernels.dense(
    d,
    dStride,
    rows,
    0,
    paddedOutputs,
    paddedOutputs,
    transposed.byteOffset,
    paddedInputs,
    zeros.byteOffset,
    before.slope.byteOffset,
    xStride,
    scratch.byteOffset,
  );
  kernels.tanhSlope(before.slope.byteOffset, x, rows * paddedInputs);
}

function allocateLayers(kernels: Kernels, sizes: LayerSizes): BlockLayer[] {
  let input = kernels.float32(BLOCK_ROWS * padded(sizes[0]));
  let partAt = 0;
  return layerShapes(sizes).map(({ inputs, outputs, at }) => {
    const [paddedInputs, paddedOutputs] = [padded(inputs), padded(outputs)];
    const layer: BlockLayer = {
      inputs,
      outputs,
      paddedInputs,
      paddedOutputs,
      at,
      partAt,
      panels: kernels.float32(paddedInputs * paddedOutputs),
      transposed: kernels.float32(paddedInputs * paddedOutputs),
      bias: kernels.float32(paddedOutputs),
      input,
      output: kernels.float32(BLOCK_ROWS * paddedOutputs),
      slope: kernels.float32(BLOCK_ROWS * paddedOutputs),
    };
    input = layer.output;
    partAt += (paddedInputs + 1) * paddedOutputs;
    return layer;
  });
}

/** The next multiple of 8: two vectors of numbers. */
function padded(width: number): number {
  return Math.ceil(width / 8) * 8;
}

function fourfold(rows: number): number {
  return Math.ceil(rows / 4) * 4;
}
