/**
 * A city: communities by the thousand under a rule-based policy, each composed from a few households
 * and played by itself in the environment, over the whole data set.
 *
 * Communities are shared out to Workers as they come free and summed up in their order, so that the
 * number of Workers changes no bit. Nothing is held of them but sums.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import { moduleBeside } from "../module_beside.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import { HOURS_PER_DAY } from "../units.ts";
import {
  addSums,
  type CitySums,
  type PartOfCity,
  perDay,
  playCommunity,
} from "./city_community.ts";

/** Which city to simulate, and how. */
export interface CityOptions {
  /** Households that communities are composed from, tariffs and carbon intensity. */
  readonly archetypes: Dataset;
  /** Households of the city. */
  readonly prosumers: number;
  /** Households of each community; the last may have fewer. */
  readonly prosumersEach: number;
  /** Rules of the game; the episode is the whole data set, whatever they say. */
  readonly config: EnvironmentConfig;
  /** Name of a rule-based policy. */
  readonly policy: string;
  /** Decides how communities are composed. */
  readonly seed: number;
  /** Threads. */
  readonly workers: number;
  /** Told after every community how many are done; what it throws ends the simulation. */
  readonly onCommunity?: (done: number) => void | Promise<void>;
}

/** Indicators that a city has in common with a community. */
export type CommonKpi =
  | "costPerDay"
  | "billPerDay"
  | "contractualEmissionsKgPerDay"
  | "physicalEmissionsKgPerDay"
  | "importKwhPerDay"
  | "exportKwhPerDay"
  | "tradedKwhPerDay"
  | "curtailedKwhPerDay"
  | "unservedKwhPerDay"
  | "selfSufficiency"
  | "highestPeakKw"
  | "meanClearingPricePerKwh";

/** Indicators of a city under one policy: sums over all communities, or of the city as a whole. */
export interface CityKpis extends Pick<Kpis, CommonKpi> {
  /** The policy. */
  readonly policy: string;
  /** Households. */
  readonly prosumers: number;
  /** Communities. */
  readonly communities: number;
  /** Days simulated. */
  readonly days: number;
  /** Energy discharged by all stores. [kWh/d] */
  readonly dischargedKwhPerDay: number;
  /** Slots of communities whose books do not balance; 0 in a sound run. */
  readonly violations: number;
}

/**
 * Simulates a city.
 *
 * @throws {RangeError} If a count is not a whole number of at least 1, or the policy not rule-based.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { defaultEnvironmentConfig as config } from "../env/config.ts";
 * import { simulateCity } from "./city.ts";
 * const city = await simulateCity({
 *   archetypes: synthesize({ seed: 1, prosumers: 10, days: 7, dtHours: 1 }),
 *   prosumers: 50,
 *   prosumersEach: 20,
 *   config,
 *   policy: "self-consumption",
 *   seed: 1,
 *   workers: 1,
 * });
 * if (city.violations > 0 || city.communities !== 3) throw new Error("20 + 20 + 10 homes");
 * ```
 */
export async function simulateCity(options: CityOptions): Promise<CityKpis> {
  const { prosumers, prosumersEach, workers, policy, archetypes, onCommunity } = options;
  for (const [name, count] of Object.entries({ prosumers, prosumersEach, workers })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new RangeError(`${name} must be a whole number of at least 1, got ${count}`);
  }
  rulePolicy(policy);
  const communities = Math.ceil(prosumers / prosumersEach);
  const { onCommunity: _, ...city } = options;
  const sums = new Array<CitySums>(communities);
  let next = 0, done = 0;
  const finish = async (community: number, sum: CitySums) => {
    sums[community] = sum;
    await onCommunity?.(++done);
  };
  if (workers === 1) {
    while (next < communities) {
      const community = next++;
      await finish(community, await playCommunity({ city, community }));
    }
  } else {
    const threads = Array.from(
      { length: Math.min(workers, communities) },
      () => new Worker(moduleBeside("./city_worker.ts", import.meta.url), { type: "module" }),
    );
    try {
      await Promise.all(threads.map(async (thread) => {
        while (next < communities) {
          const community = next++;
          await finish(community, await askFor(thread, { city, community }));
        }
      }));
    } finally {
      for (const thread of threads) thread.terminate();
    }
  }
  return kpisOf(policy, prosumers, archetypes, sums);
}

function askFor(thread: Worker, part: PartOfCity): Promise<CitySums> {
  const { promise, resolve, reject } = Promise.withResolvers<CitySums>();
  thread.onmessage = ({ data }: MessageEvent<CitySums>) => resolve(data);
  thread.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`community ${part.community} of the city failed: ${event.message}`));
  };
  thread.postMessage(part);
  return promise;
}

function kpisOf(
  policy: string,
  prosumers: number,
  { profiles: { grid } }: Dataset,
  parts: readonly CitySums[],
): CityKpis {
  const total = addSums(parts);
  const days = (grid.slots * grid.dtHours) / HOURS_PER_DAY;
  const servedKwh = total.loadKwh - total.unservedKwh;
  return {
    policy,
    prosumers,
    communities: parts.length,
    days,
    ...perDay(total, days),
    selfSufficiency: servedKwh > 0 ? 1 - total.importKwh / servedKwh : null,
    highestPeakKw: total.gridKwh.reduce((a, b) => Math.max(a, b), 0) / grid.dtHours,
    meanClearingPricePerKwh: total.tradedKwh > 0 ? total.turnover / total.tradedKwh : null,
    violations: total.violations,
  };
}
