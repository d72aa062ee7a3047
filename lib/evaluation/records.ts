/**
 * Plays episodes with a policy and keeps the books of every slot.
 *
 * @module
 */

import { columnsOf, type Ledger, ledgerColumns } from "../env/columns.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Dataset } from "../data/profiles.ts";
import type { Policy } from "../policies/policy.ts";
import { quantile } from "./statistics.ts";

/** Names of the books' columns with a scope. */
export type NamesOf<Scope extends string> = {
  [Name in keyof typeof ledgerColumns]: (typeof ledgerColumns)[Name]["scope"] extends Scope ? Name
    : never;
}[keyof typeof ledgerColumns];

/** Columns of the books of several episodes, slot by slot. */
export type RecordedColumns<Scope extends string> = Readonly<
  Record<NamesOf<Scope>, Float64Array>
>;

/** The books of several episodes under one policy; columns are those of {@linkcode ledgerColumns}. */
export interface Records {
  /** The policy that acted. */
  readonly policy: string;
  /** The rules that it played by. */
  readonly rules: EnvironmentConfig;
  /** First slot of each episode in the data set. `[episodes]` */
  readonly firstSlots: readonly number[];
  /** Slots of an episode. */
  readonly slotsPerEpisode: number;
  /** Homes. */
  readonly homes: number;
  /** Stores of all homes. */
  readonly stores: number;
  /** What each home did. `[episodes × slots × homes]` */
  readonly home: RecordedColumns<"home">;
  /** What each store did. `[episodes × slots × stores]` */
  readonly store: RecordedColumns<"store">;
  /** What the community did. `[episodes × slots]` */
  readonly community: RecordedColumns<"community">;
  /**
   * Time that the policy took to decide for one community once: the median over slots, so that
   * warming up does not count, and an equal share of what it planned before the first. The one
   * figure that is not reproducible. [µs]
   */
  readonly microsecondsPerDecision: number;
}

/** What a policy that others are compared with cost: all that is kept of it over long times. */
export interface CostRecords extends Pick<Records, "homes" | "firstSlots" | "slotsPerEpisode"> {
  /** What each home paid. `[episodes × slots × homes]` */
  readonly home: Pick<RecordedColumns<"home">, "cost" | "bill" | "feeRefund">;
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

/** The rules that a policy plays by: those of `config`, in the market that it asks for. */
export function rulesOf({ mechanism }: Policy, config: EnvironmentConfig): EnvironmentConfig {
  return mechanism === undefined ? config : { ...config, market: { ...config.market, mechanism } };
}

/** Plays every episode once, all side by side. */
export async function play(options: PlayOptions, policy: Policy): Promise<Records> {
  const env = environmentOf(options, policy);
  const records = createRecords(policy.name, options.firstSlots, env);
  const enterSlot = (info: Ledger, step: number) => recordSlot(records, info, step);
  return { ...records, microsecondsPerDecision: await playInto(env, enterSlot, options, policy) };
}

/** Plays every episode once, and keeps what it cost. */
export async function playCosts(options: PlayOptions, policy: Policy): Promise<CostRecords> {
  const env = environmentOf(options, policy);
  const { firstSlots } = options, { homes, slotsPerEpisode } = env;
  const column = () => new Float64Array(firstSlots.length * slotsPerEpisode * homes);
  const home = { cost: column(), bill: column(), feeRefund: column() };
  const records = { homes, firstSlots, slotsPerEpisode, home };
  await playInto(env, (info, step) => enter(records, home, homes, info, step), options, policy);
  return records;
}

function environmentOf(
  { dataset, config, firstSlots }: PlayOptions,
  policy: Policy,
): EnergyMarketEnv {
  return new EnergyMarketEnv(dataset, rulesOf(policy, config), firstSlots.length, policy);
}

/** Plays every episode, entering every slot into books; returns the time per decision. [µs] */
async function playInto(
  env: EnergyMarketEnv,
  enterSlot: (info: Ledger, step: number) => void,
  { firstSlots, seed, afterSlot }: PlayOptions,
  policy: Policy,
): Promise<number> {
  const { slotsPerEpisode } = env;
  env.reset({ seed, firstSlots });
  let began = performance.now();
  const act = await policy.begin(env);
  const planningMs = performance.now() - began;
  const decidingMs = new Float64Array(slotsPerEpisode);
  for (let step = 0; step < slotsPerEpisode; step++) {
    began = performance.now();
    await act(env.observation, env.decision);
    decidingMs[step] = performance.now() - began;
    enterSlot(env.step().info, step);
    await afterSlot?.();
  }
  return 1000 * (planningMs / slotsPerEpisode + quantile(decidingMs.sort(), 0.5)) /
    env.communities;
}

/** Empty books of `firstSlots.length` episodes. */
export function createRecords(
  policy: string,
  firstSlots: readonly number[],
  { slotsPerEpisode, homes, world }: Pick<EnergyMarketEnv, "slotsPerEpisode" | "homes" | "world">,
): Records {
  const slots = firstSlots.length * slotsPerEpisode;
  const stores = world.stores.length;
  const columns = <Scope extends "home" | "store" | "community">(scope: Scope, each: number) =>
    Object.fromEntries(
      columnsOf(ledgerColumns, scope).map((name) => [
        name,
        new Float64Array(slots * each),
      ]),
    ) as RecordedColumns<Scope>;
  return {
    policy,
    rules: world.config,
    firstSlots,
    slotsPerEpisode,
    homes,
    stores,
    home: columns("home", homes),
    store: columns("store", stores),
    community: columns("community", 1),
    microsecondsPerDecision: NaN,
  };
}

/** Enters slot `step` of every episode into the books. */
export function recordSlot(records: Records, info: Ledger, step: number): void {
  enter(records, records.home, records.homes, info, step);
  enter(records, records.store, records.stores, info, step);
  enter(records, records.community, 1, info, step);
}

function enter(
  { firstSlots, slotsPerEpisode }: Pick<Records, "firstSlots" | "slotsPerEpisode">,
  columns: Readonly<Record<string, Float64Array>>,
  each: number,
  info: Ledger,
  step: number,
): void {
  for (const [name, column] of Object.entries(columns)) {
    const values = info[name as keyof Ledger];
    for (let c = 0; c < firstSlots.length; c++) {
      const from = c * each, to = (c * slotsPerEpisode + step) * each;
      // Only what differs is written: pages of zeros that nobody touched take no memory.
      for (let k = 0; k < each; k++) {
        if (!Object.is(column[to + k], values[from + k])) column[to + k] = values[from + k];
      }
    }
  }
}
