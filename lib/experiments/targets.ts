/**
 * Whether the learned agents reach what a set-up asks of them, row by row.
 *
 * @module
 */

import type { Comparison, LadderRow } from "../evaluation/ladder.ts";
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

/**
 * Holds the learned agents against the targets.
 *
 * @param againstMpc Learned against centralised model-predictive control on the same days.
 */
export function checkTargets(
  learned: LadderRow,
  mpc: LadderRow,
  againstMpc: Comparison,
  targets: Targets,
): TargetRow[] {
  const { estimate, low, high } = againstMpc.difference;
  const timeShare = learned.microsecondsPerDecision / mpc.microsecondsPerDecision;
  const efficiency = learned.marketEfficiency;
  return [
    {
      what: "captured by the learned agents",
      target: `≥ ${percent(targets.captured, 0)}`,
      measured: `${percent(learned.captured)} [${percent(learned.capturedLow)}, ${
        percent(learned.capturedHigh)
      }]`,
      met: (learned.captured ?? -Infinity) >= targets.captured,
    },
    {
      what: "against centralised MPC on the same forecasts",
      target: "at least equal",
      measured: `${signed(estimate)} points [${signed(low)}, ${signed(high)}]`,
      met: estimate >= 0,
    },
    {
      what: "residual violations",
      target: "0",
      measured: String(learned.residualViolations),
      met: learned.residualViolations === 0,
    },
    {
      what: "prosumers worse off than alone on the grid",
      target: "0",
      measured: String(learned.prosumersWorseOff),
      met: learned.prosumersWorseOff === 0,
    },
    {
      what: "market efficiency",
      target: `≥ ${percent(targets.marketEfficiency, 0)}`,
      measured: efficiency === null ? "nothing tradable" : percent(efficiency),
      met: efficiency !== null && efficiency >= targets.marketEfficiency,
    },
    {
      what: "time per decision of the community, learned ÷ MPC",
      target: `≤ 1/${Math.round(1 / targets.timeShareOfMpc)}`,
      measured: `1/${Math.round(1 / timeShare)}`,
      met: timeShare <= targets.timeShareOfMpc,
    },
  ];
}

function percent(share: number | null, decimals: number = 1): string {
  return share === null ? "–" : `${(100 * share).toFixed(decimals)} %`;
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)}`;
}
