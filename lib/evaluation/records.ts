/**
 * Plays episodes with a policy and keeps the books of every slot.
 *
 * @module
 */

import { ACTION_SIZE } from "../env/action.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Ledger } from "../env/ledger.ts";
import type { Dataset } from "../data/profiles.ts";
import type { Policy } from "../policies/policy.ts";
import { quantile } from "./statistics.ts";

/** Columns of the books with a value per prosumer. */
export const recordedColumns = [
  "loadKw",
  "pvKw",
  "batteryKw",
  "curtailedKw",
  "unservedKw",
  "energyKwh",
  "netKwh",
  "orderKwh",
  "orderPricePerKwh",
  "tradedKwh",
  "gridKwh",
  "bill",
  "emissionsKg",
  "cost",
  "interventionKwh",
  "reasons",
] as const satisfies readonly (keyof Ledger)[];

/** The books of several episodes under one policy. */
export interface Records {
  /** The policy that acted. */
  readonly policy: string;
  /** First slot of each episode in the data set. `[episodes]` */
  readonly firstSlots: readonly number[];
  /** Slots of an episode. */
  readonly slotsPerEpisode: number;
  /** Households. */
  readonly prosumers: number;
  /** Columns of the books. `[episodes × slots × prosumers]`; see {@linkcode Ledger} */
  readonly columns: Readonly<Record<(typeof recordedColumns)[number], Float64Array>>;
  /** Clearing prices; NaN where nothing was traded. `[episodes × slots]` [currency/kWh] */
  readonly clearingPricePerKwh: Float64Array;
  /**
   * Time that the policy took to decide for one community once: the median over slots, so that
   * warming up does not count, and an equal share of what it planned before the first. The one
   * figure that is not reproducible. [µs]
   */
  readonly microsecondsPerDecision: number;
}

/** Which episodes to play. */
export interface PlayOptions {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** First slot of each episode. */
  readonly firstSlots: readonly number[];
  /** Seed of the forecasts: the same for all policies that are compared. */
  readonly seed: number;
  /** Waited for after every slot; what it throws ends the play. */
  readonly afterSlot?: () => Promise<void>;
}

/** Plays every episode once, all side by side. */
export async function play(
  { dataset, config, firstSlots, seed, afterSlot }: PlayOptions,
  policy: Policy,
): Promise<Records> {
  const env = new EnergyMarketEnv(dataset, config, firstSlots.length);
  const { slotsPerEpisode, prosumers } = env;
  const records = createRecords(policy.name, firstSlots, slotsPerEpisode, prosumers);
  const actions = new Float64Array(env.rows * ACTION_SIZE);
  let observation = env.reset({ seed, firstSlots });
  let began = performance.now();
  const act = await policy.begin(env);
  const planningMs = performance.now() - began;
  const decidingMs = new Float64Array(slotsPerEpisode);
  for (let step = 0; step < slotsPerEpisode; step++) {
    began = performance.now();
    await act(observation, actions);
    decidingMs[step] = performance.now() - began;
    const result = env.step(actions);
    observation = result.observation;
    recordSlot(records, result.info, step);
    await afterSlot?.();
  }
  return {
    ...records,
    microsecondsPerDecision: 1000 *
      (planningMs / slotsPerEpisode + quantile(decidingMs.sort(), 0.5)) / env.communities,
  };
}

/** Empty books of `firstSlots.length` episodes. */
export function createRecords(
  policy: string,
  firstSlots: readonly number[],
  slotsPerEpisode: number,
  prosumers: number,
): Records {
  const slots = firstSlots.length * slotsPerEpisode;
  const columns = Object.fromEntries(
    recordedColumns.map((name) => [name, new Float64Array(slots * prosumers)]),
  ) as Records["columns"];
  const clearingPricePerKwh = new Float64Array(slots);
  return {
    policy,
    firstSlots,
    slotsPerEpisode,
    prosumers,
    columns,
    clearingPricePerKwh,
    microsecondsPerDecision: NaN,
  };
}

/** Enters slot `step` of every episode into the books. */
export function recordSlot(
  { firstSlots, slotsPerEpisode, prosumers, columns, clearingPricePerKwh }: Records,
  info: Ledger,
  step: number,
): void {
  for (let c = 0; c < firstSlots.length; c++) {
    const at = c * slotsPerEpisode + step;
    clearingPricePerKwh[at] = info.clearingPricePerKwh[c];
    for (const name of recordedColumns) {
      const rows = info[name].subarray(c * prosumers, (c + 1) * prosumers);
      columns[name].set(rows, at * prosumers);
    }
  }
}
