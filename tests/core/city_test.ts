import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { simulateCity } from "../../lib/city/city.ts";
import type { CityKpis } from "../../lib/city/city_kpis.ts";
import { compose, composedDataset, type Composition } from "../../lib/data/composed.ts";
import { applyScenario } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";

function composition(prosumers: number, days: number, dtHours = 1): Composition {
  return compose(synthesize({ seed: 2, prosumers: 10, days, dtHours }), { seed: 3, prosumers });
}

/** Indicators that a city and an evaluation share, under one name. */
const SHARED = [
  "costPerDay",
  "billPerDay",
  "contractualEmissionsKgPerDay",
  "physicalEmissionsKgPerDay",
  "importKwhPerDay",
  "exportKwhPerDay",
  "tradedKwhPerDay",
  "curtailedKwhPerDay",
  "unservedKwhPerDay",
  "selfSufficiency",
  "highestPeakKw",
  "meanClearingPricePerKwh",
  "interventionFraction",
  "interventionKwhPerDay",
] as const satisfies readonly (keyof CityKpis)[];

for (const policy of rulePolicyNames) {
  for (const batteryAction of ["feasible", "rated"] as const) {
    Deno.test(`city: ${policy} over ${batteryAction} power comes to what the environment says`, async () => {
      const small = composition(23, 6, 0.5);
      const config = environmentConfigSchema.parse({
        episodeDays: 6,
        batteryAction,
        market: { networkFeePerKwh: 0.02, priceWeight: 0.3 },
      });
      const city = await simulateCity({ composition: small, config, policy, workers: 1 });
      const dataset = composedDataset(small);
      const { summary: [kpis] } = await evaluate(
        { dataset, config, firstSlots: [0], seed: 9 },
        [rulePolicy(policy)],
      );
      for (const name of SHARED) {
        const expected = kpis[name];
        if (expected === null) assertEquals(city[name], null, name);
        else assertAlmostEquals(city[name] as number, expected, 1e-9 * Math.abs(expected), name);
      }
      assertEquals([city.violations, kpis.residualViolations], [0, 0]);
      assert(city.costPerDay > 0 && city.importKwhPerDay > 0);
    });
  }
}

Deno.test("city: one, two and three Workers give the same bits", async () => {
  const large = composition(9_000, 2);
  const config = environmentConfigSchema.parse({});
  const play = (workers: number) =>
    simulateCity({ composition: large, config, policy: "self-consumption", workers });
  const alone = await play(1);
  assert(alone.tradedKwhPerDay > 0 && alone.dischargedKwhPerDay > 0);
  assertEquals(await play(2), alone);
  assertEquals(await play(3), alone);
});

Deno.test("city: more prosumers leave the first ones as they were", () => {
  const few = composedDataset(composition(12, 1)), more = composedDataset(composition(30, 1));
  const { loadKw, pvKw } = few.profiles;
  assertEquals(more.profiles.loadKw.slice(0, loadKw.length), loadKw);
  assertEquals(more.profiles.pvKw.slice(0, pvKw.length), pvKw);
});

const REFUSED: readonly [string, Record<string, unknown>, string][] = [
  ["a forecast of the current slot", { forecast: { currentSlot: "forecast" } }, "currentSlot"],
  ["a price of the peak", { cost: { peakPricePerKw: 1 } }, "cost.peakPricePerKw must be 0"],
  ["a price of the ramp", { cost: { rampPricePerKw: 1 } }, "cost.rampPricePerKw must be 0"],
];
for (const [what, rules, message] of REFUSED) {
  Deno.test(`city: ${what} is refused`, async () => {
    const config = environmentConfigSchema.parse(rules);
    await refused(composition(10, 1), config, 1, message);
  });
}

Deno.test("city: an outage, no Worker and an unknown policy are refused", async () => {
  const config = environmentConfigSchema.parse({});
  const archetypes = synthesize({ seed: 2, prosumers: 10, days: 1, dtHours: 1 });
  const dark = compose(applyScenario(archetypes, "outage"), { seed: 3, prosumers: 10 });
  await refused(dark, config, 1, "no limit, got 0 kW");
  await refused(composition(10, 1), config, 0, "workers must be");
  await refused(composition(10, 1), config, 1, "policy must be one of", "optimum");
});

function refused(
  composition: Composition,
  config: EnvironmentConfig,
  workers: number,
  message: string,
  policy = "trade-only",
): Promise<Error> {
  const city = () => simulateCity({ composition, config, policy, workers });
  return assertRejects(city, RangeError, message);
}

Deno.test("city: a Worker that cannot make its part ends the simulation, and none is left", async () => {
  const city = composition(5_000, 1);
  // The second part is the Worker's; there is no such archetype.
  const archetype = city.archetype.slice();
  archetype[4_999] = 99;
  const options = {
    composition: { ...city, archetype },
    config: environmentConfigSchema.parse({}),
  };
  const simulate = () => simulateCity({ ...options, policy: "self-consumption", workers: 2 });
  await assertRejects(simulate, Error, "Worker 1 cannot begin: ");
});
