/**
 * Two programs at the same job.
 *
 * @module
 */

import { type Row, row } from "../measure.ts";

/** One job, and how fast both sides do it. */
export interface Comparison {
  /** The job. */
  readonly what: string;
  /** This laboratory. */
  readonly ours: Row;
  /** The other side. */
  readonly theirs: Row;
  /** How many times as fast this laboratory is, by the medians. */
  readonly ratio: number;
}

/** Compares runs in a unit of which more, or less, is better. */
export function compare(
  what: string,
  unit: string,
  better: "more" | "less",
  ours: readonly number[],
  theirs: readonly number[],
): Comparison {
  const [our, their] = [ours, theirs].map((values) => row(what, values, unit, better));
  const ratio = better === "more" ? our.median / their.median : their.median / our.median;
  return { what, ours: our, theirs: their, ratio };
}
