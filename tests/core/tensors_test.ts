import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { stream } from "../../lib/random.ts";

// The stock gradient is taken before the module under test replaces it.
const stockGradient = tf.getGradient("BatchMatMul");
const { addBias, fastTanh, startTensors } = await import("../../lib/ppo/tfjs/tensor_backend.ts");
const fastGradient = tf.getGradient("BatchMatMul");

/** Around multiples of 48, where kernels of the WASM backend are known to change their ways. */
const INNER = [47, 48, 49, 97];

type Operation = (...inputs: tf.Tensor2D[]) => tf.Tensor;

function randomMatrix(label: string, rows: number, columns: number): Float32Array {
  const random = stream(1, label, rows, columns);
  return Float32Array.from({ length: rows * columns }, () => random.normal());
}

/** Value of an operation, and the gradient of each input against a random slope. */
async function run(
  backend: "wasm" | "cpu",
  operation: Operation,
  shapes: readonly [number, number][],
  gradient = fastGradient,
): Promise<Float32Array[]> {
  await startTensors(backend);
  tf.registerGradient(gradient);
  const outputs = tf.tidy(() => {
    const inputs = shapes.map(([rows, columns], i) =>
      tf.tensor2d(randomMatrix(`input ${i}`, rows, columns), [rows, columns])
    );
    const value = operation(...inputs);
    const slope = tf.tensor(randomMatrix("slope", value.size, 1), value.shape);
    const gradients = tf.grads((...xs) => operation(...xs as tf.Tensor2D[]))(inputs, slope);
    return [value, ...gradients].map((tensor) => tensor.dataSync<"float32">().slice());
  });
  tf.registerGradient(fastGradient);
  return outputs;
}

function assertClose(actual: Float32Array[], expected: Float32Array[], label: string) {
  assertEquals(actual.length, expected.length);
  actual.forEach((values, k) => {
    assertEquals(values.length, expected[k].length);
    values.forEach((value, i) => assertAlmostEquals(value, expected[k][i], 2e-4, label));
  });
}

const flips = [[false, false], [false, true], [true, false], [true, true]];

const biased: Operation = (x, bias) => addBias(x, tf.reshape(bias, [-1]));

const product = (flipA: boolean, flipB: boolean): Operation => (a, b) =>
  tf.matMul(a, b, flipA, flipB);

function productShapes(inner: number, flipA: boolean, flipB: boolean): [number, number][] {
  const shape = (a: number, b: number, flip: boolean): [number, number] => flip ? [b, a] : [a, b];
  return [shape(33, inner, flipA), shape(inner, 65, flipB)];
}

Deno.test({
  name: "tensors: a WASM file that cannot be read is one clear error, and no fallback",
  permissions: { read: false },
  fn: async () => {
    const remedy = 'allow reading node_modules (--allow-read) or set backend to "wasm"';
    await assertRejects(() => startTensors("wasm"), Error, `-simd.wasm: ${remedy}`);
  },
});

Deno.test("tensors: the registered gradient of matMul is the stock one, transposed or not", async () => {
  assert(stockGradient.gradFunc !== fastGradient.gradFunc);
  for (const [flipA, flipB] of flips) {
    const shapes = productShapes(49, flipA, flipB);
    const operation = product(flipA, flipB);
    const stock = await run("cpu", operation, shapes, stockGradient);
    assertClose(await run("cpu", operation, shapes), stock, `${flipA}, ${flipB}`);
  }
});

for (const inner of INNER) {
  Deno.test(`tensors: wasm agrees with cpu at an inner dimension of ${inner}`, async () => {
    const operations: [string, Operation, [number, number][]][] = [
      ["matMul", product(false, false), productShapes(inner, false, false)],
      ["transpose", (x) => tf.transpose(x), [[33, inner]]],
      ["fastTanh", fastTanh, [[33, inner]]],
      ["addBias", biased, [[inner, 33], [1, 33]]],
      [
        "layer",
        (x, w, b) => fastTanh(biased(tf.matMul(x, w), b) as tf.Tensor2D),
        [[inner, inner], [inner, inner], [1, inner]],
      ],
    ];
    for (const [name, operation, shapes] of operations) {
      assertClose(await run("wasm", operation, shapes), await run("cpu", operation, shapes), name);
    }
  });
}

Deno.test("tensors: the gradient of matMul agrees with finite differences", async () => {
  for (const [flipA, flipB] of flips) {
    const shapes = productShapes(49, flipA, flipB);
    const [, ...gradients] = await run("wasm", product(flipA, flipB), shapes);
    for (const input of [0, 1]) {
      for (const at of [0, 100, 1500]) {
        // A product is linear in each factor, so that a difference of any width is exact.
        const shifted = (by: number): Operation => (a, b) => {
          const shift = tf.oneHot(tf.tensor1d([at], "int32"), [a, b][input].size, by, 0);
          const moved = [a, b].map((x, k) =>
            k === input ? tf.add(x, tf.reshape(shift, x.shape)) : x
          );
          return product(flipA, flipB)(...moved as tf.Tensor2D[]);
        };
        const [[above], [below]] = [
          await run("wasm", shifted(1), shapes),
          await run("wasm", shifted(-1), shapes),
        ];
        const slope = randomMatrix("slope", above.length, 1);
        const difference = above.reduce((sum, value, i) => sum + slope[i] * (value - below[i]), 0) /
          2;
        assertAlmostEquals(gradients[input][at], difference, 1e-3);
      }
    }
  }
});

Deno.test("tensors: fastTanh is tanh, and addBias is add, with their gradients", async () => {
  const shapes: [number, number][] = [[33, 49], [1, 49]];
  const fast = await run("wasm", fastTanh, shapes.slice(0, 1));
  assertClose(fast, await run("cpu", (x) => tf.tanh(x), shapes.slice(0, 1)), "tanh");
  const added = await run("wasm", biased, shapes);
  assertClose(added, await run("cpu", (x, b) => tf.add(x, b), shapes), "add");
});

Deno.test("tensors: fastTanh saturates and does not overflow", async () => {
  await startTensors("wasm");
  const values = tf.tidy(() => fastTanh(tf.tensor2d([[-1e9, -50, 0, 50, 1e9]])).dataSync());
  assertEquals([...values], [-1, -1, 0, 1, 1]);
});
