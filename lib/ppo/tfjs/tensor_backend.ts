/**
 * The tensor library, ready for training: the WASM backend with SIMD on one thread, and the
 * operations whose stock form is slow or wrong there.
 *
 * - The stock gradient of `matMul` multiplies transposed operands, for which the WASM kernel is
 *   about fifteen times slower than for plain ones. Importing this module registers a gradient
 *   that transposes first.
 * - The stock `tanh` is nine times slower than 2σ(2x) − 1: use {@linkcode fastTanh}.
 * - Summing over the first axis, the stock gradient of a bias, is thirty times slower than
 *   multiplying by a row of ones: use {@linkcode addBias}.
 * - `fused.matMul` with a transposed or batched operand adds the bias once per 48 inputs: no code
 *   here uses it.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Where tensors are computed: `cpu` is plain JavaScript, slow and without any file to load. */
export type TensorBackend = "wasm" | "cpu";

const WASM_FILE = "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";

/**
 * Makes `name` the backend of all tensors.
 *
 * @throws {Error} If the WASM file cannot be read or does not start; there is no silent fallback.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { startTensors } from "./tensor_backend.ts";
 * await startTensors("wasm");
 * if (tf.getBackend() !== "wasm") throw new Error(tf.getBackend());
 * ```
 */
export async function startTensors(name: TensorBackend): Promise<void> {
  if (tf.getBackend() === name) return;
  // Only in its production mode does tfjs not print advice to install its native addon.
  tf.enableProdMode();
  if (name === "wasm") await locateWasm();
  if (!await tf.setBackend(name)) {
    throw new Error(
      `the ${name} backend of @tensorflow/tfjs did not start; set backend to "wasm" to train ` +
        "without it",
    );
  }
}

/** `tanh(x)` as 2σ(2x) − 1, with its gradient 1 − tanh². */
export const fastTanh: (x: tf.Tensor2D) => tf.Tensor2D = tf.customGrad((x, save) => {
  const y = tf.sub(tf.mul(tf.sigmoid(tf.mul(x as tf.Tensor2D, 2)), 2), 1);
  (save as tf.GradSaveFunc)([y]);
  return {
    value: y,
    gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => tf.mul(dy, tf.sub(1, tf.square(y))),
  };
}) as (x: tf.Tensor2D) => tf.Tensor2D;

/** `x + bias` in every row, with the bias's gradient as a product with a row of ones. */
export const addBias: (x: tf.Tensor2D, bias: tf.Tensor1D) => tf.Tensor2D = tf.customGrad(
  (x, bias) => ({
    value: tf.add(x as tf.Tensor2D, bias as tf.Tensor1D),
    gradFunc: (dy: tf.Tensor) => [
      dy,
      tf.reshape(tf.matMul(tf.ones([1, dy.shape[0]]), dy as tf.Tensor2D), [-1]),
    ],
  }),
) as (x: tf.Tensor2D, bias: tf.Tensor1D) => tf.Tensor2D;

/** With y = op(a)·op(b): ∂a = dy·op(b)ᵀ and ∂b = op(a)ᵀ·dy, each transposed back as `a` and `b` are. */
tf.registerGradient({
  kernelName: "BatchMatMul",
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved, attributes) => {
    const [a, b] = saved;
    const { transposeA, transposeB } = attributes as unknown as tf.BatchMatMulAttrs;
    const plain = (x: tf.Tensor, flip: boolean) => flip ? transposed(x) : x;
    const slope = dy as tf.Tensor;
    return {
      a: () => plain(tf.matMul(slope, plain(b, !transposeB)), transposeA),
      b: () => plain(tf.matMul(plain(a, !transposeA), slope), transposeB),
    };
  },
});

function transposed(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), axes[axes.length - 1], axes[axes.length - 2]]);
}

/** Tells tfjs where its WASM file is, once that file is known to be readable. */
async function locateWasm(): Promise<void> {
  const url = import.meta.resolve(WASM_FILE);
  try {
    await (await fetch(url)).body?.cancel();
  } catch (error) {
    throw new Error(
      `cannot read ${new URL(url).pathname}: allow reading node_modules (--allow-read) or set ` +
        `backend to "wasm" (${(error as Error).message})`,
    );
  }
  setWasmPaths(new URL(".", url).href);
}
