/**
 * Plays the same decisions under several rules of sharing at once. Rules that lead to the same
 * dispatch differ in nothing but bills, and a policy has to decide only once for all of them.
 *
 * @module
 */

import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Policy } from "../policies/policy.ts";
import { createRecords, type PlayOptions, type Records, recordSlot } from "./records.ts";

/**
 * Rules under which a policy's decisions lead to the same dispatch: where there is one price for all,
 * and where stores act on the grid's prices alone. The first of each is what the policy decides by.
 */
export const RULES_OF_ONE_DISPATCH = {
  market: ["uniform-price", "pay-as-bid"],
  alone: ["grid-only", "mid-market-rate", "sharing-static", "sharing-dynamic"],
} as const;

/**
 * The books of a policy under each of several mechanisms, in their order.
 *
 * @param mechanisms Of one dispatch; the policy sees the first.
 * @throws {Error} If the dispatch is not the same under all of them.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { dynamicProgrammingPolicy } from "../policies/dynamic_programming.ts";
 * import { playRules, RULES_OF_ONE_DISPATCH } from "./play_rules.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 4, days: 2, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 2 });
 * const policy = dynamicProgrammingPolicy({ alone: true });
 * const played = { dataset, config, firstSlots: [0], seed: 7 };
 * const [alone, shared] = await playRules(played, policy, RULES_OF_ONE_DISPATCH.alone);
 * const all = (bills: Float64Array) => bills.reduce((sum, bill) => sum + bill, 0);
 * if (all(shared.home.bill) > all(alone.home.bill)) throw new Error("sharing costs nobody anything");
 * ```
 */
export async function playRules(
  { dataset, config, firstSlots, seed, afterSlot }: PlayOptions,
  policy: Policy,
  mechanisms: readonly string[],
): Promise<Records[]> {
  const envs = mechanisms.map((mechanism, k) =>
    new EnergyMarketEnv(
      dataset,
      { ...config, market: { ...config.market, mechanism } },
      firstSlots.length,
      { observes: k === 0 && policy.observes !== false },
    )
  );
  const books = envs.map((env) => createRecords(policy.name, firstSlots, env));
  for (const env of envs) env.reset({ seed, firstSlots });
  const [first, ...others] = envs;
  const act = await policy.begin(first);
  for (let step = 0; step < first.slotsPerEpisode; step++) {
    await act(first.observation, first.decision);
    for (const { decision } of others) {
      const { curves } = first.decision;
      decision.numbers.set(first.decision.numbers);
      decision.curves.stepCount.set(curves.stepCount);
      decision.curves.stepFromKwh.set(curves.stepFromKwh);
      decision.curves.stepValuePerKwh.set(curves.stepValuePerKwh);
    }
    envs.forEach((env, k) => recordSlot(books[k], env.step().info, step));
    requireOneDispatch(envs, mechanisms);
    await afterSlot?.();
  }
  return books;
}

function requireOneDispatch(envs: readonly EnergyMarketEnv[], mechanisms: readonly string[]): void {
  const [first, ...others] = envs.map(({ world }) => world.ledger.powerKw);
  others.forEach((powerKw, k) => {
    for (let s = 0; s < first.length; s++) {
      if (powerKw[s] === first[s]) continue;
      throw new Error(
        `${mechanisms[k + 1]} must dispatch as ${mechanisms[0]} does to be played beside it, got ` +
          `${powerKw[s]} and ${first[s]} kW`,
      );
    }
  });
}
