/**
 * Ladders as `deno task benchmark` writes them, read back for pages and notebooks.
 *
 * @module
 */

import { z } from "zod";
import type { Ladder, LadderRow } from "../evaluation/ladder.ts";
import type { TargetRow } from "../experiments/targets.ts";
import type { TextTable } from "./html.ts";
import { readFirstResult } from "./result_file.ts";

/** A ladder from a file. */
export interface LadderFile extends Ladder {
  /** What was compared, in a line. */
  readonly title: string;
  /** What prices are in. */
  readonly currency: string;
  /** What was to be reached, and whether it was. */
  readonly targets: readonly TargetRow[];
  /** Length of a training. */
  readonly timesteps: number;
  /** Where it was read from. */
  readonly path: string;
}

const number = z.number();
const share = number.nullable();

const row = z.object({
  policy: z.string(),
  seeds: number,
  days: number,
  costPerDay: number,
  captured: share,
  capturedLow: share,
  capturedHigh: share,
  capturedIqm: share,
  capturedIqmLow: share,
  capturedIqmHigh: share,
  welfareLostPerDay: share,
  insideFraction: share,
  competitiveCorrelation: share,
  competitiveDistancePerKwh: share,
  churnFraction: share,
  meanPeakKw: share.default(null),
  prosumersWorseOff: number,
  worstProsumerCostChangePerDay: number,
  residualViolations: number,
  microsecondsPerDecision: number,
});

const interval = z.object({ estimate: number, low: number, high: number });

const schema = z.object({
  title: z.string(),
  currency: z.string(),
  timesteps: number,
  rows: z.array(row).min(1),
  comparison: z.object({
    policy: z.string(),
    other: z.string(),
    difference: interval,
    different: z.boolean(),
    probabilityOfImprovement: interval,
  }).nullable(),
  targets: z.array(
    z.object({ what: z.string(), target: z.string(), measured: z.string(), met: z.boolean() }),
  ),
});

/**
 * Reads the first ladder that is there.
 *
 * @param paths Where to look, in this order.
 * @throws {RangeError} If none is there, or it is no ladder.
 */
export async function readLadder(paths: readonly string[]): Promise<LadderFile> {
  return await readFirstResult(paths, { what: "ladder", command: "deno task benchmark", schema });
}

/** A ladder as a table for reading. */
export function ladderTable({ rows, currency }: LadderFile): TextTable {
  const percent = (value: number | null) => value === null ? "–" : (100 * value).toFixed(1);
  return {
    header: [
      "policy",
      `cost [${currency}/d]`,
      "captured [%]",
      "95 % interval",
      "inside [%]",
      "correlation",
      "peak [kW]",
      "worse off",
      "µs/decision",
    ],
    rows: rows.map((row: LadderRow) => [
      row.policy,
      row.costPerDay.toFixed(2),
      percent(row.captured),
      `${percent(row.capturedLow)} to ${percent(row.capturedHigh)}`,
      percent(row.insideFraction),
      row.competitiveCorrelation?.toFixed(2) ?? "–",
      row.meanPeakKw?.toFixed(1) ?? "–",
      row.prosumersWorseOff,
      row.microsecondsPerDecision.toFixed(row.microsecondsPerDecision < 10 ? 1 : 0),
    ]),
  };
}
