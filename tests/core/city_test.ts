import { assertAlmostEquals, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { compose } from "../../lib/data/composed.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { type CityOptions, simulateCity } from "../../lib/experiments/city.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { stream } from "../../lib/random.ts";

const archetypes = synthesize({ seed: 2, prosumers: 6, days: 2, dtHours: 1 });
const city: CityOptions = {
  archetypes,
  prosumers: 50,
  prosumersEach: 12,
  config,
  policy: "self-consumption",
  seed: 3,
  workers: 1,
};

Deno.test("city: the number of Workers changes no bit", async () => {
  const alone = await simulateCity(city);
  assertGreater(alone.tradedKwhPerDay, 0);
  assertGreater(alone.dischargedKwhPerDay, 0);
  assertEquals([alone.communities, alone.violations], [5, 0]);
  const told: number[] = [];
  const onCommunity = (done: number) => void told.push(done);
  assertEquals(await simulateCity({ ...city, workers: 3, onCommunity }), alone);
  assertEquals(told, [1, 2, 3, 4, 5]);
});

for (const policy of rulePolicyNames) {
  Deno.test(`city: one community under ${policy} comes to what an evaluation says`, async () => {
    const changed = environmentConfigSchema.parse({
      episodeDays: 2,
      market: { networkFeePerKwh: 0.02 },
    });
    const options = { ...city, policy, prosumers: 9, prosumersEach: 9, config: changed };
    const found = await simulateCity(options);
    const seed = stream(3, "city", 0).below(2 ** 31);
    const dataset = compose(archetypes, { seed, prosumers: 9 });
    const { summary: [kpis] } = await evaluate(
      { dataset, config: changed, firstSlots: [0], seed },
      [rulePolicy(policy)],
    );
    for (
      const name of [
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
      ] as const
    ) {
      const expected = kpis[name] as number | null;
      if (expected === null) assertEquals(found[name], null, name);
      else assertAlmostEquals(found[name]!, expected, 1e-9 * Math.max(1, Math.abs(expected)), name);
    }
  });
}

Deno.test("city: what cannot be simulated is refused, and a Worker that fails ends it", async () => {
  const refused = (change: Partial<CityOptions>, message: string) =>
    assertRejects(() => simulateCity({ ...city, ...change }), Error, message);
  await refused({ workers: 0 }, "workers must be a whole number of at least 1, got 0");
  await refused({ prosumersEach: 1.5 }, "prosumersEach must be a whole number");
  await refused({ policy: "optimum" }, "optimum");
  const capped = environmentConfigSchema.parse({ market: { priceCapPerKwh: 0.01 } });
  await refused({ config: capped }, "priceCapPerKwh must be at least");
  await refused({ config: capped, workers: 2 }, "of the city failed");
  const onCommunity = () => {
    throw new Error("enough");
  };
  await refused({ onCommunity, workers: 2 }, "enough");
});
