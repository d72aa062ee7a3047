/**
 * Whether truth-telling survives: all homes of a community learn at once, each for itself and with
 * weights of its own, and what becomes of the price and of the community's cost is set beside the
 * market of truthful homes from which they began.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import type { PlayOptions } from "../evaluation/records.ts";
import { homeCost, type ResponseGain, responseGain } from "../evaluation/response_gains.ts";
import { mean } from "../evaluation/statistics.ts";
import type { Bound } from "../evaluation/bound.ts";
import type { Policy } from "../policies/policy.ts";
import { watchValues } from "../ppo/value_shift.ts";
import {
  learningHomes,
  learnSelfishly,
  type SelfishOptions,
  withActors,
} from "./selfish_training.ts";
import { policyOf } from "./trained_model.ts";

/** A market before or after homes have learned; a row of `selfish_markets.csv`. */
export interface MarketRow {
  /** The mechanism. */
  readonly mechanism: string;
  /** Homes of the community. */
  readonly prosumers: number;
  /** Homes that learn: those with a store. */
  readonly learners: number;
  /** Whether all say what energy is worth, or what they have learned to say. */
  readonly homesAre: "truthful" | "selfish";
  /** Trainings. */
  readonly seeds: number;
  /** What the community pays. [currency/d] */
  readonly costPerDay: number;
  /** Share of the possible saving. */
  readonly captured: number | null;
  /** Mean distance of the price from the competitive one. [currency/kWh] */
  readonly competitiveDistancePerKwh: number | null;
  /** Correlation with it. */
  readonly competitiveCorrelation: number | null;
  /** What homes say that energy is worth − what the truthful policy says there. [currency/kWh] */
  readonly valueShiftPerKwh: number;
  /** Mean absolute difference. [currency/kWh] */
  readonly valueDistancePerKwh: number;
  /** Homes that pay less than when all are truthful, mean over seeds. */
  readonly gainers: number;
  /** Homes that pay more than alone on the grid, in the worst seed. */
  readonly prosumersWorseOff: number;
  /** Highest import, mean over weeks. [kW] */
  readonly meanPeakKw: number;
  /** What the community pays more than when all are truthful. [currency/d] */
  readonly lossPerDay: number;
  /** Lower end of the 95 % interval. [currency/d] */
  readonly lossPerDayLow: number;
  /** Upper end. [currency/d] */
  readonly lossPerDayHigh: number;
  /** The same ÷ what truthful homes save together; `null` where that is nothing. */
  readonly lossOfSaving: number | null;
  /** Lower end. */
  readonly lossOfSavingLow: number | null;
  /** Upper end. */
  readonly lossOfSavingHigh: number | null;
}

/** A market in which homes learn. */
export interface SelfishMarketOptions {
  /** Homes and profiles. */
  readonly dataset: Dataset;
  /** Rules of the market. */
  readonly config: EnvironmentConfig;
  /** First slots of the training weeks. */
  readonly train: readonly number[];
  /** The truthful policy. */
  readonly model: SelfishOptions["model"];
  /** Slots that each home plays in training. */
  readonly timesteps: number;
  /** Training seeds. */
  readonly seeds: readonly number[];
  /** Test weeks. */
  readonly played: PlayOptions;
  /** Perfect foresight on them. */
  readonly bound: Bound;
  /** Told after each training. */
  readonly trained: () => void;
}

/** The market before and after. */
export async function selfishMarket(options: SelfishMarketOptions): Promise<MarketRow[]> {
  const { dataset, config, train, model, timesteps, seeds, played, bound } = options;
  const truth = policyOf(model, model.actor);
  const policies: Policy[] = [];
  for (const seed of seeds) {
    const learning = { dataset, config, model, firstSlots: train, timesteps, seed };
    await learnSelfishly(
      { ...learning, together: true, afterUpdate: played.afterSlot },
      ({ actors }) => {
        policies[seeds.indexOf(seed)] = withActors(model, actors, `selfish-seed${seed}`);
        return Promise.resolve();
      },
    );
    options.trained();
  }
  const watched = policies.map((policy) => watchValues(policy, truth));
  const { records: [truthful, ...selfish], summary: [before, ...after], reference: alone } =
    await evaluate(played, [truth, ...watched.map(({ policy }) => policy)], bound);
  const shifts = watched.map(({ shift }) => shift());
  const common = {
    mechanism: config.market.mechanism,
    prosumers: dataset.community.prosumers.length,
    learners: learningHomes(dataset).length,
  };
  const dtHours = dataset.profiles.grid.dtHours;
  const loss = responseGain({ runs: selfish, truthful, alone, dtHours });
  const none = { perDay: ZERO, savingPerDay: loss.savingPerDay, ofSaving: loss.ofSaving && ZERO };
  const gainers = selfish.map((records) =>
    dataset.community.prosumers.filter((_, home) =>
      homeCost(records, home) < homeCost(truthful, home) - 1e-9
    ).length
  );
  return [
    {
      ...common,
      homesAre: "truthful",
      ...indicators([before]),
      valueShiftPerKwh: 0,
      valueDistancePerKwh: 0,
      gainers: 0,
      ...losses(none),
    },
    {
      ...common,
      homesAre: "selfish",
      ...indicators(after),
      valueShiftPerKwh: mean(shifts.map(({ meanPerKwh }) => meanPerKwh)),
      valueDistancePerKwh: mean(shifts.map(({ absolutePerKwh }) => absolutePerKwh)),
      gainers: mean(gainers),
      ...losses(loss),
    },
  ];
}

const ZERO = { estimate: 0, low: 0, high: 0 };

function indicators(runs: readonly Kpis[]) {
  const over = (value: (row: Kpis) => number | null) => {
    const known = runs.map(value).filter((each) => each !== null);
    return known.length === 0 ? null : mean(known);
  };
  return {
    seeds: runs.length,
    costPerDay: mean(runs.map(({ costPerDay }) => costPerDay)),
    captured: over(({ captured }) => captured),
    competitiveDistancePerKwh: over((row) => row.competitiveDistancePerKwh),
    competitiveCorrelation: over((row) => row.competitiveCorrelation),
    prosumersWorseOff: Math.max(...runs.map((row) => row.prosumersWorseOff)),
    meanPeakKw: mean(runs.map(({ meanPeakKw }) => meanPeakKw)),
  };
}

/** A loss is a gain with the other sign. */
function losses({ perDay, ofSaving }: ResponseGain) {
  const loss = (gain: number | undefined) => gain === undefined ? null : 0 - gain;
  return {
    lossPerDay: 0 - perDay.estimate,
    lossPerDayLow: 0 - perDay.high,
    lossPerDayHigh: 0 - perDay.low,
    lossOfSaving: loss(ofSaving?.estimate),
    lossOfSavingLow: loss(ofSaving?.high),
    lossOfSavingHigh: loss(ofSaving?.low),
  };
}
