import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { compose } from "../../lib/data/composed.ts";
import { validateDataset } from "../../lib/data/profiles.ts";
import { applyScenario, scenariosOf } from "../../lib/data/scenarios.ts";
import { splitDays } from "../../lib/data/split.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { zeroIntelligencePolicy } from "../../lib/policies/zero_intelligence.ts";

const counts = { cars: 4, heatPumps: 2, appliances: 2 };
const homes = (dtHours: number) =>
  synthesize({ seed: 2, prosumers: 4, days: 4, dtHours, tariff: "day-ahead", ...counts });
const config = environmentConfigSchema.parse({
  episodeDays: 2,
  market: { networkFeePerKwh: 0.02 },
});
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

for (const dtHours of [1, 0.25]) {
  Deno.test(`equipped homes: the optimum is played at the cost that was planned, slots of ${dtHours} h`, async () => {
    using solver = createSolver({ workers: 1 });
    const dataset = homes(dtHours);
    const options = { dataset, config, firstSlots: [0], seed: 1 };
    const { cost: [planned] } = await planOptimum(options, solver);
    const best = await play(options, optimumPolicy(solver));
    assertAlmostEquals(episodeCosts(best)[0], planned, 1e-6 * planned);
    for (const policy of [rulePolicy("self-consumption"), zeroIntelligencePolicy(3)]) {
      const records = await play(options, policy);
      assertEquals(audit(records, dataset).total, 0, policy.name);
      assertGreater(episodeCosts(records)[0], planned - 1e-6);
    }
    assertEquals(audit(best, dataset).total, 0);
    assert(best.store.powerKw.some((kw) => kw > 1));
  });
}

Deno.test("equipped homes: every scenario is played with whole books, and cars that are early miss more", async () => {
  const dataset = homes(1);
  const missed: Record<string, number> = {};
  for (const scenario of scenariosOf(dataset)) {
    const changed = applyScenario(dataset, scenario);
    validateDataset(changed);
    const options = { dataset: changed, config, firstSlots: [48], seed: 1 };
    const records = await play(options, rulePolicy("grid-only"));
    assertEquals(audit(records, changed).total, 0, scenario);
    missed[scenario] = sum(records.store.unmetKwh);
  }
  assertGreater(missed["early-cars"] + 1e-9, missed["none"]);
  assertGreater(missed["extreme-shortage"], missed["none"]);
});

Deno.test("equipped homes: composed communities keep the devices of their archetypes", () => {
  const archetypes = homes(1);
  const composed = compose(archetypes, { seed: 5, prosumers: 9 });
  validateDataset(composed);
  composed.community.prosumers.forEach(({ devices }, i) =>
    assertEquals(devices, archetypes.community.prosumers[i % 4].devices)
  );
  assertEquals(splitDays(composed, { episodeDays: 1 }), splitDays(archetypes, { episodeDays: 1 }));
});
