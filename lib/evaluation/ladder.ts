/**
 * Policies on one ladder, from doing nothing to perfect foresight: each with how sure its place is.
 *
 * A policy that is trained has a run per seed, any other has one; all runs are on the same days with
 * the same forecasts. The statistics are those of `docs/kpis.md`.
 *
 * @module
 */

import type { Bound } from "./bound.ts";
import {
  capturedDifference,
  capturedInterval,
  capturedIqm,
  type ReferenceCosts,
} from "./captured_share.ts";
import type { Evaluation } from "./evaluate.ts";
import { episodeCosts, type Kpis } from "./kpis.ts";
import {
  type BootstrapOptions,
  differ,
  type Interval,
  mean,
  probabilityOfImprovement,
  type Scores,
} from "./statistics.ts";

/** What the run of a training seed is called in results. */
export function seedName(policy: string, seed: number): string {
  return `${policy}-seed${seed}`;
}

/** The policy that a run belongs to, whatever its seed. */
export function policyOfRun(name: string): string {
  return name.replace(/-seed-?\d+$/, "");
}

/** A policy with a run per training seed. */
export interface PolicyRuns {
  /** The policy. */
  readonly policy: string;
  /** Its indicators, one per seed. */
  readonly kpis: readonly Kpis[];
  /** The community's cost: a row per seed, a column per episode. [currency] */
  readonly costs: Scores;
}

/** A policy's place, a row of `ladder.csv`; `null` where nothing could be saved. */
export interface LadderRow {
  /** The policy. */
  readonly policy: string;
  /** Training seeds; 1 for a policy that is not trained. */
  readonly seeds: number;
  /** Days that it was judged on. */
  readonly days: number;
  /** Mean cost over seeds. [currency/d] */
  readonly costPerDay: number;
  /** Share of the possible saving, mean over seeds. */
  readonly captured: number | null;
  /** Lower end of its 95 % interval. */
  readonly capturedLow: number | null;
  /** Upper end. */
  readonly capturedHigh: number | null;
  /** Interquartile mean of the captured share of single days. */
  readonly capturedIqm: number | null;
  /** Lower end of its 95 % interval. */
  readonly capturedIqmLow: number | null;
  /** Upper end. */
  readonly capturedIqmHigh: number | null;
  /** Cost − cost of the optimum, mean over seeds. [currency/d] */
  readonly welfareLostPerDay: number | null;
  /** Share of the slots with trade whose price lies strictly inside, mean over seeds. */
  readonly insideFraction: number | null;
  /** Correlation of prices with the competitive one, mean over seeds. */
  readonly competitiveCorrelation: number | null;
  /** Distance from the competitive price over all slots, mean over seeds. [currency/kWh] */
  readonly competitiveDistancePerKwh: number | null;
  /** Share of discharged energy that went from store to store, mean over seeds. */
  readonly churnFraction: number | null;
  /**
   * Highest import of the community, mean over episodes and seeds; `null` in a file that does not say.
   * [kW]
   */
  readonly meanPeakKw: number | null;
  /** Prosumers that lose against `grid-only`, in the worst seed. */
  readonly prosumersWorseOff: number;
  /** The largest change of a prosumer's cost in any seed; a loss is positive. [currency/d] */
  readonly worstProsumerCostChangePerDay: number;
  /** Violations that the audit found, over all seeds. */
  readonly residualViolations: number;
  /** Time to decide for the community once, mean over seeds; not reproducible. [µs] */
  readonly microsecondsPerDecision: number;
}

/** One policy against another on the same days. */
export interface Comparison {
  /** The policy. */
  readonly policy: string;
  /** What it is compared with. */
  readonly other: string;
  /** Captured share − captured share of the other. */
  readonly difference: Interval;
  /** Whether their intervals do not overlap: only then are the two called different. */
  readonly different: boolean;
  /** Probability that it costs less on a random day with random seeds. */
  readonly probabilityOfImprovement: Interval;
}

/** Every policy's place, and how learned agents stand to their best rival. */
export interface Ladder {
  /** In the order of the evaluation. */
  readonly rows: readonly LadderRow[];
  /**
   * `learned` against the policy without foresight and training that costs least; `null` unless both
   * are there and something could be saved.
   */
  readonly comparison: Comparison | null;
}

/** What learned agents are called. */
const LEARNED = "learned";

