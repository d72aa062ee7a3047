/**
 * Whether the learned agents reach what a set-up asks of them, row by row.
 *
 * @module
 */

import type { Exploitability } from "../evaluation/exploitability.ts";
import { bestRival, type Comparison, type LadderRow } from "../evaluation/ladder.ts";
import type { Targets } from "./setups.ts";

/** A row of the check. */
export interface TargetRow {
  /** What is asked for. */
  readonly what: string;
  /** The bar, in words. */
  readonly target: string;
  /** What was measured, in words. */
  readonly measured: string;
  /** Whether the bar is reached. */
  readonly met: boolean;
}

/** What the learned agents are judged by. */
export interface Measured {
  /** All places on the ladder; the learned agents and their best rival are among them. */
  readonly rows: readonly LadderRow[];
  /** Learned against the best rival on the same days. */
  readonly comparison: Comparison;
  /** What changed values and misreports come to. */
  readonly exploitability: Exploitability;
}

/** Holds the learned agents against the targets. What could not be measured is not reached. */
export function checkTargets(
  { rows, comparison, exploitability }: Measured,
  targets: Targets,
): TargetRow[] {
  const learned = rows.find(({ policy }) => policy === comparison.policy)!;
  const rival = bestRival(rows)!;
  const { estimate, low, high } = comparison.difference;
  const timeShare = learned.microsecondsPerDecision / rival.microsecondsPerDecision;
  return [
    ...targets.capturedFraction === undefined
      ? []
      : [atLeast("captured", learned.captured, targets.capturedFraction)],
    {
      what: `captured, against ${comparison.other} on the same forecasts`,
      target: "at least equal",
      measured: `${signed(estimate)} points [${signed(low)}, ${signed(high)}]`,
      met: estimate >= 0,
    },
    zero("residual violations", learned.residualViolations),
    zero("prosumers worse off than alone on the grid", learned.prosumersWorseOff),
    atLeast(
      "slots with trade whose price lies inside",
      learned.insideFraction,
      targets.insideFraction,
    ),
    {
      what: "correlation with the competitive price",
      target: `≥ ${targets.competitiveCorrelation}`,
      measured: learned.competitiveCorrelation?.toFixed(3) ?? "–",
      met: (learned.competitiveCorrelation ?? -1) >= targets.competitiveCorrelation,
    },
    atMost(
      "change of the price if all values change by 0.2 %",
      exploitability.priceSensitivity,
      targets.priceSensitivity,
    ),
    atMost(
      "change of a home's cost then, of its saving",
      exploitability.costSensitivity,
      targets.costSensitivity,
    ),
    atMost(
      "largest gain by a misreport, of the home's saving",
      exploitability.misreportGain,
      targets.misreportGain,
    ),
    atMost("energy from store to store", learned.churnFraction, targets.churnFraction),
    {
      what: `time per decision of the community, learned ÷ ${rival.policy}`,
      target: `≤ 1/${Math.round(1 / targets.timeShareOfRival)}`,
      measured: timeShare < 1 ? `1/${(1 / timeShare).toFixed(1)}` : timeShare.toFixed(1),
      met: timeShare <= targets.timeShareOfRival,
    },
  ];
}

function zero(what: string, count: number): TargetRow {
  return { what, target: "0", measured: String(count), met: count === 0 };
}

function atLeast(what: string, share: number | null, least: number): TargetRow {
  const met = share !== null && share >= least;
  return { what, target: `≥ ${percent(least, 0)}`, measured: percent(share), met };
}

function atMost(what: string, share: number | null, most: number): TargetRow {
  const met = share !== null && share <= most;
  return { what, target: `≤ ${percent(most, 0)}`, measured: percent(share), met };
}

function percent(share: number | null, decimals: number = 2): string {
  return share === null ? "–" : `${(100 * share).toFixed(decimals)} %`;
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)}`;
}
