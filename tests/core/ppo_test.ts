import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type PpoConfig, ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import type { VectorEnvironment } from "../../lib/ppo/vector_environment.ts";
import { longTest } from "../helpers/cases.ts";
import { ownOnly, probeEnvironment } from "../helpers/probe_environments.ts";

const tiny: PpoConfig = ppoConfigSchema.parse({
  totalTimesteps: 16 * 4 * 10,
  rolloutSteps: 4,
  minibatchSize: 64,
  hiddenSizes: [8],
  initialStd: 0.5,
  targetKl: null,
});

const probe = () =>
  probeEnvironment({ observations: [-1, 1], reward: (a, state) => state - (a - 0.5) ** 2 });

Deno.test("ppo: the same seed gives the same bits, another seed does not", async () => {
  const run = async (seed: number) => {
    const trainer = await createTrainer(probe(), tiny, seed);
    const metrics = Array.from({ length: 3 }, () => trainer.iterate());
    return { metrics, state: trainer.state() };
  };
  const first = await run(1);
  assertEquals(await run(1), first);
  const other = await run(2);
  assertNotEquals(other.state.parameters, first.state.parameters);
  assertNotEquals(other.metrics, first.metrics);
  assertNotEquals(other.state.parts, first.state.parts);
  assertNotEquals(other.state.shuffling, first.state.shuffling);
});

longTest("ppo: tensors do not pile up over 1,000 updates", async () => {
  const changes = { totalTimesteps: 16 * 4 * 300, epochs: 4, minibatchSize: 128 };
  const config: PpoConfig = { ...tiny, ...changes, backend: "tfjs" };
  const trainer = await createTrainer(probe(), config, 1);
  trainer.iterate();
  const { numTensors, numBytes } = tf.memory();
  while (trainer.state().adam.step < 1_000) trainer.iterate();
  assertEquals(tf.memory().numTensors, numTensors);
  assertEquals(tf.memory().numBytes, numBytes);
});

Deno.test("ppo: an iteration reports what was played and learned", async () => {
  const trainer = await createTrainer(probe(), tiny, 1);
  const first = trainer.iterate();
  // 32 rows are 16 communities of 2 agents; 4 steps are 2 episodes of 2 slots.
  assertEquals(first.timesteps, 16 * 4);
  assertEquals(first.agentSteps, 32 * 4);
  assertEquals(first.episodes, 16 * 2);
  assertEquals(first.learningRate, tiny.learningRate);
  assertEquals(first.epochs, tiny.epochs);
  assertAlmostEquals(first.entropy, Math.log(0.5) + 0.5 * Math.log(2 * Math.PI * Math.E), 0.02);
  const second = trainer.iterate();
  assertAlmostEquals(second.learningRate, 0.9 * tiny.learningRate, 1e-12);
});

Deno.test("ppo: the normalisers take in each rollout once, after it was played", async () => {
  const environment = probeEnvironment({
    observations: [-1, 3],
    hidden: [10, 30],
    reward: () => 2,
  });
  const config: PpoConfig = { ...tiny, critic: "community", discount: 0, gaeLambda: 0 };
  const trainer = await createTrainer(environment, config, 1);
  trainer.iterate();
  const moments = (rollouts: number) => {
    const { observations, criticObservations, returns } = trainer.state();
    const samples = rollouts * 32 * 4;
    assertEquals(observations.own.count, samples);
    assertEquals([...observations.own.mean], [1]);
    assertEquals([...criticObservations!.own.mean], [20]);
    assertAlmostEquals(observations.own.squaredDeviations[0] / samples, 4, 1e-12);
    assertAlmostEquals(returns.mean[0], 2, 1e-12);
  };
  moments(1);
  trainer.iterate();
  moments(2);
});

Deno.test("ppo: an episode that spans two rollouts has one return", async () => {
  const environment = probeEnvironment({ observations: [0, 0, 0, 0, 0], reward: () => 1 });
  const trainer = await createTrainer(environment, { ...tiny, rolloutSteps: 3 }, 1);
  assertEquals([trainer.iterate(), trainer.iterate()].map((m) => m.meanEpisodeReturn), [null, 5]);
});

Deno.test("ppo: an update ends with the epoch that moves the policy too far", async () => {
  const config = { ...tiny, epochs: 50, learningRate: 0.05, targetKl: 0.01 };
  const { epochs, approxKl } = (await createTrainer(probe(), config, 1)).iterate();
  assertLess(epochs, 50);
  assert(approxKl > 0.01);
});

Deno.test("ppo: a policy stays as it was when training goes on", async () => {
  const trainer = await createTrainer(probe(), tiny, 1);
  const act = (policy = trainer.policy()) =>
    policy.mean(ownOnly(Float64Array.of(1)), new Float64Array(1));
  const policy = trainer.policy();
  const before = act(policy);
  trainer.iterate();
  assertEquals(act(policy), before);
  assertNotEquals(act(), before);
});

Deno.test("ppo: training ends after all timesteps", async () => {
  const trainer = await createTrainer(probe(), { ...tiny, totalTimesteps: 65 }, 1);
  trainer.iterate();
  assert(!trainer.done);
  trainer.iterate();
  assert(trainer.done);
  assertThrows(() => trainer.iterate(), Error, "all 65 timesteps are played");
});

Deno.test("ppo: rewards that are not numbers end training with a reason", async () => {
  const environment = probeEnvironment({ observations: [0], reward: () => NaN });
  const trainer = await createTrainer(environment, tiny, 1);
  assertThrows(() => trainer.iterate(), Error, "look for NaN in observations and rewards");
});

Deno.test("ppo: an environment that does not keep to the interface is refused", async () => {
  const reject = (changes: Partial<VectorEnvironment>, config: PpoConfig, message: string) =>
    assertRejects(() => createTrainer({ ...probe(), ...changes }, config, 1), Error, message);
  await reject({}, { ...tiny, critic: "community" }, "the environment has no criticObservation");
  const wrong = (observationSize: { common: number; own: number }, message: string) =>
    reject({ observationSize }, tiny, `first observation has ${message}`);
  await wrong({ common: 0, own: 2 }, "32 own numbers, expected 64");
  await wrong({ common: 3, own: 1 }, "0 common numbers, expected 48");
  await reject({ agentsPerCommunity: 5 }, tiny, "32 rows are not communities of 5 agents");
  const silent = probe();
  const step = (actions: Float64Array) => {
    const { finalObservation: _, ...result } = silent.step(actions);
    return { ...result, terminated: result.truncated, truncated: result.terminated };
  };
  const trainer = await createTrainer({ ...silent, step }, tiny, 1);
  assertThrows(() => trainer.iterate(), Error, "truncated an episode without finalObservation");
});
