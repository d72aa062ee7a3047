/**
 * What must hold whatever happens: `deno test -P tests/core/robustness_test.ts` runs it alone.
 *
 * @module
 */

import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "fast-check";
import { applyScenario } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { play } from "../../lib/evaluation/records.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../../lib/ppo/market_environment.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import { stream } from "../../lib/random.ts";
import { leastCost } from "../helpers/dynamic_programming.ts";
import { wildActions, worldOf } from "../helpers/worlds.ts";
import { smallCommunity } from "../helpers/small_community.ts";

const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

Deno.test("robustness: the audit finds nothing in random worlds under hostile actions", async () => {
  await fc.assert(
    fc.asyncProperty(anySeed, async (seed) => {
      const { dataset, config } = worldOf(seed, 1);
      const random = stream(seed, "hostile");
      const policy: Policy = {
        name: "hostile",
        begin: () => (_, actions) => void wildActions(random, actions),
      };
      const records = await play({ dataset, config, firstSlots: [0], seed }, policy);
      assertEquals(audit(records, dataset, config).total, 0);
    }),
    { numRuns: 150, seed: 1 },
  );
});

Deno.test("robustness: communities side by side do exactly what they do alone", () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const { dataset, config } = worldOf(seed, 3);
      const perDay = dataset.profiles.grid.slots / 3;
      const firstSlots = [0, perDay, 2 * perDay, 0];
      const together = new EnergyMarketEnv(dataset, config, firstSlots.length);
      const alone = firstSlots.map(() => new EnergyMarketEnv(dataset, config));
      const size = together.prosumers;
      const part = (values: Float64Array, c: number, width: number) =>
        values.slice(c * size * width, (c + 1) * size * width);
      let seen = together.reset({ seed, firstSlots });
      alone.forEach((env, c) => {
        const own = env.reset({ seed, firstSlots: [firstSlots[c]] });
        assertEquals(own, part(seen, c, own.length / size));
      });
      const random = stream(seed, "actions");
      while (together.state.step < together.slotsPerEpisode) {
        const actions = wildActions(random, new Float64Array(together.rows * 3));
        const result = together.step(actions);
        seen = result.observation;
        alone.forEach((env, c) => {
          const own = env.step(part(actions, c, 3));
          assertEquals(own.observation, part(seen, c, own.observation.length / size));
          assertEquals(own.reward, part(result.reward, c, 1));
        });
      }
    }),
    { numRuns: 20, seed: 5 },
  );
});

const year = synthesize({ seed: 1, prosumers: 6, days: 365, dtHours: 1 });
const [winter, summer] = [14, 171].map((day) => day * 24);
const config = defaultEnvironmentConfig;

async function playScenario(
  name: "extreme-shortage" | "extreme-surplus",
  policy: string,
  day: number,
) {
  const dataset = applyScenario(year, name);
  const options = { dataset, config, firstSlots: [day], seed: 1 };
  const records = await play(options, rulePolicy(policy));
  const { summary: [kpis] } = await evaluate(options, [rulePolicy(policy)]);
  return { dataset, records, ...kpis };
}

Deno.test("robustness: in an extreme shortage load is shed to the limit, and storage saves some of it", async () => {
  const idle = await playScenario("extreme-shortage", "trade-only", winter);
  const storing = await playScenario("extreme-shortage", "self-consumption", winter);
  assertGreater(idle.unservedKwhPerDay, 0);
  assertLess(storing.unservedKwhPerDay, idle.unservedKwhPerDay);
  assertEquals([idle.residualViolations, storing.residualViolations], [0, 0]);
  const { gridImportLimitKw } = idle.dataset.profiles;
  const { columns: book, prosumers } = idle.records;
  for (let step = 0; step < 24; step++) {
    const rows = Array.from({ length: prosumers }, (_, i) => step * prosumers + i);
    const total = (column: Float64Array) => rows.reduce((sum, row) => sum + column[row], 0);
    assert(total(book.gridKwh) <= gridImportLimitKw[winter + step] + 1e-9);
    if (total(book.unservedKw) === 0) continue;
    assertAlmostEquals(total(book.gridKwh), gridImportLimitKw[winter + step], 1e-9);
    const shares = rows.filter((row) => book.loadKw[row] > 0)
      .map((row) => book.unservedKw[row] / book.loadKw[row]);
    assertAlmostEquals(Math.min(...shares), Math.max(...shares), 1e-9);
  }
  const soc = storing.records.columns.energyKwh;
  const lastSlot = soc.subarray(23 * prosumers, 24 * prosumers);
  lastSlot.forEach((energy, i) => {
    const battery = year.community.prosumers[i].battery;
    if (battery) assertLess(energy / battery.capacityKwh, battery.socMin + 0.05);
  });
});

