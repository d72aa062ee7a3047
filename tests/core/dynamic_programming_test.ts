import { assert, assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { createPolicy } from "../../lib/policies/catalog.ts";
import { dynamicProgrammingPolicy } from "../../lib/policies/dynamic_programming.ts";
import { measureForecastErrors, pastForecastErrors } from "../../lib/policies/forecast_errors.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { thresholdPolicy } from "../../lib/policies/threshold.ts";
import { longTest } from "../helpers/cases.ts";

const dataset = synthesize({ seed: 1, prosumers: 5, days: 56, dtHours: 1 });
const firstSlots = [0, 672, 1176];

async function captured(config: EnvironmentConfig, policies: readonly Policy[], made = dataset) {
  using solver = createSolver();
  const options = { dataset: made, config, firstSlots, seed: 7 };
  const { summary } = await evaluate(options, policies, await planOptimum(options, solver));
  for (const row of summary) assertEquals(row.residualViolations, 0, row.policy);
  return summary.map((row) => row.captured!);
}

Deno.test("dynamic programming: with the truth for a forecast it is nearly the optimum", async () => {
  const config = environmentConfigSchema.parse({ forecast: { error: 0 } });
  const [programmed] = await captured(config, [dynamicProgrammingPolicy({ noise: false })]);
  assertGreater(programmed, 0.985);
  assert(programmed <= 1 + 1e-9);
});

longTest(
  "dynamic programming: forecasts that err leave it ahead of the hand-written rule, and that ahead of self-consumption",
  async () => {
    for (const tariff of ["time-of-use", "day-ahead"] as const) {
      const made = synthesize({ seed: 1, prosumers: 5, days: 56, dtHours: 1, tariff });
      const [programmed, threshold, rule] = await captured(
        environmentConfigSchema.parse({}),
        [
          dynamicProgrammingPolicy(),
          thresholdPolicy(),
          rulePolicy("self-consumption"),
        ],
        made,
      );
      assertGreater(programmed, 0.95, tariff);
      assertGreater(programmed, threshold, tariff);
      assertGreater(threshold, rule, tariff);
    }
  },
);

Deno.test("dynamic programming: where orders are inelastic, powers follow the same values", async () => {
  const config = environmentConfigSchema.parse({ market: { orders: "inelastic" } });
  const [programmed, rule] = await captured(config, [
    dynamicProgrammingPolicy(),
    rulePolicy("self-consumption"),
  ]);
  assertGreater(programmed, rule);
});

Deno.test("dynamic programming: where only a shortfall counts at the end, it does not hoard", async () => {
  for (const initialSoc of [0.2, 0.8]) {
    const config = environmentConfigSchema.parse({
      ...{ episodeDays: 1, endValue: "first-edition", initialSoc },
      forecast: { model: "martingale", error: 0 },
    });
    const [programmed] = await captured(config, [dynamicProgrammingPolicy({ noise: false })]);
    assertGreater(programmed, 0.95, `${initialSoc}`);
  }
});

Deno.test("dynamic programming: calibrated is what knows the errors of the weeks before, and of no other", async () => {
  const config = environmentConfigSchema.parse({});
  const play = async (made: typeof dataset, first: number, policy: Policy) => {
    const env = new EnergyMarketEnv(made, config);
    const observation = env.reset({ seed: 7, firstSlots: [first] });
    const act = await policy.begin(env);
    await act(observation, env.decision);
    return { world: env.world, values: env.decision.curves.stepValuePerKwh.slice() };
  };
  const calibrated = dynamicProgrammingPolicy({ noise: "calibrated" });
  assertEquals(calibrated.name, "dynamic-programming-calibrated");
  const { world, values } = await play(dataset, 672, calibrated);
  const noise = pastForecastErrors(world, 0)!;
  assertEquals(noise, measureForecastErrors(world, [504, 336, 168, 0], 7));
  assertEquals((await play(dataset, 672, dynamicProgrammingPolicy({ noise }))).values, values);
  assertNotEquals((await play(dataset, 672, dynamicProgrammingPolicy())).values, values);
  // Nothing is past when data begin: it reckons by the rules.
  assertEquals(
    (await play(dataset, 0, calibrated)).values,
    (await play(dataset, 0, dynamicProgrammingPolicy())).values,
  );
  const loadKw = dataset.profiles.loadKw.map((kw, at) => at % 1344 > 672 ? kw + 1 : kw);
  const other = { ...dataset, profiles: { ...dataset.profiles, loadKw } };
  assertEquals((await play(other, 672, calibrated)).values, values);
});

Deno.test("dynamic programming: energy is worth less the more there is, and nobody reads what is not told", async () => {
  const config = environmentConfigSchema.parse({});
  const decide = async (made: typeof dataset) => {
    const env = new EnergyMarketEnv(made, config);
    const observation = env.reset({ seed: 7, firstSlots: [336] });
    const act = await dynamicProgrammingPolicy().begin(env);
    await act(observation, env.decision);
    return env.decision.curves;
  };
  const { steps, stepCount, stepFromKwh, stepValuePerKwh } = await decide(dataset);
  stepCount.forEach((count, k) => {
    assertEquals(count, 40);
    for (let at = k * steps + 1; at < k * steps + count; at++) {
      assert(stepFromKwh[at] > stepFromKwh[at - 1]);
      assert(stepValuePerKwh[at] <= stepValuePerKwh[at - 1] + 1e-12);
    }
  });
  // Loads to come are unknown: other ones change nothing.
  const loadKw = dataset.profiles.loadKw.map((kw, at) => at % 1344 > 336 ? kw + 1 : kw);
  const other = await decide({ ...dataset, profiles: { ...dataset.profiles, loadKw } });
  assertEquals(other.stepValuePerKwh, stepValuePerKwh);
});

Deno.test("catalog: dynamic programming and threshold are made by name", () => {
  using solver = createSolver();
  for (const name of ["dynamic-programming", "threshold"]) {
    assertEquals(createPolicy(name, { seed: 1, solver }).name, name);
  }
});
