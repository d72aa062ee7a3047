/**
 * What must hold whatever happens: `deno test -P tests/core/robustness_test.ts` runs it alone.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "fast-check";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { play } from "../../lib/evaluation/records.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import type { Observation } from "../../lib/env/observe.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { ppoConfigSchema } from "../../lib/ppo/ppo_config.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../../lib/ppo/market_environment.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import { stream } from "../../lib/random.ts";
import { cases, longTest } from "../helpers/cases.ts";
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
        begin: () => (_, { numbers }) => void wildActions(random, numbers),
      };
      const records = await play({ dataset, config, firstSlots: [0], seed }, policy);
      assertEquals(audit(records, dataset).total, 0);
    }),
    { numRuns: cases(50, 150), seed: 1 },
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
      const part = (values: Float64Array, c: number) => {
        const size = values.length / firstSlots.length;
        return values.slice(c * size, (c + 1) * size);
      };
      const seenBy = ({ common, own }: Observation, c: number) => [part(common, c), part(own, c)];
      const seen = together.reset({ seed, firstSlots });
      alone.forEach((env, c) => {
        const { common, own } = env.reset({ seed, firstSlots: [firstSlots[c]] });
        assertEquals([common, own], seenBy(seen, c));
      });
      const random = stream(seed, "actions");
      while (together.state.step < together.slotsPerEpisode) {
        const numbers = wildActions(random, together.decision.numbers.slice());
        const { reward } = together.step(numbers);
        alone.forEach((env, c) => {
          const { observation: { common, own }, reward: mine } = env.step(part(numbers, c));
          assertEquals([common, own], seenBy(seen, c));
          assertEquals(mine, part(reward, c));
        });
      }
    }),
    { numRuns: cases(10, 20), seed: 5 },
  );
});

const certain = environmentConfigSchema.parse({ episodeDays: 1, forecast: { error: 0 } });
const oneDay = { dataset: smallCommunity(), config: certain, firstSlots: [0] };

for (const endValue of ["cheapest-charge", "first-edition"] as const) {
  Deno.test(`robustness: the optimum is that of dynamic programming, end value ${endValue}`, async () => {
    using solver = createSolver({ workers: 1 });
    const config = { ...certain, endValue };
    const { cost: [cost] } = await planOptimum({ ...oneDay, config }, solver);
    const least = leastCost(oneDay.dataset, config);
    // The grid of stored energies makes it a little dearer.
    assert(least >= cost - 1e-9 && least <= cost * 1.002, `${least} against ${cost}`);
  });
}

longTest("robustness: on one deterministic day PPO comes within 5 % of the optimum", async () => {
  using solver = createSolver({ workers: 1 });
  const { cost: [least] } = await planOptimum(oneDay, solver);
  const training = { ...parseExperiment({}, "defaults").training, firstSlots: [0] };
  const ppo = ppoConfigSchema.parse({ totalTimesteps: 60_000, learningRate: 2e-3 });
  const market = new MarketTrainingEnvironment(oneDay.dataset, certain, training);
  const trainer = await createTrainer(market, ppo, 1);
  while (!trainer.done) trainer.iterate();
  const { observationNames } = market;
  const { summary: [{ costPerDay }] } = await evaluate({ ...oneDay, seed: 0 }, [
    learnedPolicy(trainer.policy(), { observationNames }),
  ]);
  assertLess(costPerDay, least * 1.05);
  // Cheaper than the optimum would mean that energy or money came from nowhere.
  assertGreater(costPerDay, least - 1e-5);
});

Deno.test("robustness: learning is deterministic: same seed, same weights, bit for bit", async () => {
  const learn = async (seed: number) => {
    const training = {
      ...parseExperiment({ training: { communities: 4 } }, "defaults").training,
      firstSlots: [0],
    };
    const market = new MarketTrainingEnvironment(oneDay.dataset, certain, training);
    const ppo = ppoConfigSchema.parse({ totalTimesteps: 400, minibatchSize: 96 });
    const trainer = await createTrainer(market, ppo, seed);
    while (!trainer.done) trainer.iterate();
    return trainer.state().parameters;
  };
  const [first, second, other] = [await learn(5), await learn(5), await learn(6)];
  assertEquals(first, second);
  assert(first.some((weight, k) => weight !== other[k]));
});
