import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { createActor } from "../../lib/ppo/actor.ts";
import { diagonalGaussian } from "../../lib/ppo/gaussian.ts";
import { ppoLoss } from "../../lib/ppo/loss.ts";
import { createMlp, initializeMlp, layers, parameterCount } from "../../lib/ppo/mlp.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { initialParameters, parameterViews } from "../../lib/ppo/parameters.ts";
import { startTensors } from "../../lib/ppo/tfjs/tensor_backend.ts";
import { backpropagate, uploadMlp } from "../../lib/ppo/tfjs/tensor_network.ts";
import { stream } from "../../lib/random.ts";
import { ownOnly } from "../helpers/probe_environments.ts";

const normals = (label: string, length: number) => {
  const random = stream(3, label);
  return Float64Array.from({ length }, () => random.normal());
};

function randomParameters(sizes: readonly number[]): Float32Array {
  return Float32Array.from(normals("weights", parameterCount(sizes)), (value) => 0.3 * value);
}

Deno.test("network: weights start orthogonal, with gain √2 and that of the output", () => {
  const sizes = [5, 8, 3];
  const parameters = new Float32Array(parameterCount(sizes)).fill(7);
  initializeMlp(sizes, parameters, 0.01, stream(1));
  layers(sizes, parameters).forEach(({ inputs, outputs, weights, bias }, layer) => {
    const square = layer === 0 ? 2 : 0.01 ** 2;
    // The shorter side holds vectors that are as long as the gain and at right angles.
    const [count, length] = inputs < outputs ? [inputs, outputs] : [outputs, inputs];
    const entry = (k: number, i: number) =>
      inputs < outputs ? weights[k * outputs + i] : weights[i * outputs + k];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let overlap = 0;
        for (let i = 0; i < length; i++) overlap += entry(a, i) * entry(b, i);
        assertAlmostEquals(overlap / square, a === b ? 1 : 0, 1e-5);
      }
    }
    assertEquals(bias, new Float32Array(outputs));
  });
});

Deno.test("network: actor, log-std and critic fill the vector without gap or overlap", () => {
  const sizes = { actor: [5, 4, 2], critic: [6, 4, 1], common: { actor: 0, critic: 0 } };
  const { all, actor, logStd, critic } = initialParameters(sizes, 0.5, stream(1));
  assertEquals(all, Float32Array.of(...actor, ...logStd, ...critic));
  assertEquals(logStd, new Float32Array(2).fill(Math.log(0.5)));
  assertEquals([actor.length, critic.length], [5 * 4 + 4 + 4 * 2 + 2, 6 * 4 + 4 + 4 + 1]);
});

for (const backend of ["wasm", "cpu"] as const) {
  Deno.test(`network: tensors on ${backend} and plain inference give the same outputs`, async () => {
    await startTensors(backend);
    for (const width of [47, 48, 49, 97]) {
      const sizes = [width, 64, width, 3];
      const parameters = randomParameters(sizes);
      // More rows than one pass takes at once.
      const rows = backend === "wasm" && width === 97 ? 8_200 : 20;
      const input = normals("input", rows * width);
      const resident = uploadMlp(sizes, parameters);
      const actual = resident.forward(Float32Array.from(input));
      resident.dispose();
      const expected = createMlp(sizes, parameters)(input, rows);
      assertEquals(actual.length, expected.length);
      const apart = actual.map((value, i) => Math.abs(value - expected[i]));
      assertLess(apart.reduce((most, each) => Math.max(most, each)), 1e-4);
    }
  });
}

Deno.test("network: the gradient agrees with finite differences of plain inference", async () => {
  await startTensors("wasm");
  const sizes = { actor: [49, 48, 2], critic: [7, 9, 1], common: { actor: 0, critic: 0 } };
  const rows = 20;
  const observations = normals("actor input", rows * 49);
  const criticObservations = normals("critic input", rows * 7);
  const targets = {
    actions: normals("actions", rows * 2),
    logProbabilities: normals("log-probabilities", rows).map((value) => value - 3),
    advantages: normals("advantages", rows),
    returns: normals("returns", rows),
  };
  // So wide a clip range that the objective has no kinks where the differences are taken.
  const config = { clipRange: 1e9, valueCoefficient: 0.5, entropyCoefficient: 0.1 };
  const parameters = parameterViews(
    sizes,
    randomParameters([parameterCount(sizes.actor) + parameterCount(sizes.critic) + 1, 1]),
  );
  const lossAt = () => {
    const means = createMlp(sizes.actor, parameters.actor)(observations, rows);
    const values = createMlp(sizes.critic, parameters.critic)(criticObservations, rows);
    return ppoLoss(means, values, parameters.logStd, targets, config).loss;
  };
  const gradient = new Float64Array(parameters.all.length);
  const { loss } = backpropagate(
    parameters,
    Float32Array.from(observations),
    Float32Array.from(criticObservations),
    (means, values) => ppoLoss(means, values, parameters.logStd, targets, config),
    gradient,
  );
  assertAlmostEquals(loss, lossAt(), 1e-5);
  for (let at = 0; at < gradient.length; at += at < 2_300 ? 37 : 1) {
    const before = parameters.all[at];
    const width = 1 / 256;
    parameters.all[at] = before + width;
    const above = lossAt(), high = parameters.all[at];
    parameters.all[at] = before - width;
    const slope = (above - lossAt()) / (high - parameters.all[at]);
    parameters.all[at] = before;
    assertAlmostEquals(gradient[at], slope, 1e-3 * (1 + Math.abs(slope)), `parameter ${at}`);
  }
});

