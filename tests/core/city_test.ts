import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { compose } from "../../lib/data/composed.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { simulateCity } from "../../lib/experiments/city.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { stream } from "../../lib/random.ts";

const archetypes = synthesize({ seed: 2, prosumers: 10, days: 3, dtHours: 1 });
const CITY = { archetypes, prosumers: 50, prosumersEach: 20, config, seed: 3, workers: 1 };

Deno.test("city: one, two and three Workers give the same bits, and books balance", async () => {
  const play = (workers: number) => simulateCity({ ...CITY, policy: "self-consumption", workers });
  const alone = await play(1);
  assert(alone.tradedKwhPerDay > 0 && alone.dischargedKwhPerDay > 0);
  assertEquals([alone.communities, alone.violations], [3, 0]);
  assertEquals(await play(2), alone);
  assertEquals(await play(3), alone);
});

Deno.test("city: a community of its own comes to what an evaluation of it says", async () => {
  const city = await simulateCity({ ...CITY, prosumers: 20, policy: "time-of-use" });
  const seed = stream(CITY.seed, "city", 0).below(2 ** 31);
  const dataset = compose(archetypes, { seed, prosumers: 20 });
  const { summary: [kpis] } = await evaluate(
    { dataset, config: { ...config, episodeDays: 3 }, firstSlots: [0], seed },
    [rulePolicy("time-of-use")],
  );
  assertAlmostEquals(city.costPerDay, kpis.costPerDay, 1e-9 * kpis.costPerDay);
  assertAlmostEquals(city.tradedKwhPerDay, kpis.tradedKwhPerDay, 1e-9 * kpis.tradedKwhPerDay);
});

Deno.test("city: more prosumers leave the first ones as they were", () => {
  const few = compose(archetypes, { seed: 3, prosumers: 12 }).profiles;
  const more = compose(archetypes, { seed: 3, prosumers: 30 }).profiles;
  assertEquals(more.loadKw.slice(0, few.loadKw.length), few.loadKw);
  assertEquals(more.pvKw.slice(0, few.pvKw.length), few.pvKw);
});

Deno.test("city: no Worker and a policy that is no rule are refused", async () => {
  const refused = (changes: object, message: string) =>
    assertRejects(
      () => simulateCity({ ...CITY, policy: "trade-only", ...changes }),
      RangeError,
      message,
    );
  await refused({ workers: 0 }, "workers must be");
  await refused({ policy: "optimum" }, "policy must be one of");
});
