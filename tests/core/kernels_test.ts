import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createActor } from "../../lib/ppo/actor.ts";
import { createAdam } from "../../lib/ppo/adam.ts";
import { createLearner } from "../../lib/ppo/backend.ts";
import { ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { eachBlock, flatRows } from "../../lib/ppo/blocks.ts";
import { createMlp, parameterCount } from "../../lib/ppo/mlp.ts";
import { createNormalizer } from "../../lib/ppo/normalizer.ts";
import { initialParameters, inputSizes, parameterViews } from "../../lib/ppo/parameters.ts";
import { takeRows } from "../../lib/ppo/take_rows.ts";
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

/** Communities, their agents, and the common share of what they see. */
interface Layout {
  readonly communities: number;
  readonly agents: number;
  readonly common: number;
}

/** Rows one by one, in pairs, in dozens, in communities longer than a block, with and without a common block. */
const layoutsOf = (width: number): Layout[] => [
  ...ODD.map((communities) => ({ communities, agents: 1, common: 0 })),
  { communities: 30, agents: 10, common: width - 1 },
  { communities: 24, agents: 2, common: Math.floor(width / 2) },
  { communities: 3, agents: 97, common: Math.min(1, width - 1) },
  { communities: 2, agents: 130, common: Math.floor(width / 3) },
];

/** Two networks of odd widths, and what they saw and did. */
function scene(width: number, { communities, agents, common }: Layout, decided: number) {
  const rows = communities * agents;
  const sizes = {
    actor: [width, 48, width, decided],
    critic: [width + 1, width, 1],
    common: { actor: common, critic: common && common + 1 },
  };
  const parameters = initialParameters(sizes, 0.5, stream(1, width, rows, decided));
  const noise = normals(parameters.all.length, "noise");
  parameters.all.forEach((value, i) => parameters.all[i] = value + 0.1 * noise[i]);
  const views = (label: "actor" | "critic") => {
    const inputs = inputSizes(sizes, label);
    const numbers = (count: number, block: string) =>
      Float32Array.from(normals(count, label, block));
    return {
      raw: { common: new Float64Array(0), own: new Float64Array(0) },
      normalized: {
        common: numbers(communities * inputs.common, "common"),
        own: numbers(rows * inputs.own, "own"),
      },
    };
  };
  const samples: Samples = {
    agentsPerCommunity: agents,
    policyViews: views("actor"),
    criticViews: views("critic"),
    actions: normals(rows * decided, "actions"),
    logProbabilities: normals(rows, "log-probabilities").map((value) => value - 2 * decided),
    advantages: normals(rows, "advantages"),
    returns: normals(rows, "returns"),
  };
  return { sizes, parameters, samples };
}

const single = (communities: number): Layout => ({ communities, agents: 1, common: 0 });
const name = ({ communities, agents, common }: Layout) =>
  `${communities} communities of ${agents}, ${common} numbers alike`;

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
    for (const layout of [...layoutsOf(width), single(300)]) {
      const { sizes, parameters, samples } = scene(width, layout, 3);
      const { actor, critic } = await createLearner("wasm", parameters, createAdam(0));
      const rows = layout.communities * layout.agents;
      for (
        const [network, which, { normalized }] of [
          [actor, "actor", samples.policyViews],
          [critic, "critic", samples.criticViews],
        ] as const
      ) {
        const input = new Float64Array(rows * sizes[which][0]);
        flatRows(normalized, inputSizes(sizes, which), input);
        const expected = createMlp(sizes[which], parameters[which])(input, rows);
        const actual = network.forward(normalized);
        assertEquals(actual.length, expected.length);
        actual.forEach((value, i) =>
          assertLess(
            Math.abs(value - expected[i]),
            1e-6 * (1 + Math.abs(expected[i])),
            name(layout),
          )
        );
      }
    }
  });

  Deno.test(`kernels: at widths of ${width}, gradients are those of tensors to 1e-5`, async () => {
    const scenes = layoutsOf(width).map((layout) => [layout, 3] as const);
    for (const [layout, decided] of [...scenes, [single(300), 1], [single(97), width]] as const) {
      const { parameters, samples } = scene(width, layout, decided);
      const { communities, agents } = layout;
      const chosen = Uint32Array.from({ length: communities }, (_, i) => communities - 1 - i);
      const taken = (values: Float64Array, size: number) =>
        takeRows(values, chosen, agents * size, Float64Array);
      const targets = {
        actions: taken(samples.actions, decided),
        logProbabilities: taken(samples.logProbabilities, 1),
        advantages: taken(samples.advantages, 1),
        returns: taken(samples.returns, 1),
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
      assertGradient(actual.gradient, expected.gradient, `${name(layout)}, ${decided} decided`);
      for (const name of Object.keys(actual.objective) as (keyof typeof actual.objective)[]) {
        const value = expected.objective[name];
        assertAlmostEquals(actual.objective[name], value, 1e-5 * (1 + Math.abs(value)), name);
      }
    }
  });
}