Deno.test("network: a pass in either direction leaves no tensor behind", async () => {
  await startTensors("wasm");
  const sizes = { actor: [3, 4, 2], critic: [3, 4, 1], common: { actor: 0, critic: 0 } };
  const parameters = initialParameters(sizes, 0.5, stream(1));
  const before = tf.memory().numTensors;
  const resident = uploadMlp(parameters.sizes.actor, parameters.actor);
  const observations = new Float32Array(6);
  resident.forward(observations);
  resident.dispose();
  const targets = {
    actions: new Float64Array(4),
    logProbabilities: new Float64Array(2),
    advantages: new Float64Array(2),
    returns: new Float64Array(2),
  };
  const config = { clipRange: 0.2, valueCoefficient: 1, entropyCoefficient: 0 };
  backpropagate(
    parameters,
    observations,
    observations,
    (means, values) => ppoLoss(means, values, parameters.logStd, targets, config),
    new Float64Array(parameters.all.length),
  );
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("gaussian: density and entropy are those of independent normals", () => {
  const gaussian = diagonalGaussian([Math.log(0.5), Math.log(2)]);
  const density = (x: number, std: number) =>
    Math.exp(-(x ** 2) / (2 * std ** 2)) / (std * Math.sqrt(2 * Math.PI));
  // Row 1 of two: deviations 0.3 and −1 from its means.
  const actual = gaussian.logProbability([9, 9, 1.3, 4], [0, 0, 1, 5], 1);
  assertAlmostEquals(actual, Math.log(density(0.3, 0.5) * density(-1, 2)), 1e-12);
  // −E[log π], integrated.
  let entropy = 0;
  for (const std of gaussian.std) {
    for (let z = -10; z < 10; z += 1e-3) {
      const p = density(z * std, std);
      entropy -= p * Math.log(p) * 1e-3 * std;
    }
  }
  assertAlmostEquals(gaussian.entropy, entropy, 1e-6);
});

Deno.test("gaussian: samples have its mean and standard deviation", () => {
  const rows = 20_000;
  const means = Float64Array.from({ length: 2 * rows }, (_, i) => [-1, 3][i % 2]);
  const gaussian = diagonalGaussian([Math.log(0.5), Math.log(2)]);
  const actions = gaussian.sample(means, stream(1), new Float64Array(2 * rows));
  const moments = createNormalizer(2);
  moments.update(actions);
  const { mean, squaredDeviations } = moments.state();
  [[-1, 0.5], [3, 2]].forEach(([expected, std], i) => {
    assertLess(Math.abs(mean[i] - expected), 4 * std / Math.sqrt(rows));
    assertAlmostEquals(Math.sqrt(squaredDeviations[i] / rows) / std, 1, 0.02);
  });
});

Deno.test("actor: it sees normalised, cut observations, and samples around its mean", () => {
  const normalizer = createNormalizer(1);
  normalizer.update([8, 12]);
  const actor = createActor({
    sizes: [1, 1],
    parameters: Float32Array.of(2, 1),
    logStd: Float32Array.of(-20),
    normalizer: { common: createNormalizer(0).state(), own: normalizer.state() },
    observationClip: 3,
  });
  const observations = ownOnly(Float64Array.of(14, 1e9));
  const mean = actor.mean(observations, new Float64Array(2));
  // (14 − 10)/2 = 2 and, cut, 3.
  [5, 7].forEach((expected, row) => assertAlmostEquals(mean[row], expected, 1e-9));
  const sample = actor.sample(observations, stream(1), new Float64Array(2));
  sample.forEach((action, row) => assertAlmostEquals(action, mean[row], 1e-7));
});
