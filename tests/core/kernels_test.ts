import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createActor } from "../../lib/ppo/actor.ts";
import { createAdam } from "../../lib/ppo/adam.ts";
import { createLearner } from "../../lib/ppo/backend.ts";
import { ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { createMlp, parameterCount } from "../../lib/ppo/mlp.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { initialParameters, parameterViews } from "../../lib/ppo/parameters.ts";
import { createTensorLearner } from "../../lib/ppo/tfjs/tensor_learner.ts";
import { learn, type Samples } from "../../lib/ppo/update.ts";
import { createKernels } from "../../lib/ppo/wasm/kernels.ts";
import { stream } from "../../lib/random.ts";

/** Around the widths and counts at which kernels change their ways. */
const ODD = [1, 47, 48, 49, 97];

const normals = (length: number, ...labels: (string | number)[]) => {
  const random = stream(4, ...labels);
  return Float64Array.from({ length }, () => random.normal());
};

const config = ppoConfigSchema.parse({ targetKl: null, maxGradientNorm: 1e6 });

/** Two networks of odd widths, and what they saw and did in `rows` steps. */
function scene(width: number, rows: number, decided: number) {
  const sizes = { actor: [width, 48, width, decided], critic: [width + 1, width, 1] };
  const parameters = initialParameters(sizes, 0.5, stream(1, width, rows, decided));
  const noise = normals(parameters.all.length, "noise");
  parameters.all.forEach((value, i) => parameters.all[i] = value + 0.1 * noise[i]);
  const views = (label: string, size: number) => ({
    raw: new Float64Array(0),
    normalized: Float32Array.from(normals(rows * size, label)),
  });
  const samples: Samples = {
    policyViews: views("policy", width),
    criticViews: views("critic", width + 1),
    actions: normals(rows * decided, "actions"),
    logProbabilities: normals(rows, "log-probabilities").map((value) => value - 2 * decided),
    advantages: normals(rows, "advantages"),
    returns: normals(rows, "returns"),
  };
  return { sizes, parameters, samples };
}

const everyRow = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => rows - 1 - i);

function assertGradient(actual: Float64Array, expected: Float64Array, label: string) {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expected.forEach((value, i) => {
    assertLess(Math.abs(actual[i] - value), 1e-5 * largest, `${label}, parameter ${i}`);
  });
}

Deno.test("kernels: the embedded modules are what their sources compile to", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-config", "--lock=tools/build_kernels.lock", "--frozen"],
      ...["--node-modules-dir=none", "--allow-read=lib", "--allow-env=CI"],
      ...["tools/build_kernels.ts", "--check"],
    ],
    cwd: new URL("../../", import.meta.url),
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});

Deno.test("kernels: tanh is within 2e-7, odd about zero and saturated far out", () => {
  const kernels = createKernels();
  const values = kernels.float32(4_000);
  const inputs = Float32Array.from(values, (_, i) => (i - 2_000) / 150);
  values.set(inputs);
  kernels.tanh(values.byteOffset, values.length);
  values.forEach((value, i) => assertAlmostEquals(value, Math.tanh(inputs[i]), 2e-7));
  values.set([0, 1e9, -1e9, Infinity, -Infinity, NaN]);
  kernels.tanh(values.byteOffset, 8);
  assertEquals([...values.slice(0, 6)], [0, 1, -1, 1, -1, NaN]);
});

for (const width of ODD) {
  Deno.test(`kernels: at widths of ${width}, outputs are those of plain inference to 1e-6`, async () => {
    for (const rows of [...ODD, 300]) {
      const { sizes, parameters, samples } = scene(width, rows, 3);
      const { actor, critic } = await createLearner("wasm", parameters, createAdam(0));
      for (
        const [network, size, weights, input] of [
          [actor, sizes.actor, parameters.actor, samples.policyViews.normalized],
          [critic, sizes.critic, parameters.critic, samples.criticViews.normalized],
        ] as const
      ) {
        const expected = createMlp(size, weights)(Float64Array.from(input), rows);
        const actual = network.forward(input);
        assertEquals(actual.length, expected.length);
        actual.forEach((value, i) =>
          assertLess(Math.abs(value - expected[i]), 1e-6 * (1 + Math.abs(expected[i])), `${i}`)
        );
      }
    }
  });

  Deno.test(`kernels: at widths of ${width}, gradients are those of tensors to 1e-5`, async () => {
    for (const [rows, decided] of [...ODD.map((rows) => [rows, 3]), [300, 1], [97, width]]) {
      const { parameters, samples } = scene(width, rows, decided);
      const chosen = everyRow(rows);
      const reversed = (values: Float64Array, size: number) =>
        Float64Array.from(
          { length: rows * size },
          (_, i) => values[(rows - 1 - Math.floor(i / size)) * size + i % size],
        );
      const targets = {
        actions: reversed(samples.actions, decided),
        logProbabilities: reversed(samples.logProbabilities, 1),
        advantages: reversed(samples.advantages, 1),
        returns: reversed(samples.returns, 1),
      };
      const learners = [
        await createLearner("wasm", parameters, createAdam(parameters.all.length)),
        await createTensorLearner(parameters, createAdam(parameters.all.length), "cpu"),
      ];
      const [actual, expected] = learners.map((learner) => {
        learner.load(samples);
        const objective = learner.differentiate({ chosen, targets }, config);
        return { objective, gradient: learner.gradient.slice() };
      });
      const label = `${rows} rows, ${decided} decided`;
      assertGradient(actual.gradient, expected.gradient, label);
      for (const name of Object.keys(actual.objective) as (keyof typeof actual.objective)[]) {
        const value = expected.objective[name];
        assertAlmostEquals(actual.objective[name], value, 1e-5 * (1 + Math.abs(value)), name);
      }
    }
  });
}

