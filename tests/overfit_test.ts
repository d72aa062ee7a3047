import { assertGreater, assertLess } from "@std/assert";
import { environmentConfigSchema } from "../lib/env/config.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { learnedPolicy } from "../lib/policies/learned.ts";
import { MarketTrainingEnvironment } from "../lib/ppo/market_environment.ts";
import { ppoConfigSchema } from "../lib/ppo/config.ts";
import { createTrainer } from "../lib/ppo/ppo.ts";
import { leastCost } from "./dynamic_programming.ts";
import { smallCommunity } from "./small_community.ts";

const config = environmentConfigSchema.parse({ forecast: { error: 0 } });

Deno.test("overfit: on one deterministic day PPO comes within 5 % of the least possible cost", async () => {
  const dataset = smallCommunity();
  const least = leastCost(dataset, config);
  const training = { firstSlots: [0], communities: 32, rewardScale: 1, rewardMixing: 1 };
  const environment = new MarketTrainingEnvironment(dataset, config, training);
  const ppo = ppoConfigSchema.parse({
    totalTimesteps: 120_000,
    discount: 1,
    minibatchSize: 1152,
    learningRate: 2e-3,
  });
  const trainer = await createTrainer(environment, ppo, 1);
  while (!trainer.done) trainer.iterate();
  const options = { dataset, config, firstSlots: [0], seed: 0 };
  const { costPerDay } = evaluate(options, [learnedPolicy(trainer.policy())]).summary[0];
  console.log(`learned ${costPerDay.toFixed(3)}, least ${least.toFixed(3)}`);
  assertLess(costPerDay, least * 1.05);
  // Cheaper than the optimum would mean that energy or money came from nowhere.
  assertGreater(costPerDay, least * 0.999);
});
