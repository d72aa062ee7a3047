/**
 * A multilayer perceptron on the kernels: forward and backward passes over a block of rows. Widths
 * and counts of rows are filled up to multiples of 4; what fills up stays zero.
 *
 * With h₀ the input, zₗ = hₗ₋₁·Wₗ + bₗ, hₗ = tanh zₗ (the last is linear) and dₗ = ∂loss/∂zₗ:
 *
 *     ∂loss/∂Wₗ = hₗ₋₁ᵀ·dₗ    ∂loss/∂bₗ = Σ rows of dₗ    dₗ₋₁ = dₗ·Wₗᵀ · (1 − hₗ₋₁²)
 *
 * The input has a common block x, one row for each community c, and an own block: the first layer is
 * z₁ = xc·Wx + h₀·W₁ + b₁ and ∂loss/∂Wx = Σc xcᵀ·(Σ rows of c in d₁).
 *
 * @module
 */

import type { Blocks } from "../blocks.ts";
import { layerShapes, type LayerSizes } from "../mlp.ts";
import { BLOCK_ROWS } from "./cut.ts";
import type { Kernels } from "./kernels.ts";

/** A network for one block of rows at a time. */
export interface BlockMlp {
  /** Takes in weights and biases, in the layout of `mlp.ts` and in the kernels' memory. */
  load(parameters: Float32Array): void;
  /** What is to be passed forward, row by row: common numbers by community, own ones by row. */
  readonly input: Blocks<BlockInput>;
  /** Numbers that leave a row. */
  readonly outputs: number;
  /**
   * Passes the input forward: `rows` agents of each of `communities`.
   *
   * @returns [communities × rows × outputs], overwritten by the next.
   */
  forward(communities: number, rows: number): Float32Array;
  /**
   * Passes the slopes at the outputs of the last forward pass back, and writes the gradient into
   * `parts` from number `at` on.
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

/** Where rows of numbers are put. */
export interface BlockInput {
  /** Room for {@linkcode BLOCK_ROWS} rows. */
  readonly numbers: Float32Array;
  /** Numbers of a row. */
  readonly size: number;
  /** Numbers from the beginning of a row to that of the next. */
  readonly width: number;
}

/** Weights in the kernels' memory, and what they are multiplied with. */
interface BlockMatrix {
  readonly inputs: number;
  readonly outputs: number;
  /** The same, filled up to whole vectors. */
  readonly paddedInputs: number;
  readonly paddedOutputs: number;
  /** Where the weights begin in the flat vector of parameters, and in a part of the gradient. */
  readonly at: number;
  readonly partAt: number;
  readonly panels: Float32Array;
  readonly input: Float32Array;
  readonly output: Float32Array;
}

/** One layer: input and output are hₗ₋₁ and hₗ, the bias follows the weights. */
interface BlockLayer extends BlockMatrix {
  readonly transposed: Float32Array;
  readonly bias: Float32Array;
  /** dₗ */
  readonly slope: Float32Array;
}

/**
 * A network of the given sizes, of whose inputs the first `commonInputs` are alike for the agents of a
 * community; it has no weights before they are loaded.
 */
export function createBlockMlp(
  kernels: Kernels,
  sizes: LayerSizes,
  commonInputs: number,
): BlockMlp {
  const { common, layers, partLength } = allocateLayers(kernels, sizes, commonInputs);
  const [first, last] = [layers[0], layers[layers.length - 1]];
  const widest = Math.max(...sizes.map(padded));
  const spare = { zeros: kernels.float32(widest), scratch: kernels.float32(4 * widest) };
  const outputs = new Float32Array(BLOCK_ROWS * last.outputs);
  let block = { communities: 0, rows: 0, all: 0 };

  /** output = start + input·weights */
  function multiply(
    { input, panels, output, paddedInputs, paddedOutputs }: BlockMatrix,
    rows: number,
    start: Float32Array,
    startStride: number,
  ) {
    kernels.dense(
      input.byteOffset,
      4 * paddedInputs,
      rows,
      paddedInputs,
      panels.byteOffset,
      paddedOutputs,
      start.byteOffset,
      4 * startStride,
      output.byteOffset,
      4 * paddedOutputs,
      spare.scratch.byteOffset,
    );
  }

  /** The first layer: what the common numbers give is computed once for all rows of a community. */
  function enter({ communities, rows, all }: typeof block) {
    const { output, bias, paddedInputs, paddedOutputs } = first;
    first.input.fill(0, communities * rows * paddedInputs, all * paddedInputs);
    if (commonInputs === 0) return multiply(first, all, bias, 0);
    const count = padded(communities);
    common.input.fill(0, communities * common.paddedInputs, count * common.paddedInputs);
    multiply(common, count, bias, 0);
    const [from, to] = [common.output.byteOffset, output.byteOffset];
    kernels.repeatRows(from, communities, rows, paddedOutputs, to);
    multiply(first, all, output, paddedOutputs);
  }

  /** The gradient of the common weights, from the slopes of each community's rows together. */
  function leave({ communities, rows }: typeof block, part: number) {
    const { output: sums, input, paddedInputs, paddedOutputs, partAt } = common;
    const count = padded(communities);
    const [d, stride] = [first.slope.byteOffset, 4 * paddedOutputs];
    kernels.groupSums(d, stride, communities, rows, paddedOutputs, sums.byteOffset);
    sums.fill(0, communities * paddedOutputs, count * paddedOutputs);
    kernels.weightGradient(
      input.byteOffset,
      4 * paddedInputs,
      sums.byteOffset,
      stride,
      count,
      paddedInputs,
      paddedOutputs,
      part + 4 * partAt,
    );
  }

  return {
    input: { common: inputOf(common), own: inputOf(first) },
    outputs: last.outputs,
    partLength,
    load(parameters) {
      for (const matrix of [common, ...layers]) {
        const { inputs, outputs, paddedInputs, at, panels } = matrix;
        const address = parameters.byteOffset + 4 * at;
        kernels.pack(address, inputs, outputs, paddedInputs, panels.byteOffset);
      }
      for (const layer of layers) {
        const { inputs, outputs, paddedOutputs, at, transposed, bias } = layer;
        for (let j = 0; j < outputs; j++) bias[j] = parameters[at + inputs * outputs + j];
        if (layer === first) continue;
        const address = parameters.byteOffset + 4 * at;
        kernels.packTransposed(address, inputs, outputs, paddedOutputs, transposed.byteOffset);
      }
    },
    forward(communities, rows) {
      const count = communities * rows;
      block = { communities, rows, all: padded(count) };
      for (const layer of layers) {
        if (layer === first) enter(block);
        else multiply(layer, block.all, layer.bias, 0);
        const { output, paddedOutputs } = layer;
        if (layer !== last) kernels.tanh(output.byteOffset, block.all * paddedOutputs);
      }
      for (let row = 0, to = 0; row < count; row++) {
        const from = row * last.paddedOutputs;
        for (let j = 0; j < last.outputs; j++) outputs[to++] = last.output[from + j];
      }
      return outputs.subarray(0, count * last.outputs);
    },
    backward(slopes, parts, at) {
      const { slope, paddedOutputs } = last;
      slope.fill(0, 0, block.all * paddedOutputs);
      for (let from = 0, row = 0; from < slopes.length; row++) {
        for (let j = 0; j < last.outputs; j++) slope[row * paddedOutputs + j] = slopes[from++];
      }
      const part = parts.byteOffset + 4 * at;
      for (let l = layers.length - 1; l >= 0; l--) {
        backwardLayer(kernels, layers[l], layers[l - 1], block.all, part, spare);
      }
      if (commonInputs > 0) leave(block, part);
    },
    addParts(parts, at, stride, count, gradient) {
      const add = (
        from: number,
        rows: number,
        { outputs, paddedOutputs }: BlockMatrix,
        to: number,
      ) => {
        const [address, target] = [
          parts.byteOffset + 4 * (at + from),
          gradient.byteOffset + 8 * to,
        ];
        kernels.addParts(address, 4 * stride, count, rows, outputs, paddedOutputs, target);
      };
      for (const matrix of [common, ...layers]) {
        add(matrix.partAt, matrix.inputs, matrix, matrix.at);
      }
      for (const layer of layers) {
        const { inputs, outputs, paddedInputs, paddedOutputs, at, partAt } = layer;
        add(partAt + paddedInputs * paddedOutputs, 1, layer, at + inputs * outputs);
      }
    },
  };
}

function inputOf({ input, inputs, paddedInputs }: BlockMatrix): BlockInput {
  return { numbers: input, size: inputs, width: paddedInputs };
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
  kernels.groupSums(d, dStride, 1, rows, paddedOutputs, biases);
  if (before === undefined) return;
  kernels.dense(
    d,
    dStride,
    rows,
    paddedOutputs,
    transposed.byteOffset,
    paddedInputs,
    zeros.byteOffset,
    0,
    before.slope.byteOffset,
    xStride,
    scratch.byteOffset,
  );
  kernels.tanhSlope(before.slope.byteOffset, x, rows * paddedInputs);
}

function allocateLayers(kernels: Kernels, sizes: LayerSizes, commonInputs: number) {
  const [{ inputs, outputs, at }, ...later] = layerShapes(sizes);
  const ownInputs = inputs - commonInputs;
  const common = {
    ...allocateMatrix(kernels, commonInputs, outputs, at, 0),
    input: kernels.float32(BLOCK_ROWS * padded(commonInputs)),
  };
  const first = { inputs: ownInputs, outputs, at: at + commonInputs * outputs };
  let input = kernels.float32(BLOCK_ROWS * padded(ownInputs));
  let partLength = common.paddedInputs * common.paddedOutputs;
  const layers = [first, ...later].map(({ inputs, outputs, at }): BlockLayer => {
    const matrix = { ...allocateMatrix(kernels, inputs, outputs, at, partLength), input };
    const { paddedInputs, paddedOutputs, output } = matrix;
    partLength += (paddedInputs + 1) * paddedOutputs;
    input = output;
    return {
      ...matrix,
      transposed: kernels.float32(paddedInputs * paddedOutputs),
      bias: kernels.float32(paddedOutputs),
      slope: kernels.float32(BLOCK_ROWS * paddedOutputs),
    };
  });
  return { common, layers, partLength };
}

function allocateMatrix(
  kernels: Kernels,
  inputs: number,
  outputs: number,
  at: number,
  partAt: number,
): Omit<BlockMatrix, "input"> {
  const [paddedInputs, paddedOutputs] = [padded(inputs), padded(outputs)];
  return {
    inputs,
    outputs,
    paddedInputs,
    paddedOutputs,
    at,
    partAt,
    panels: kernels.float32(paddedInputs * paddedOutputs),
    output: kernels.float32(BLOCK_ROWS * paddedOutputs),
  };
}

/** The next multiple of 4: the numbers of a vector, and the rows of a tile. */
function padded(count: number): number {
  return Math.ceil(count / 4) * 4;
}
