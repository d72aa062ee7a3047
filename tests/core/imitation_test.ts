import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { decideLine } from "../../lib/env/decision.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import type { Bound } from "../../lib/evaluation/bound.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { numbersOfCurves } from "../../lib/policies/curve_numbers.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";
import { measureForecastErrors } from "../../lib/policies/forecast_errors.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { imitationLoss } from "../../lib/ppo/loss.ts";
import { MarketTrainingEnvironment } from "../../lib/ppo/market_environment.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { type PpoConfig, ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import type { VectorEnvironment } from "../../lib/ppo/vector_environment.ts";
import { longTest } from "../helpers/cases.ts";
import { ownOnly, probeEnvironment } from "../helpers/probe_environments.ts";

const dataset = synthesize({ seed: 1, prosumers: 5, days: 56, dtHours: 1 });
const trained = [0, 168, 336, 504, 840, 1008];
const judged = [672];

/** The dynamic programme, speaking in two numbers per store. */
const spoken: Policy = {
  name: "spoken",
  begin(env) {
    const act = dynamicProgrammingPolicy().begin(env);
    return async (observation, decision) => {
      await (await act)(observation, decision);
      numbersOfCurves(env.world, decision);
    };
  },
};

const weeks = { dataset, config: environmentConfigSchema.parse({}), firstSlots: judged, seed: 7 };
let bound: Bound | null = null;

async function captured(policies: readonly Policy[]) {
  using solver = createSolver();
  bound ??= await planOptimum(weeks, solver);
  const { summary } = await evaluate(weeks, policies, bound);
  return summary.map((row) => row.captured!);
}

Deno.test("imitation: two numbers per store say nearly all that a planner's whole curves say", async () => {
  const [whole, line] = await captured([dynamicProgrammingPolicy(), spoken]);
  assertGreater(line, whole - 0.01);
});

Deno.test("imitation: a straight line in numbers comes back from its steps", () => {
  const env = new EnergyMarketEnv(dataset, environmentConfigSchema.parse({}));
  env.reset({ seed: 1, firstSlots: [0] });
  for (let k = 0; k < 8; k++) env.step(new Float64Array(env.decision.numbers.length).fill(0.3));
  const { world, decision: { numbers, curves } } = env;
  world.stores.forEach((store, k) => {
    const now = world.state.energyKwh[k] * store.retention;
    decideLine(world, env.decision, k, 0.02, () => 0.21);
    const line = numbers.slice();
    curves.stepCount[k] = 40;
    for (let j = 0; j < 40; j++) {
      const from = j / 40 * store.nominalKwh, middle = from + store.nominalKwh / 80;
      curves.stepFromKwh[k * curves.steps + j] = from;
      curves.stepValuePerKwh[k * curves.steps + j] = 0.21 - 0.02 * (middle - now);
    }
    numbers.fill(NaN);
    numbersOfCurves(world, env.decision);
    const at = world.stores[k].owner * env.actionSpace.names.length;
    assertAlmostEquals(numbers[at], line[at], 0.02);
    assertAlmostEquals(numbers[at + 1], line[at + 1], 0.02);
    assertEquals(curves.stepCount[k], 0);
  });
});

Deno.test("imitation: its loss pulls to the teacher alone, and agrees with finite differences", () => {
  const targets = { actions: Float64Array.of(0.5, NaN, -1, 0.25), returns: Float64Array.of(1, 2) };
  const means = [0.1, 0.7, -0.2, 0.25], values = [0.5, 2.5], logStd = [-1, -1];
  const loss = () => imitationLoss(means, values, logStd, targets, { valueCoefficient: 0.5 });
  const { meanGradient, valueGradient, logStdGradient, policyLoss } = loss();
  assertAlmostEquals(policyLoss, (0.4 ** 2 + 0.8 ** 2) / 4, 1e-12);
  for (const [numbers, gradient] of [[means, meanGradient], [values, valueGradient]] as const) {
    numbers.forEach((number, i) => {
      numbers[i] = number + 1e-5;
      const above = loss().loss;
      numbers[i] = number - 1e-5;
      assertAlmostEquals(gradient[i], (above - loss().loss) / 2e-5, 1e-6);
      numbers[i] = number;
    });
  }
  assertEquals([meanGradient[1], meanGradient[3], ...logStdGradient], [0, 0, 0, 0]);
  const weighed = { ...targets, weights: Float64Array.of(1, 1, 0.5, 1) };
  const half = imitationLoss(means, values, logStd, weighed, { valueCoefficient: 0.5 });
  assertAlmostEquals(half.meanGradient[0], meanGradient[0], 1e-12);
  assertAlmostEquals(half.meanGradient[2], meanGradient[2] / 2, 1e-7);
  assertAlmostEquals(half.policyLoss, (0.4 ** 2 + 0.5 * 0.8 ** 2) / 4, 1e-12);
});

