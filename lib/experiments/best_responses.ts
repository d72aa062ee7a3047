/**
 * What each home of a community gains against all others, which stay truthful: by the best constant
 * misreport, and by a response that PPO trains for it.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { Split } from "../data/split.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { bestMisreports, misreporting } from "../evaluation/misreports.ts";
import { play, type PlayOptions, type Records } from "../evaluation/records.ts";
import { type Deviation, homeCost, responseGain } from "../evaluation/response_gains.ts";
import { rulePolicy } from "../policies/rule_based.ts";
import type { Actor } from "../ppo/actor.ts";
import { spread } from "./episodes.ts";
import {
  learningHomes,
  learnSelfishly,
  type SelfishOptions,
  withActors,
} from "./selfish_training.ts";
import { policyOf } from "./trained_model.ts";

/** What a home gains by a response; a row of `best_responses.csv`. */
export interface ResponseRow {
  /** The home. */
  readonly prosumer: string;
  /** How it deviates: by one factor on all its values, or as PPO trained it. */
  readonly response: "misreport" | "trained";
  /** The factor; `null` for what is trained. */
  readonly factor: number | null;
  /** Trainings. */
  readonly seeds: number;
  /** What the home saves against `grid-only` when it is truthful. [currency/d] */
  readonly savingPerDay: number;
  /** What it gains, mean over seeds and test weeks. [currency/d] */
  readonly gainPerDay: number;
  /** Lower end of the 95 % interval. [currency/d] */
  readonly gainPerDayLow: number;
  /** Upper end. [currency/d] */
  readonly gainPerDayHigh: number;
  /** Gain ÷ saving; `null` where the home saves nothing. */
  readonly gainOfSaving: number | null;
  /** Lower end. */
  readonly gainOfSavingLow: number | null;
  /** Upper end. */
  readonly gainOfSavingHigh: number | null;
}

/** Who responds, and on which weeks it is judged. */
export interface ResponseOptions {
  /** Homes and profiles. */
  readonly dataset: Dataset;
  /** Rules of the market. */
  readonly config: EnvironmentConfig;
  /** Its days. */
  readonly split: Split;
  /** The truthful policy. */
  readonly model: SelfishOptions["model"];
  /** Slots that each home plays in training. */
  readonly timesteps: number;
  /** Training seeds. */
  readonly seeds: readonly number[];
  /** Test weeks. */
  readonly played: PlayOptions;
  /** Told after each training. */
  readonly trained: () => void;
}

/** Training weeks that help the validation weeks to tell which response is best. */
const WEEKS_TO_CHOOSE_BY = 8;

/** The responses of all homes that have something to decide, home by home. */
export async function bestResponses(options: ResponseOptions): Promise<ResponseRow[]> {
  const { dataset: { community, profiles }, model, played, seeds } = options;
  const policy = policyOf(model, model.actor);
  const truthful = await play(played, policy);
  const alone = await play(played, rulePolicy("grid-only"));
  const deviation = { truthful, alone, dtHours: profiles.grid.dtHours };
  const trainings: ReadonlyMap<number, Actor>[] = [];
  for (const seed of seeds) {
    trainings.push(await train(options, seed));
    options.trained();
  }
  const misreports = await bestMisreports(played, policy, truthful, alone);
  const rows: ResponseRow[] = [];
  for (const home of learningHomes(options.dataset)) {
    const prosumer = community.prosumers[home].id;
    const { factor } = misreports.find((each) => each.home === home)!;
    const lie = await play(played, misreporting(policy, factor, (each) => each === home));
    const misreported = responseRow({ ...deviation, home, runs: [lie] });
    rows.push({ prosumer, response: "misreport", factor, seeds: 1, ...misreported });
    const runs: Records[] = [];
    for (const actors of trainings) {
      const actor = actors.get(home);
      runs.push(actor === undefined ? truthful : await playAs(played, model, home, actor));
    }
    const trained = responseRow({ ...deviation, home, runs });
    rows.push({ prosumer, response: "trained", factor: null, seeds: seeds.length, ...trained });
  }
  return rows;
}

/** The largest gain of one home as a share of its saving; `null` where none saves. */
export function largestGain(
  rows: readonly ResponseRow[],
  response: ResponseRow["response"],
): ResponseRow | null {
  const known = rows.filter((row) => row.response === response && row.gainOfSaving !== null);
  return known.toSorted((a, b) => b.gainOfSaving! - a.gainOfSaving!)[0] ?? null;
}

/** Responses of one seed; a home that finds nothing better than the truth has none. */
async function train(
  { dataset, config, split, model, timesteps, played }: ResponseOptions,
  seed: number,
): Promise<ReadonlyMap<number, Actor>> {
  const count = Math.min(WEEKS_TO_CHOOSE_BY, split.train.length);
  const firstSlots = [
    ...split.validation,
    ...spread(split.train, config, count * config.episodeDays),
  ];
  const choosing = { ...played, firstSlots };
  const policy = policyOf(model, model.actor);
  const truthful = await play(choosing, policy);
  const best = new Map<number, Actor>(), least = new Map<number, number>();
  const learning = { dataset, config, model, firstSlots: split.train, timesteps, seed };
  const { afterSlot: afterUpdate } = played;
  await learnSelfishly({ ...learning, together: false, afterUpdate }, async ({ actors }) => {
    for (const [home, actor] of actors) {
      const found = homeCost(await playAs(choosing, model, home, actor), home);
      if (found >= (least.get(home) ?? homeCost(truthful, home))) continue;
      least.set(home, found);
      best.set(home, actor);
    }
  });
  return best;
}

async function playAs(
  played: PlayOptions,
  model: SelfishOptions["model"],
  home: number,
  actor: Actor,
): Promise<Records> {
  return await play(played, withActors(model, new Map([[home, actor]]), `home ${home}`));
}

function responseRow(deviation: Deviation) {
  const { perDay, savingPerDay, ofSaving } = responseGain(deviation);
  return {
    savingPerDay,
    gainPerDay: perDay.estimate,
    gainPerDayLow: perDay.low,
    gainPerDayHigh: perDay.high,
    gainOfSaving: ofSaving?.estimate ?? null,
    gainOfSavingLow: ofSaving?.low ?? null,
    gainOfSavingHigh: ofSaving?.high ?? null,
  };
}
