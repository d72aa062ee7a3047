/**
 * An episode: one policy on one day, played slot by slot, with the books of what it has done. Several
 * of them on the same day with the same seed see the same forecasts.
 *
 * @module
 */

import { type ClearedOrders, ordersOf } from "../market/book_orders.ts";
import type { MarketBook } from "../market/market_book.ts";
import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { continueOn } from "../env/continue_on.ts";
import { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { createRecords, type Records, recordSlot, rulesOf } from "../evaluation/records.ts";
import type { Act, Policy } from "../policies/policy.ts";

/** One policy on one day. */
export interface Episode {
  /** Who plays. */
  readonly policy: Policy;
  /** What it does, since it last began. */
  act: Act;
  /** The engine on the data as they were at the start of the day. */
  readonly start: EnergyMarketEnv;
  /** The engine that plays: {@linkcode Episode.start}, or another one after an intervention. */
  env: EnergyMarketEnv;
  /** The books, complete up to the slots that are done. */
  records: Records;
  /** Copies of the book of every slot that is done; `null` where orders are inelastic. */
  books: (MarketBook | null)[];
}

/** A day to play. */
export interface EpisodeOptions {
  /** Community and profiles. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** First slot of the day. */
  readonly firstSlot: number;
  /** Seed of the forecasts. */
  readonly seed: number;
}

/**
 * Makes an episode ready for its first slot.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { rulePolicy } from "../policies/rule_based.ts";
 * import { beginEpisode, costOf, stepEpisode } from "./episode.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 1 });
 * const options = { dataset, config, firstSlot: 0, seed: 7 };
 * const episode = await beginEpisode(options, rulePolicy("trade-only"));
 * await stepEpisode(episode);
 * if (!(costOf(episode.records, 1) > 0)) throw new Error("the first hour of the night costs money");
 * ```
 */
export async function beginEpisode(options: EpisodeOptions, policy: Policy): Promise<Episode> {
  const env = new EnergyMarketEnv(options.dataset, rulesOf(policy, options.config));
  env.reset({ seed: options.seed, firstSlots: [options.firstSlot] });
  return {
    policy,
    act: await policy.begin(env),
    start: env,
    env,
    records: emptyRecords(policy, env, options.firstSlot),
    books: [],
  };
}

/** Puts an episode at the beginning of a day, on the data as they were before any intervention. */
export async function restartEpisode(
  episode: Episode,
  { firstSlot, seed }: Pick<EpisodeOptions, "firstSlot" | "seed">,
): Promise<void> {
  episode.env = episode.start;
  episode.env.reset({ seed, firstSlots: [firstSlot] });
  episode.records = emptyRecords(episode.policy, episode.env, firstSlot);
  episode.books = [];
  episode.act = await episode.policy.begin(episode.env);
}

/** Plays one slot. */
export async function stepEpisode(episode: Episode): Promise<void> {
  await decide(episode);
  carryOut(episode);
}

/** Lets the policy decide about the current slot; nothing has changed if it fails. */
export async function decide({ act, env }: Episode): Promise<void> {
  await act(env.observation, env.decision);
}

/** Plays the current slot as it was decided. */
export function carryOut(episode: Episode): void {
  const { env, records } = episode;
  const { book } = env;
  const { step } = env.state;
  // The step forgets which stores had curves.
  const stepCount = book?.stepCount.slice();
  recordSlot(records, env.step().info, step);
  episode.books.push(book && copyOf({ ...book, stepCount: stepCount! }));
}

/** The market of step `step` (from 0), which is done, as bids and asks; `null` where orders are inelastic. */
export function ordersAt({ env, books }: Episode, step: number): ClearedOrders | null {
  const { stores, dataset: { community: { prosumers } } } = env.world;
  const names = stores.map(({ owner, name }) => `${prosumers[owner].id}'s ${name}`);
  const book = books[step];
  return book && ordersOf(book, names, { homes: prosumers.map(({ id }) => id) });
}

/** A book is filled again for every slot; to make orders of it takes longer than to copy it. */
function copyOf(book: MarketBook): MarketBook {
  const columns = Object.entries(book).map(([name, value]) =>
    [name, ArrayBuffer.isView(value) ? (value as Float64Array).slice() : value] as const
  );
  return Object.fromEntries(columns) as unknown as MarketBook;
}

/** Goes on with changed data; a planner looks at them afresh. */
export async function changeEpisode(episode: Episode, dataset: Dataset): Promise<void> {
  episode.env = continueOn(episode.env, dataset);
  episode.act = await episode.policy.begin(episode.env);
}

/** What the first `steps` slots cost the community. [currency] */
export function costOf({ home: { cost }, homes }: Records, steps: number): number {
  let total = 0;
  for (let row = 0; row < steps * homes; row++) total += cost[row];
  return total;
}

function emptyRecords(policy: Policy, env: EnergyMarketEnv, firstSlot: number): Records {
  return createRecords(policy.name, [firstSlot], env);
}