const small: PpoConfig = ppoConfigSchema.parse({
  totalTimesteps: 16 * 8 * 60,
  rolloutSteps: 8,
  minibatchSize: 128,
  learningRate: 1e-2,
  imitationLearningRate: 1e-2,
  hiddenSizes: [16],
  initialStd: 0.5,
});

/** Pays for 0.5 where it sees 1, and for −0.5 where it sees −1; its teacher says the opposite. */
function taughtProbe(): VectorEnvironment {
  const seen = [-1, 1];
  const probe = probeEnvironment({
    observations: seen,
    drawn: true,
    reward: (action, state) => -((action - seen[state] / 2) ** 2),
  });
  let now = probe.reset(0);
  return {
    ...probe,
    reset: (seed) => now = probe.reset(seed),
    step(actions) {
      const result = probe.step(actions);
      now = result.observation;
      return result;
    },
    teach(actions, weights) {
      now.own.forEach((value, row) => actions[row] = -value / 2);
      weights.fill(1);
    },
  };
}

async function actions(imitationShare: number): Promise<number[]> {
  const trainer = await createTrainer(taughtProbe(), { ...small, imitationShare }, 1);
  while (!trainer.done) trainer.iterate();
  return [-1, 1].map((value) =>
    trainer.policy().mean(ownOnly(Float64Array.of(value)), new Float64Array(1))[0]
  );
}

Deno.test("imitation: the teacher is followed against the reward, and the reward afterwards", async () => {
  for (const [share, sign] of [[0, 1], [1, -1], [0.5, 1]]) {
    const [low, high] = await actions(share);
    assertAlmostEquals(low, -sign / 2, 0.1, `${share}`);
    assertAlmostEquals(high, sign / 2, 0.1, `${share}`);
  }
});

Deno.test("imitation: an environment without a teacher is refused", async () => {
  const probe = probeEnvironment({ observations: [0], reward: () => 0 });
  await assertRejects(
    () => createTrainer(probe, { ...small, imitationShare: 0.5 }, 1),
    RangeError,
    "no teacher to imitate; set imitationShare to 0",
  );
});

longTest(
  "imitation: a few updates come close to the planner in weeks that were not seen",
  async () => {
    const { environment, training, ppo } = parseExperiment({
      training: { communities: 16 },
      ppo: { imitationShare: 1, totalTimesteps: 16 * 24 * 30, minibatchSize: 256 },
    }, "test");
    const market = new MarketTrainingEnvironment(dataset, environment, {
      ...training,
      firstSlots: trained,
    });
    const trainer = await createTrainer(market, ppo, 1);
    const untrained = learnedPolicy(trainer.policy(), market);
    while (!trainer.done) trainer.iterate();
    const learned = learnedPolicy(trainer.policy(), market);
    const [teacher, before, after] = await captured([
      dynamicProgrammingPolicy(),
      untrained,
      learned,
    ]);
    assertGreater(after, teacher - 0.06);
    assertGreater(after, before + 0.05);
  },
);

Deno.test("imitation: errors of forecasts are measured, and none where forecasts are the truth", () => {
  const measured = (error: number) => {
    const forecast = { model: "martingale", error };
    const config = environmentConfigSchema.parse({ forecast });
    return measureForecastErrors(new EnergyMarketEnv(dataset, config).world, trained);
  };
  assertEquals(measured(0), { loadKw: 0, sunShare: 0 });
  const [small, large] = [measured(0.1), measured(0.3)];
  assert(small.loadKw > 0 && small.sunShare > 0);
  assertAlmostEquals(large.loadKw / small.loadKw, 3, 0.5);
  assertAlmostEquals(large.sunShare / small.sunShare, 3, 0.5);
});
