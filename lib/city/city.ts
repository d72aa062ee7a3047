/**
 * A city: one community of a hundred thousand prosumers and more under a rule-based policy, as fast
 * as the machine goes and without holding the profiles or the books.
 *
 * Physics, filter, auction and settlement are those of {@link ../env/energy_market_env.ts}; on a
 * community small enough for both, the two agree. All orders of a slot meet in one book. The number
 * of Workers changes no bit: prosumers are summed up in shards of a fixed size, shards in their order.
 * The episode is the whole data set; the connection of the city has no limit.
 *
 * @module
 */

import type { Composition } from "../data/composed.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { clearRows, createMarket } from "../env/market.ts";
import { near } from "../evaluation/tolerance.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import { startCityThreads } from "./city_threads.ts";
import { allocateCity, shardCount } from "./city_memory.ts";
import { type CityKpis, cityKpis, type CitySlots } from "./city_kpis.ts";

/** Which city to simulate, and how. */
export interface CityOptions {
  /** The prosumers and their profiles. */
  readonly composition: Composition;
  /** Rules of the game; the episode is the whole data set, whatever they say. */
  readonly config: EnvironmentConfig;
  /** Name of a rule-based policy. */
  readonly policy: string;
  /** Threads, this one included. */
  readonly workers: number;
  /** Told after every slot how many are done, and waited for; what it throws ends the simulation. */
  readonly onSlot?: (done: number) => void | Promise<void>;
}

/**
 * Simulates a city.
 *
 * @throws {RangeError} If the configuration needs what a city has not: a forecast of the current
 * slot, prices of peak or ramp, a limit of the connection; or if the policy is not rule-based.
 *
 * @example
 * ```ts
 * import { compose } from "../data/composed.ts";
 * import { synthesize } from "../data/synthetic.ts";
 * import { defaultEnvironmentConfig as config } from "../env/config.ts";
 * import { simulateCity } from "./city.ts";
 * const archetypes = synthesize({ seed: 1, prosumers: 10, days: 2, dtHours: 1 });
 * const composition = compose(archetypes, { seed: 1, prosumers: 500 });
 * const city = await simulateCity({ composition, config, policy: "self-consumption", workers: 1 });
 * if (city.violations > 0 || !(city.tradedKwhPerDay > 0)) throw new Error("a sound market");
 * ```
 */
export async function simulateCity(options: CityOptions): Promise<CityKpis> {
  const { composition, config, policy, workers, onSlot } = options;
  requireSupported(options);
  const { archetypes: { profiles: { grid } }, archetype } = composition;
  const prosumers = archetype.length;
  const members = Math.min(workers, shardCount(prosumers));
  const memory = allocateCity(prosumers, grid.slots, members - 1);
  const market = createMarket(prosumers);
  const slots: CitySlots = { volumeKwh: new Float64Array(grid.slots), violations: 0 };
  const threads = await startCityThreads({ composition, config, policy, memory, members });
  try {
    for (let slot = 0; slot < grid.slots; slot++) {
      threads.advance(slot);
      clearRows(market, memory.rows, 0, prosumers, config.market.priceWeight);
      memory.clearingPricePerKwh[slot] = market.book.clearingPrice;
      slots.volumeKwh[slot] = market.book.volumeKwh;
      if (!balances(memory.rows.tradedKwh, market.book.volumeKwh)) slots.violations++;
      await onSlot?.(slot + 1);
    }
    threads.advance(grid.slots);
  } finally {
    threads.close();
  }
  return cityKpis(composition, policy, memory, slots);
}

/** Whether what is bought equals what is sold, each of which is a part of `volumeKwh`. */
function balances(tradedKwh: Float64Array, volumeKwh: number): boolean {
  let bought = 0, sold = 0;
  for (let i = 0; i < tradedKwh.length; i++) {
    if (tradedKwh[i] > 0) bought += tradedKwh[i];
    else sold -= tradedKwh[i];
  }
  return near(bought, volumeKwh) && near(sold, volumeKwh);
}

function requireSupported({ composition, config, policy, workers }: CityOptions): void {
  const { gridImportLimitKw, gridExportLimitKw } = composition.archetypes.profiles;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers must be a whole number of at least 1, got ${workers}`);
  }
  rulePolicy(policy);
  if (config.forecast.currentSlot !== "measured") {
    throw new RangeError(
      `forecast.currentSlot must be "measured" in a city, got "${config.forecast.currentSlot}"`,
    );
  }
  for (const name of ["peakPricePerKw", "rampPricePerKw"] as const) {
    const price = config.cost[name];
    if (price !== 0) throw new RangeError(`cost.${name} must be 0 in a city, got ${price}`);
  }
  const limits = [...gridImportLimitKw, ...gridExportLimitKw].filter((limit) => limit !== Infinity);
  if (limits.length > 0) {
    throw new RangeError(
      `the connection of a city has no limit, got ${limits[0]} kW; use a data set without limits`,
    );
  }
}
