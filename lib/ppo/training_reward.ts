/**
 * What PPO is rewarded with in the place of the environment's reward, so that it learns faster. The
 * best policy of a community stays the best; evaluation never sees it.
 *
 * - *Baseline*: with `grid-only`, what the slot would cost without battery and trade is given back, so
 *   that the reward is what was saved. No action changes that cost, hence the gradient of the policy
 *   is the same in expectation and free of the noise of weather and load.
 *   Source: Mao et al., Variance Reduction for Reinforcement Learning in Input-Driven Environments,
 *   2019, theorem 1.
 * - *Mixing* keeps the sum of a community's rewards and moves each towards their mean.
 *
 * @module
 */

import type { EnergyMarketEnv, MarketStep } from "../env/energy_market_env.ts";
import type { TrainingConfig } from "./experiment.ts";

/** The knobs of the training reward. */
export type RewardConfig = Pick<TrainingConfig, "rewardScale" | "rewardMixing" | "rewardBaseline">;

/**
 * A reward of one's own: writes what each row is rewarded with for the slot that was just played.
 *
 * @param env The market after the slot, before the next episode begins.
 * @param step Its reward, which is −cost, and its books in `info`.
 * @param rewards Receives the rewards. `[rows]`
 */
export type RewardFunction = (
  env: EnergyMarketEnv,
  step: MarketStep,
  rewards: Float64Array,
) => void;

/** Writes the training reward of a slot that was just played into `rewards`. `[rows]` */
export function trainingReward(
  env: EnergyMarketEnv,
  { reward, info }: MarketStep,
  { rewardScale, rewardMixing, rewardBaseline }: RewardConfig,
  rewards: Float64Array,
): void {
  const { communities, homes } = env;
  for (let c = 0; c < communities; c++) {
    const first = c * homes;
    const slot = info.slot[c];
    let mean = 0;
    for (let row = first; row < first + homes; row++) {
      const baseline = rewardBaseline === "none"
        ? 0
        : gridOnlyCost(env, row - first, slot, info.loadKw[row] - info.pvKw[row]);
      rewards[row] = reward[row] + baseline;
      mean += rewards[row] / homes;
    }
    for (let row = first; row < first + homes; row++) {
      rewards[row] = rewardScale * ((1 - rewardMixing) * rewards[row] + rewardMixing * mean);
    }
  }
}

/** Cost of a net load that the grid alone serves, without limits. [currency] */
function gridOnlyCost(
  { dataset: { profiles }, config, world: { tariffs } }: EnergyMarketEnv,
  home: number,
  slot: number,
  netLoadKw: number,
): number {
  const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffs.classOf[home]];
  const price = netLoadKw > 0
    ? importPricePerKwh[slot] +
      config.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot]
    : feedInTariffPerKwh[slot];
  return netLoadKw * profiles.grid.dtHours * price;
}
