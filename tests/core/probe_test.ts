import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type PpoConfig, ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { createMlp } from "../../lib/ppo/mlp.ts";
import { restoreNormalizer } from "../../lib/ppo/normalizer.ts";
import { parameterViews } from "../../lib/ppo/parameters.ts";
import { createTrainer, type Trainer } from "../../lib/ppo/ppo.ts";
import {
  clampAction,
  ownOnly,
  type Probe,
  probeEnvironment,
} from "../helpers/probe_environments.ts";

const small: PpoConfig = ppoConfigSchema.parse({
  totalTimesteps: 16 * 8 * 60,
  rolloutSteps: 8,
  minibatchSize: 128,
  learningRate: 1e-2,
  discount: 0.8,
  hiddenSizes: [16],
  initialStd: 0.5,
});

async function train(probe: Probe, changes: Partial<PpoConfig> = {}): Promise<Trainer> {
  const trainer = await createTrainer(probeEnvironment(probe), { ...small, ...changes }, 1);
  while (!trainer.done) trainer.iterate();
  return trainer;
}

/** Value of an observation, in units of the reward. */
function value(trainer: Trainer, observation: number): number {
  const state = trainer.state();
  const normalized = restoreNormalizer((state.criticObservations ?? state.observations).own)
    .normalize([observation], new Float64Array(1));
  const { critic } = parameterViews(state.sizes, state.parameters);
  const output = createMlp(state.sizes.critic, critic)(normalized, 1);
  return restoreNormalizer(state.returns).denormalize(output, new Float64Array(1))[0];
}

/** Mean action at an observation. */
function action(trainer: Trainer, observation: number): number {
  return trainer.policy().mean(ownOnly(Float64Array.of(observation)), new Float64Array(1))[0];
}

Deno.test("probe: a constant reward is the value", async () => {
  const trainer = await train({ observations: [0], reward: () => 3 });
  assertAlmostEquals(value(trainer, 0), 3, 0.01);
});

Deno.test("probe: the value follows a reward that depends on the observation", async () => {
  const trainer = await train({
    observations: [-1, 1],
    drawn: true,
    reward: (_, state) => state === 0 ? -2 : 5,
  });
  assertAlmostEquals(value(trainer, -1), -2, 0.1);
  assertAlmostEquals(value(trainer, 1), 5, 0.1);
});

Deno.test("probe: a reward that is one step away is discounted once", async () => {
  const trainer = await train({ observations: [0, 1], reward: (_, state) => state });
  assertAlmostEquals(value(trainer, 1), 1, 0.02);
  assertAlmostEquals(value(trainer, 0), 0.8, 0.02);
});

Deno.test("probe: the best action is found", async () => {
  const trainer = await train({ observations: [0], reward: (a) => -((a - 0.6) ** 2) });
  assertAlmostEquals(action(trainer, 0), 0.6, 0.03);
});

Deno.test("probe: the best action is found for each observation", async () => {
  const trainer = await train({
    observations: [-0.5, 0.5],
    drawn: true,
    reward: (a, state) => -((a - [0.4, -0.7][state]) ** 2),
  });
  assertAlmostEquals(action(trainer, -0.5), 0.4, 0.05);
  assertAlmostEquals(action(trainer, 0.5), -0.7, 0.05);
});

Deno.test("probe: an optimum on the bound that the environment enforces is reached", async () => {
  for (const bound of [-1, 1]) {
    const trainer = await train({ observations: [0], reward: (a) => -((a - 2 * bound) ** 2) });
    assertEquals(clampAction(action(trainer, 0)), bound);
    assertAlmostEquals(value(trainer, 0), -1, 0.1);
  }
});

Deno.test("probe: the units of observations and rewards do not matter", async () => {
  const trainer = await train({
    observations: [1e6 - 1, 1e6 + 1],
    drawn: true,
    reward: (a, state) => 1e4 * (state - (a - [0.4, -0.7][state]) ** 2),
  });
  assertAlmostEquals(action(trainer, 1e6 - 1), 0.4, 0.05);
  assertAlmostEquals(action(trainer, 1e6 + 1), -0.7, 0.05);
  assertAlmostEquals(value(trainer, 1e6 + 1), 1e4, 1e3);
});

Deno.test("probe: an interrupted episode is continued by the value of its last state", async () => {
  const trainer = await train({
    observations: [-1, 1],
    drawn: true,
    interrupted: true,
    reward: (_, state) => state,
  });
  // A row's state lasts for ever: 0/(1 − γ) and 1/(1 − γ), whatever the next episode draws.
  assertAlmostEquals(value(trainer, -1), 0, 0.25);
  assertAlmostEquals(value(trainer, 1), 5, 0.25);
});

Deno.test("probe: a community critic knows what the agents do not see", async () => {
  const probe: Probe = {
    observations: [0, 0],
    hidden: [-1, 1],
    drawn: true,
    reward: (_, state) => state,
  };
  const informed = await train(probe, { critic: "community" });
  assertAlmostEquals(value(informed, -1), 0, 0.05);
  assertAlmostEquals(value(informed, 1), 1, 0.05);
  assertAlmostEquals(value(await train(probe), 0), 0.5, 0.1);
});
