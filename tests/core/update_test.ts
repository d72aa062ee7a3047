import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createAdam } from "../../lib/ppo/adam.ts";
import { createLearner } from "../../lib/ppo/backend.ts";
import { type PpoConfig, ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { initialParameters } from "../../lib/ppo/parameters.ts";
import { learn, type Samples, type UpdateMetrics } from "../../lib/ppo/update.ts";
import { stream } from "../../lib/random.ts";

const ROWS = 100;
const config: PpoConfig = ppoConfigSchema.parse({
  minibatchSize: 30,
  hiddenSizes: [4],
  targetKl: null,
});

const normals = (label: string, count: number) => {
  const random = stream(5, label);
  return Float64Array.from({ length: count }, () => random.normal());
};

/** Samples of a policy that was about a standard normal, with one number seen and one decided. */
function samples(changes: Partial<Samples> = {}): Samples {
  const views = {
    raw: { common: new Float64Array(0), own: new Float64Array(0) },
    normalized: { common: new Float32Array(0), own: Float32Array.from(normals("views", ROWS)) },
  };
  return {
    agentsPerCommunity: 1,
    policyViews: views,
    criticViews: views,
    actions: normals("actions", ROWS),
    logProbabilities: normals("log-probabilities", ROWS).map((value) => value / 10 - 1),
    advantages: normals("advantages", ROWS),
    returns: normals("returns", ROWS),
    ...changes,
  };
}

/** A learner before its first step, and its parameters. */
async function fresh() {
  const sizes = { actor: [1, 4, 1], critic: [1, 4, 1], common: { actor: 0, critic: 0 } };
  const parameters = initialParameters(sizes, 1, stream(1));
  const learner = await createLearner("wasm", parameters, createAdam(parameters.all.length));
  return { learner, before: parameters.all };
}

/** How far one update moves the parameters. */
async function update(changes: Partial<PpoConfig>, from = samples(), shuffling = 1) {
  const { learner, before } = await fresh();
  const changed = { ...config, ...changes };
  const metrics: UpdateMetrics = learn(learner, changed, from, 0.1, stream(shuffling));
  const move = Float32Array.from(before, (value, i) => learner.parameters.all[i] - value);
  return { metrics, adam: learner.adam, move };
}

Deno.test("update: a rollout is cut into minibatches of about the size that is asked for", async () => {
  for (const [size, parts] of [[30, 3], [100, 1], [1_000, 1], [1, 100]]) {
    const { adam } = await update({ minibatchSize: size, epochs: 2 });
    assertEquals(adam.step, 2 * parts);
  }
});

Deno.test("update: minibatches are drawn by whole communities", async () => {
  // 20 communities of 5: a minibatch of 1 sample would cut one, and gets 5.
  for (const [size, parts] of [[30, 3], [1, 20]]) {
    const { adam } = await update({ minibatchSize: size, epochs: 1 }, {
      ...samples(),
      agentsPerCommunity: 5,
    });
    assertEquals(adam.step, parts);
  }
});

Deno.test("update: the scale and the mean of the advantages do not matter", async () => {
  const { advantages } = samples();
  const { move } = await update({});
  const shifted = samples({ advantages: advantages.map((value) => 1_000 * value + 77) });
  (await update({}, shifted)).move.forEach((value, i) => assertAlmostEquals(value, move[i], 1e-4));
});

Deno.test("update: the gradient is cut to its greatest norm", async () => {
  // With so large an ε, Adam's first step is the gradient times learning rate over ε.
  const changes = { epochs: 1, minibatchSize: ROWS, adamEpsilon: 1e3, valueCoefficient: 10 };
  const length = ({ move }: { move: Float32Array }) => 1e4 * Math.hypot(...move);
  const free = await update({ ...changes, maxGradientNorm: 1e6 });
  assertAlmostEquals(length(free) / free.metrics.gradientNorm, 1, 0.01);
  const cut = await update({ ...changes, maxGradientNorm: 1 });
  assertAlmostEquals(length(cut), 1, 0.01);
  assertAlmostEquals(cut.metrics.gradientNorm, free.metrics.gradientNorm, 1e-9);
});

Deno.test("update: the stream decides which samples share a minibatch", async () => {
  const { move } = await update({}, samples(), 1);
  assertEquals((await update({}, samples(), 1)).move, move);
  assertNotEquals((await update({}, samples(), 2)).move, move);
});

Deno.test("update: a gradient that is not finite is refused and changes nothing", async () => {
  const { learner, before } = await fresh();
  const broken = samples({ returns: new Float64Array(ROWS).fill(NaN) });
  assertThrows(
    () => learn(learner, config, broken, 0.1, stream(1)),
    Error,
    "gradient is not finite",
  );
  assertEquals(learner.parameters.all.slice(), before);
});