/** Policies that training makes, and the one that it begins with: nobody's rivals. */
export const TRAINED: readonly string[] = ["untrained", "imitation", LEARNED];

/** Puts an evaluation's policies on a ladder. */
export function ladderOf(
  evaluation: Evaluation,
  bound: Bound,
  options: BootstrapOptions = {},
): Ladder {
  const reference = { alone: episodeCosts(evaluation.reference), optimum: Array.from(bound.cost) };
  const runs = policyRuns(evaluation);
  const rows = runs.map((run) => ladderRow(run, reference, options));
  const learned = runs.find(({ policy }) => policy === LEARNED);
  const best = bestRival(rows);
  const rival = runs.find(({ policy }) => policy === best?.policy);
  return {
    rows,
    comparison: learned === undefined || rival === undefined
      ? null
      : compare(learned, rival, reference, options),
  };
}

/** What costs least of all that needs neither training nor foresight. */
export function bestRival(rows: readonly LadderRow[]): LadderRow | undefined {
  return rows
    .filter(({ policy }) => !TRAINED.includes(policy) && !policy.startsWith("optimum"))
    .toSorted((a, b) => a.costPerDay - b.costPerDay)[0];
}

/** The policies of an evaluation, runs of different seeds together, in the order of the runs. */
export function policyRuns({ records, summary }: Evaluation): PolicyRuns[] {
  const runs = records.map((each, k) => ({ costs: episodeCosts(each), kpis: summary[k] }));
  const byPolicy = Map.groupBy(runs, ({ kpis }) => policyOfRun(kpis.policy));
  return [...byPolicy].map(([policy, own]) => ({
    policy,
    kpis: own.map(({ kpis }) => kpis),
    costs: own.map(({ costs }) => costs),
  }));
}

/** The place of one policy. */
export function ladderRow(
  { policy, kpis, costs }: PolicyRuns,
  reference: ReferenceCosts,
  options: BootstrapOptions = {},
): LadderRow {
  const over = (value: (row: Kpis) => number | null) => {
    const values = kpis.map(value).filter((each) => each !== null);
    return values.length === 0 ? null : mean(values);
  };
  const captured = capturedInterval(costs, reference, options);
  const iqm = capturedIqm(costs, reference, options);
  return {
    policy,
    seeds: costs.length,
    days: kpis[0].days,
    costPerDay: mean(kpis.map((row) => row.costPerDay)),
    captured: captured?.estimate ?? null,
    capturedLow: captured?.low ?? null,
    capturedHigh: captured?.high ?? null,
    capturedIqm: iqm?.estimate ?? null,
    capturedIqmLow: iqm?.low ?? null,
    capturedIqmHigh: iqm?.high ?? null,
    welfareLostPerDay: over((row) => row.welfareLostPerDay),
    insideFraction: over((row) => row.insideFraction),
    competitiveCorrelation: over((row) => row.competitiveCorrelation),
    competitiveDistancePerKwh: over((row) => row.competitiveDistancePerKwh),
    churnFraction: over((row) => row.churnFraction),
    meanPeakKw: mean(kpis.map((row) => row.meanPeakKw)),
    prosumersWorseOff: Math.max(...kpis.map((row) => row.prosumersWorseOff)),
    worstProsumerCostChangePerDay: Math.max(
      ...kpis.map((row) => row.worstProsumerCostChangePerDay),
    ),
    residualViolations: kpis.reduce((sum, row) => sum + row.residualViolations, 0),
    microsecondsPerDecision: mean(kpis.map((row) => row.microsecondsPerDecision)),
  };
}

/** Two policies, day by day; `null` where nothing could be saved. */
export function compare(
  run: PolicyRuns,
  other: PolicyRuns,
  reference: ReferenceCosts,
  options: BootstrapOptions = {},
): Comparison | null {
  const difference = capturedDifference(run.costs, other.costs, reference, options);
  if (difference === null) return null;
  const captured = ({ costs }: PolicyRuns) => capturedInterval(costs, reference, options)!;
  const savings = ({ costs }: PolicyRuns) => costs.map((row) => row.map((cost) => -cost));
  return {
    policy: run.policy,
    other: other.policy,
    difference,
    different: differ(captured(run), captured(other)),
    probabilityOfImprovement: probabilityOfImprovement(savings(run), savings(other), options),
  };
}
