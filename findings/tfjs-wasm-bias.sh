#!/usr/bin/env bash
# TensorFlow.js on WebAssembly: a fused product with a transposed or batched operand adds the bias wrongly.
#
# Packages: @tensorflow/tfjs-core, -backend-wasm and -backend-cpu 4.22.0 (npm), Node.js 20 or newer.
# Expected: fused.matMul is product plus bias, then the activation, on each backend and for each layout.
# Seen:     on the WASM backend, where an operand is transposed or there is a batch: rows after a matrix's first get
#           the bias's last value for every unit; and the product is made in blocks of 48 of the inner dimension, each
#           of which adds the bias again and applies the activation to its part alone. Plain operands are right.
# So:       transpose beforehand (tf.transpose), or use matMul, add and the activation apart; test a policy's outputs
#           on the backend on which it will run.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs-core@4.22.0 \
  @tensorflow/tfjs-backend-wasm@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";

const answers = async (backend) => {
  await tf.setBackend(backend);
  await tf.ready();
  const bias = tf.tensor1d([10, 20, 30]);
  const mean = (inner) => tf.fill([2, inner], 1 / inner);
  const flat = (tensor) => [...tensor.dataSync()].map(Math.round).join(" ");
  const turned = (inner) => flat(tf.fused.matMul({ a: mean(inner), b: tf.ones([3, inner]), transposeB: true, bias }));
  const half = tf.tensor2d(Array.from({ length: 96 }, (_, at) => at < 48 ? -1 : 1), [1, 96]); // sums to zero
  return {
    "bias, plain, inner 97": flat(tf.fused.matMul({ a: mean(97), b: tf.ones([97, 3]), bias })),
    "bias, transposed, inner 48": turned(48),
    "bias, transposed, inner 97": turned(97),
    "bias, batch of 2, inner 4": flat(tf.fused.matMul({ a: tf.fill([2, 2, 4], 1 / 4), b: tf.ones([2, 4, 3]), bias })),
    "relu of a sum of zero, transposed, inner 96": flat(
      tf.fused.matMul({ a: tf.ones([1, 96]), b: half, transposeB: true, activation: "relu" }),
    ),
  };
};
const expected = await answers("cpu");
const seen = await answers("wasm");
const known = ["11 21 31 11 21 31", "11 21 31 31 31 31", "31 61 91 91 91 91", "11 21 31 31 31 31 11 21 31 31 31 31", "48"];
console.log("@tensorflow/tfjs-backend-wasm 4.22.0");
for (const name in seen) console.log(`${name}: expected ${expected[name]}, seen ${seen[name]}`);
if (Object.values(seen).join() !== known.join()) {
  console.error(`behaviour changed, known was ${known.join(" | ")}`);
  process.exit(1);
}
EOF
node try.mjs 2>&1 | grep -v -e "running TensorFlow.js in Node.js" -e "^=*$"
