/**
 * Reads what training wrote: `learning_curve.csv`, one row per update of the policy.
 *
 * @module
 */

import { type CellKind, readTable } from "./checked_table.ts";

/** Columns of `learning_curve.csv`, in the order in which they are written. */
export const LEARNING_CURVE_COLUMNS: Readonly<Record<string, CellKind>> = {
  timesteps: "number",
  agentSteps: "number",
  episodes: "number",
  seconds: "number",
  meanEpisodeCost: "number or empty",
  validationCost: "number or empty",
  policyLoss: "number or empty",
  valueLoss: "number or empty",
  entropy: "number or empty",
  approxKl: "number or empty",
  clipFraction: "number or empty",
  explainedVariance: "number or empty",
  gradientNorm: "number or empty",
  learningRate: "number",
  currency: "text",
};

/** One update of the policy. */
export interface LearningPoint {
  /** Slots of one community that were simulated so far. */
  readonly timesteps: number;
  /** Mean cost of the training episodes since the last update; `null` if none ended. [currency] */
  readonly meanEpisodeCost: number | null;
  /** Mean cost of an episode on validation days; `null` where not measured. [currency] */
  readonly validationCost: number | null;
  /** What costs are in, such as `EUR`. */
  readonly currency: string;
}

/**
 * Reads a `learning_curve.csv`.
 *
 * @throws {RangeError} If the file is missing, misses a column, holds a cell that is no number, or
 * is cut short; the message names file, row and column.
 */
export async function readLearningCurve(path: string): Promise<LearningPoint[]> {
  const table = await readTable(path, LEARNING_CURVE_COLUMNS, 'train again with "deno task train"');
  return table.select("timesteps", "meanEpisodeCost", "validationCost", "currency")
    .toRecords() as unknown as LearningPoint[];
}
