/**
 * Playing an episode with whatever actions come, slot by slot.
 *
 * @module
 */

import { EnergyMarketEnv, type MarketStep } from "../../lib/env/energy_market_env.ts";
import { stream } from "../../lib/random.ts";
import { wildActions, type World } from "./worlds.ts";

/** The environment of a world, one community at the start of its day. */
export function begin({ dataset, config, seed }: World): EnergyMarketEnv {
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed, firstSlots: [0] });
  return env;
}

/** Plays the rest of the episode with wild actions and shows every slot. */
export function playWildly(
  env: EnergyMarketEnv,
  seed: number,
  see: (step: MarketStep, slot: number) => void,
): void {
  const random = stream(seed, "actions");
  const actions = new Float64Array(env.decision.numbers.length);
  while (env.state.step < env.slotsPerEpisode) {
    const slot = env.state.step;
    see(env.step(wildActions(random, actions)), slot);
  }
}

/** Plays the rest of the episode with the same numbers for all and returns every row's cost. */
export function playAlike(env: EnergyMarketEnv, action: readonly number[]) {
  const cost = new Float64Array(env.rows);
  const actions = env.decision.numbers.map((_, k) => action[k % action.length]);
  while (env.state.step < env.slotsPerEpisode) {
    env.step(actions).reward.forEach((reward, row) => cost[row] -= reward);
  }
  return cost;
}