Deno.test("kernels: a whole update ends with the parameters of tensors", async () => {
  const { parameters, samples } = scene(49, 500, 3);
  const ends = [];
  for (const backend of ["wasm", "tfjs"] as const) {
    const learner = await createLearner(backend, parameters, createAdam(parameters.all.length));
    const changes = { epochs: 3, minibatchSize: 97, maxGradientNorm: 0.5 };
    const metrics = learn(learner, { ...config, ...changes }, samples, 1e-3, stream(1));
    ends.push({ metrics, all: learner.parameters.all.slice(), adam: learner.adam });
  }
  const [actual, expected] = ends;
  assertEquals(actual.adam.step, expected.adam.step);
  actual.all.forEach((value, i) => assertAlmostEquals(value, expected.all[i], 2e-5, `${i}`));
  assert(actual.all.some((value, i) => Math.abs(value - parameters.all[i]) > 1e-2));
  for (const name of Object.keys(actual.metrics) as (keyof typeof actual.metrics)[]) {
    assertAlmostEquals(actual.metrics[name], expected.metrics[name], 1e-4, name);
  }
});

Deno.test("kernels: Adam takes the step of the plain one, bit for bit", async () => {
  const { parameters, samples } = scene(5, 40, 2);
  const targets = { ...samples, actions: samples.actions };
  const [kernel, tensors] = [
    await createLearner("wasm", parameters, createAdam(parameters.all.length)),
    await createTensorLearner(parameters, createAdam(parameters.all.length), "cpu"),
  ];
  kernel.load(samples);
  tensors.load(samples);
  const chosen = Uint32Array.from({ length: 40 }, (_, i) => i);
  for (let step = 0; step < 5; step++) {
    for (const learner of [kernel, tensors]) learner.differentiate({ chosen, targets }, config);
    tensors.gradient.set(kernel.gradient);
    for (const learner of [kernel, tensors]) learner.descend(1e-2, config);
    assertEquals(kernel.parameters.all.slice(), tensors.parameters.all);
    assertEquals(kernel.adam.square.slice(), tensors.adam.square);
  }
});

Deno.test("kernels: a gradient that is too long is cut, and one that is not finite moves nothing", async () => {
  const { parameters, samples } = scene(5, 40, 2);
  const learner = await createLearner("wasm", parameters, createAdam(parameters.all.length));
  learner.gradient.fill(0);
  learner.gradient.set([3, -4]);
  assertEquals(learner.descend(1, { maxGradientNorm: 0.5, adamEpsilon: 1e3 }), 5);
  // With so large an ε the first step is the gradient over ε, near enough.
  assertAlmostEquals(1e3 * (parameters.all[0] - learner.parameters.all[0]), 0.3, 1e-3);
  const before = learner.parameters.all.slice();
  learner.load({ ...samples, policyViews: samples.policyViews });
  learner.gradient[7] = NaN;
  assertEquals(learner.descend(1, config), NaN);
  assertEquals(learner.parameters.all.slice(), before);
  assertEquals(learner.adam.step, 1);
});

Deno.test("kernels: what a block held before does not matter", async () => {
  const { parameters, samples } = scene(7, 128, 2);
  const fresh = await createLearner("wasm", parameters, createAdam(0));
  const used = await createLearner("wasm", parameters, createAdam(0));
  const differentiate = (learner: typeof fresh, rows: number) => {
    const chosen = Uint32Array.from({ length: rows }, (_, i) => i);
    const targets = {
      actions: samples.actions.subarray(0, 2 * rows),
      logProbabilities: samples.logProbabilities.subarray(0, rows),
      advantages: samples.advantages.subarray(0, rows),
      returns: samples.returns.subarray(0, rows),
    };
    learner.load(samples);
    learner.differentiate({ chosen, targets }, config);
    return learner.gradient.slice();
  };
  differentiate(used, 128);
  used.actor.forward(new Float32Array(7 * 128).fill(NaN));
  used.critic.forward(new Float32Array(8 * 128).fill(NaN));
  // 97 rows are filled up to 100.
  assertEquals(differentiate(used, 97), differentiate(fresh, 97));
});

Deno.test("kernels: a policy decides as in training, and as the plain path to 1e-6", async () => {
  const sizes = [61, 64, 64, 3];
  for (const [rows, common] of [...ODD.map((rows) => [rows, 0]), [1_000, 0], [300, 43], [9, 61]]) {
    const normalizer = createNormalizer(61, 2);
    const observations = normals(rows * 61, "observations", rows).map((value) => 3 * value + 1);
    // What all rows have in common is computed once, and must not be told apart.
    observations.forEach((_, i) => {
      if (i % 61 < common) observations[i] = observations[i % 61];
    });
    normalizer.update(normals(50 * 61, "seen"));
    const parameters = Float32Array.from(normals(parameterCount(sizes), "weights"), (w) => w / 8);
    const weights = {
      sizes,
      parameters,
      logStd: new Float32Array(3),
      normalizer: normalizer.state(),
      observationClip: 2,
    };
    const fast = createActor(weights).mean(observations, new Float64Array(rows * 3));
    const plain = createActor(weights, "plain").mean(observations, new Float64Array(rows * 3));
    fast.forEach((value, i) => assertAlmostEquals(value, plain[i], 1e-6 * (1 + Math.abs(value))));
    const all = parameterViews(
      { actor: sizes, critic: [61, 1] },
      new Float32Array(parameters.length + 65),
    );
    all.actor.set(parameters);
    const { actor } = await createLearner("wasm", all, createAdam(all.all.length));
    const seen = normalizer.normalize(observations, new Float32Array(rows * 61));
    assertEquals(fast, Float64Array.from(actor.forward(seen)));
  }
});
