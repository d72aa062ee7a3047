/**
 * What homes gain by not saying what stored energy is worth to them: each home in turn multiplies its
 * values by a constant factor while all others say the truth. And how far prices and bills move if
 * everybody's values change a little.
 *
 * @module
 */

import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Policy } from "../policies/policy.ts";
import { storesOf } from "../stores/stores.ts";
import { prosumerCosts } from "./prosumer_bills.ts";
import { type CostRecords, play, type PlayOptions, type Records } from "./records.ts";

/** Factors that are tried, each way. */
export const MISREPORTS: readonly number[] = [0.7, 0.85, 0.95, 1.05, 1.15, 1.3];

/** By how much all values change when sensitivity is measured. */
const NUDGE = 1.002;

/** The best misreport of one home. */
export interface Misreport {
  /** Index of the home. */
  readonly home: number;
  /** The factor that gains most; 1 where none gains. */
  readonly factor: number;
  /** What it gains, ≥ 0. [currency] */
  readonly gain: number;
  /** Gain ÷ what the home saves against being alone on the grid; `null` where it saves nothing. */
  readonly gainOfSaving: number | null;
}

/** How far the outcome moves with everybody's values. */
export interface Sensitivity {
  /** Mean change of the price ÷ mean price. */
  readonly priceFraction: number;
  /** Largest change of a home's cost ÷ its saving; `null` where no home saves anything. */
  readonly largestOfSaving: number | null;
}

/** The same policy with the values of some stores multiplied by a factor. */
export function misreporting(
  policy: Policy,
  factor: number,
  lies: (home: number) => boolean,
): Policy {
  return {
    ...policy,
    begin(env: EnergyMarketEnv) {
      const { stores } = env.world;
      env.decision.valueFactor.forEach((_, k, factors) =>
        factors[k] = lies(stores[k % stores.length].owner) ? factor : 1
      );
      return policy.begin(env);
    },
  };
}

/**
 * The best constant misreport of every home that has a store.
 *
 * @param truthful Books of the policy on the same episodes.
 * @param reference What `grid-only` cost on the same episodes.
 */
export async function bestMisreports(
  options: PlayOptions,
  policy: Policy,
  truthful: Records,
  reference: CostRecords,
  factors: readonly number[] = MISREPORTS,
): Promise<Misreport[]> {
  const costs = prosumerCosts(truthful), alone = prosumerCosts(reference);
  const withStores = new Set(storesOf(options.dataset).map(({ owner }) => owner));
  const best: Misreport[] = [];
  for (const home of withStores) {
    let gain = 0, factor = 1;
    for (const tried of factors) {
      const lie = misreporting(policy, tried, (each) => each === home);
      const gained = costs[home] - prosumerCosts(await play(options, lie))[home];
      if (gained > gain) [gain, factor] = [gained, tried];
    }
    const saving = alone[home] - costs[home];
    best.push({ home, factor, gain, gainOfSaving: saving > 0 ? gain / saving : null });
  }
  return best;
}

/** How far prices and costs move if all values change by 0.2 %. */
export async function sensitivity(
  options: PlayOptions,
  policy: Policy,
  truthful: Records,
  reference: CostRecords,
): Promise<Sensitivity> {
  const nudged = await play(options, misreporting(policy, NUDGE, () => true));
  const prices = truthful.community.clearingPricePerKwh;
  let moved = 0, total = 0;
  prices.forEach((price, at) => {
    const now = nudged.community.clearingPricePerKwh[at];
    if (Number.isNaN(price) || Number.isNaN(now)) return;
    moved += Math.abs(now - price);
    total += Math.abs(price);
  });
  const [before, after, alone] = [truthful, nudged, reference].map(prosumerCosts);
  const changes = before.flatMap((cost, home) => {
    const saving = alone[home] - cost;
    return saving > 0 ? [Math.abs(after[home] - cost) / saving] : [];
  });
  return {
    priceFraction: total > 0 ? moved / total : 0,
    largestOfSaving: changes.length > 0 ? Math.max(...changes) : null,
  };
}
