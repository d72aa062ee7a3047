/**
 * Whole slots of the environment: filter, limit, auction, settlement, reward and observation.
 * A round is a day; agent-steps per second are its agents × slots ÷ its time.
 *
 * @module
 */

import { synthesize } from "../lib/data/synthetic.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { stream } from "../lib/random.ts";

const dataset = synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 1 });

for (const communities of [1, 16, 256]) {
  const env = new EnergyMarketEnv(dataset, undefined, communities);
  const random = stream(1, "environment bench");
  const actions = new Float64Array(env.rows * 3).map(() => 0.5 * random.normal());
  const firstSlots = Array.from({ length: communities }, () => 24 * random.below(365));
  const agentSteps = (env.rows * env.slotsPerEpisode).toLocaleString("en");
  let seed = 0;
  Deno.bench(`environment: ${communities} × 10 prosumers, ${agentSteps} agent-steps`, () => {
    env.reset({ seed: seed++, firstSlots });
    for (let slot = 0; slot < env.slotsPerEpisode; slot++) env.step(actions);
  });
}
