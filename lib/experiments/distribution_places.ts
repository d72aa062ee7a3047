/**
 * Policies' places among the communities of the distribution W, in each of which the captured share is
 * one number, whatever its size.
 *
 * @module
 */

import { policyOfRun, TRAINED } from "../evaluation/ladder.ts";
import { crossedBootstrap, type Interval, mean, type Scores } from "../evaluation/statistics.ts";

/** What a run did in a community. */
export interface CommunityRow {
  /** Which of them. */
  readonly community: number;
  /** Its homes. */
  readonly homes: number;
  /** Length of its slots. [h] */
  readonly slotHours: number;
  /** The run, with the seed of its training. */
  readonly policy: string;
  /** Captured share; `null` where nothing can be saved. */
  readonly captured: number | null;
  /** Homes that lose against `grid-only`. */
  readonly prosumersWorseOff: number;
  /** Violations that the audit found. */
  readonly residualViolations: number;
  /** Time to decide for the community once; not reproducible. [µs] */
  readonly microsecondsPerDecision: number;
}

/** A policy's place among the communities; `null` where there is no rival. */
export interface DistributionPlace {
  /** The policy. */
  readonly policy: string;
  /** Training seeds. */
  readonly seeds: number;
  /** Communities that it was judged in. */
  readonly communities: number;
  /** Captured share, mean over communities and seeds. */
  readonly captured: number;
  /** Lower end of its 95 % interval. */
  readonly capturedLow: number;
  /** Upper end. */
  readonly capturedHigh: number;
  /** Captured share in the worst community, mean over seeds. */
  readonly capturedWorst: number;
  /** Captured share ÷ that of the best rival. */
  readonly ofRival: number | null;
  /** Lower end of its 95 % interval. */
  readonly ofRivalLow: number | null;
  /** Upper end. */
  readonly ofRivalHigh: number | null;
  /** The same in the community where it is least. */
  readonly ofRivalWorst: number | null;
  /** Homes that lose against `grid-only`, in the worst seed, over all communities. */
  readonly prosumersWorseOff: number;
  /** Violations that the audit found. */
  readonly residualViolations: number;
  /** Median over communities of the time to decide for one once; not reproducible. [µs] */
  readonly microsecondsPerDecision: number;
}

/**
 * Places of all policies. Communities in which nothing can be saved count for nobody.
 *
 * @param rows What every run did in every community.
 */
export function placesOf(rows: readonly CommunityRow[]): DistributionPlace[] {
  const counting = rows.filter(({ captured }) => captured !== null);
  const runs = [...Map.groupBy(counting, ({ policy }) => policy)];
  const byPolicy = [...Map.groupBy(runs, ([run]) => policyOfRun(run))].map(([policy, own]) => ({
    policy,
    rows: own.map(([, each]) => each),
    scores: own.map(([, each]) => each.map(({ captured }) => captured!)),
  }));
  const average = (scores: Scores) => mean(scores.map((row) => mean(row)));
  const rival = byPolicy
    .filter(({ policy }) => !TRAINED.includes(policy) && !policy.startsWith("optimum"))
    .toSorted((a, b) => average(b.scores) - average(a.scores))[0];
  return byPolicy.map(({ policy, rows, scores }) => {
    const communities = scores[0].length;
    const captured = crossedBootstrap(
      [scores.length],
      communities,
      ([seeds], chosen) => meanOver(scores, seeds, chosen),
    );
    const perCommunity = scores[0].map((_, c) => mean(scores.map((row) => row[c])));
    const against: Interval | null = rival === undefined ? null : crossedBootstrap(
      [scores.length],
      communities,
      ([seeds], chosen) =>
        meanOver(scores, seeds, chosen) / meanOver(rival.scores, Int32Array.of(0), chosen),
    );
    return {
      policy,
      seeds: scores.length,
      communities,
      captured: captured.estimate,
      capturedLow: captured.low,
      capturedHigh: captured.high,
      capturedWorst: Math.min(...perCommunity),
      ofRival: against?.estimate ?? null,
      ofRivalLow: against?.low ?? null,
      ofRivalHigh: against?.high ?? null,
      ofRivalWorst: rival === undefined
        ? null
        : Math.min(...perCommunity.map((share, c) => share / rival.scores[0][c])),
      prosumersWorseOff: Math.max(
        ...rows.map((each) => each.reduce((sum, row) => sum + row.prosumersWorseOff, 0)),
      ),
      residualViolations: rows.flat().reduce((sum, row) => sum + row.residualViolations, 0),
      microsecondsPerDecision: median(rows.flat().map((row) => row.microsecondsPerDecision)),
    };
  });
}

function meanOver(scores: Scores, seeds: Int32Array, communities: Int32Array): number {
  let sum = 0;
  for (const seed of seeds) for (const c of communities) sum += scores[seed][c];
  return sum / (seeds.length * communities.length);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