Deno.test("kernels: a whole update ends with the parameters of tensors", async () => {
  const { parameters, samples } = scene(49, { communities: 50, agents: 10, common: 30 }, 3);
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
  const { parameters, samples } = scene(5, single(40), 2);
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
  const { parameters, samples } = scene(5, single(40), 2);
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
  // 11 communities are filled up to 12 where they stand for themselves.
  const layout = { communities: 16, agents: 8, common: 4 };
  const { sizes, parameters, samples } = scene(7, layout, 2);
  const fresh = await createLearner("wasm", parameters, createAdam(0));
  const used = await createLearner("wasm", parameters, createAdam(0));
  const differentiate = (learner: typeof fresh, communities: number) => {
    const rows = 8 * communities;
    const chosen = Uint32Array.from({ length: communities }, (_, i) => i);
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
  differentiate(used, 16);
  for (const which of ["actor", "critic"] as const) {
    const inputs = inputSizes(sizes, which);
    used[which].forward({
      common: new Float32Array(16 * inputs.common).fill(NaN),
      own: new Float32Array(128 * inputs.own).fill(NaN),
    });
  }
  assertEquals(differentiate(used, 11), differentiate(fresh, 11));
});

Deno.test("kernels: a policy decides as in training, and as the plain path to 1e-6", async () => {
  const sizes = [61, 64, 64, 3];
  const layouts = [[1, 1, 0], [97, 1, 0], [30, 10, 43], [1, 300, 60], [3, 7, 1], [100, 10, 16]];
  for (const [communities, agents, common] of layouts) {
    const rows = communities * agents;
    const inputs = { common, own: 61 - common };
    const shown = { common: communities, own: rows };
    const normalizer = eachBlock((block) => createNormalizer(inputs[block], 2));
    const seen = eachBlock((block) => {
      normalizer[block].update(normals(50 * inputs[block], "seen", block));
      const count = shown[block] * inputs[block];
      return normals(count, "observations", block, rows).map((value) => 3 * value + 1);
    });
    const parameters = Float32Array.from(normals(parameterCount(sizes), "weights"), (w) => w / 8);
    const weights = {
      sizes,
      parameters,
      logStd: new Float32Array(3),
      normalizer: eachBlock((block) => normalizer[block].state()),
      observationClip: 2,
    };
    const fast = createActor(weights).mean(seen, new Float64Array(rows * 3));
    const plain = createActor(weights, "plain").mean(seen, new Float64Array(rows * 3));
    fast.forEach((value, i) => assertAlmostEquals(value, plain[i], 1e-6 * (1 + Math.abs(value))));
    const all = parameterViews(
      { actor: sizes, critic: [61, 1], common: { actor: common, critic: common } },
      new Float32Array(parameters.length + 65),
    );
    all.actor.set(parameters);
    const { actor } = await createLearner("wasm", all, createAdam(all.all.length));
    const scaled = eachBlock((block) =>
      normalizer[block].normalize(seen[block], new Float32Array(seen[block].length))
    );
    assertEquals(fast, Float64Array.from(actor.forward(scaled)));
  }
});