Deno.test("robustness: in an extreme surplus sun is curtailed to the limit, and storage saves some of it", async () => {
  const idle = await playScenario("extreme-surplus", "trade-only", summer);
  const storing = await playScenario("extreme-surplus", "self-consumption", summer);
  assertGreater(idle.curtailedKwhPerDay, 0);
  assertLess(storing.curtailedKwhPerDay, idle.curtailedKwhPerDay);
  assertEquals(idle.unservedKwhPerDay, 0);
  assertEquals([idle.residualViolations, storing.residualViolations], [0, 0]);
  const { columns: book, prosumers, clearingPricePerKwh } = idle.records;
  const { feedInTariffPerKwh } = idle.dataset.profiles;
  let curtailedSlots = 0;
  for (let step = 0; step < 24; step++) {
    const rows = Array.from({ length: prosumers }, (_, i) => step * prosumers + i);
    if (rows.every((row) => book.curtailedKw[row] === 0)) continue;
    curtailedSlots++;
    const price = clearingPricePerKwh[step];
    // Truthful sellers in excess: the price falls to the feed-in tariff.
    if (!Number.isNaN(price)) assertAlmostEquals(price, feedInTariffPerKwh[summer + step], 1e-12);
  }
  assertGreater(curtailedSlots, 0);
  const fullest = Math.max(
    ...storing.records.columns.energyKwh.filter((_, row) => row % prosumers === 0),
  );
  const battery = year.community.prosumers[0].battery!;
  assertAlmostEquals(fullest, battery.socMax * battery.capacityKwh, 1e-6);
});

Deno.test("robustness: on one deterministic day PPO comes within 5 % of dynamic programming", async () => {
  const dataset = smallCommunity();
  const certain = environmentConfigSchema.parse({ forecast: { error: 0 } });
  const least = leastCost(dataset, certain);
  const training = { ...parseExperiment({}, "defaults").training, firstSlots: [0] };
  const ppo = ppoConfigSchema.parse({ totalTimesteps: 120_000, learningRate: 2e-3 });
  const market = new MarketTrainingEnvironment(dataset, certain, training);
  const trainer = await createTrainer(market, ppo, 1);
  while (!trainer.done) trainer.iterate();
  const options = { dataset, config: certain, firstSlots: [0], seed: 0 };
  const { summary: [{ costPerDay }] } = await evaluate(options, [
    learnedPolicy(trainer.policy(), { actions: "merit-order", span: "feasible" }),
  ]);
  assertLess(costPerDay, least * 1.05);
  // Cheaper than the optimum would mean that energy or money came from nowhere.
  assertGreater(costPerDay, least * 0.999);
});

Deno.test("robustness: learning is deterministic: same seed, same weights, bit for bit", async () => {
  const learn = async (seed: number) => {
    const training = {
      ...parseExperiment({ training: { communities: 4 } }, "defaults").training,
      firstSlots: [0],
    };
    const market = new MarketTrainingEnvironment(smallCommunity(), config, training);
    const ppo = ppoConfigSchema.parse({ totalTimesteps: 400, minibatchSize: 96 });
    const trainer = await createTrainer(market, ppo, seed);
    while (!trainer.done) trainer.iterate();
    return trainer.state().parameters;
  };
  const [first, second, other] = [await learn(5), await learn(5), await learn(6)];
  assertEquals(first, second);
  assert(first.some((weight, k) => weight !== other[k]));
});
