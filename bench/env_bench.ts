/**
 * Agent-steps of the environment, everything included: filter, community limit, auction, settlement,
 * batteries, reward and observation. One iteration is a day of ten prosumers in B communities, so
 * that agent-steps per second are 240 × B ÷ the time of an iteration.
 *
 * @module
 */

import { synthesize } from "../lib/data/synthetic.ts";
import { defaultEnvironmentConfig } from "../lib/env/config.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { stream } from "../lib/random.ts";

const PROSUMERS = 10;
const DAYS = 64;
const dataset = synthesize({ seed: 1, prosumers: PROSUMERS, days: DAYS, dtHours: 1 });

for (const communities of [1, 16, 256]) {
  const env = new EnergyMarketEnv(dataset, defaultEnvironmentConfig, communities);
  const firstSlots = Array.from({ length: communities }, (_, c) => (c % DAYS) * 24);
  // A policy's actions of a whole day, different for every agent and hour.
  const random = stream(1, "env bench");
  const actions = Array.from(
    { length: env.slotsPerEpisode },
    () => Float64Array.from({ length: env.rows * 3 }, () => 2 * random.uniform() - 1),
  );
  let seed = 0;
  Deno.bench(`env: ${communities * PROSUMERS * env.slotsPerEpisode} agent-steps`, {
    group: "env",
    baseline: communities === 1,
  }, () => {
    env.reset({ seed: seed++, firstSlots });
    for (const action of actions) env.step(action);
  });
}
