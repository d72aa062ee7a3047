/**
 * What a few seeds and many days can tell: robust means, bootstrap intervals and paired comparisons.
 *
 * Scores of a policy are a table with a row per training seed and a column per day. Two bootstraps
 * resample it with replacement:
 *
 * - *stratified* (Agarwal et al., Deep Reinforcement Learning at the Edge of the Statistical
 *   Precipice, NeurIPS 2021): within each stratum on its own, for the interquartile mean;
 * - *crossed* (Owen, The pigeonhole bootstrap, Annals of Applied Statistics 1, 2007): whole rows and
 *   whole columns, because a hard day is hard for every seed. It errs on the wide side.
 *
 * Intervals are percentiles of the resampled statistic. The same seed gives the same interval.
 *
 * @module
 */

import { type Stream, stream } from "../random.ts";

/** An estimate and the interval that resampling gives it, in the unit of the estimate. */
export interface Interval {
  /** The statistic of the sample itself. */
  readonly estimate: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** How to resample. */
export interface BootstrapOptions {
  /** Decides what is drawn; 0 if absent. */
  readonly seed?: number;
  /** Number of resamples; 2,000 if absent. */
  readonly resamples?: number;
  /** Share of the resamples within the interval; 0.95 if absent. */
  readonly confidence?: number;
}

/** Scores of a policy: a row per seed, a column per day, all rows of one length. */
export type Scores = readonly (readonly number[])[];

/**
 * Mean of the middle half: a quarter of the values, rounded down, is left out at each end.
 *
 * @example
 * ```ts
 * import { interquartileMean } from "./statistics.ts";
 * if (interquartileMean([100, 2, 3, 1]) !== 2.5) throw new Error("the mean of 2 and 3");
 * ```
 */
export function interquartileMean(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.subarray(cut, sorted.length - cut));
}

/** Arithmetic mean; `NaN` of nothing. */
export function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}

/** Linear interpolation between order statistics (Hyndman and Fan's type 7) of sorted values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/**
 * Interval of a statistic of all values together, each stratum resampled on its own.
 *
 * @example
 * ```ts
 * import { interquartileMean, stratifiedBootstrap } from "./statistics.ts";
 * const { low, high } = stratifiedBootstrap([[1, 2, 3, 4], [2, 3, 4, 5]], interquartileMean);
 * if (!(1 <= low && low < 3 && 3 < high && high <= 5)) throw new Error(`${low} to ${high}`);
 * ```
 */
export function stratifiedBootstrap(
  strata: readonly (readonly number[])[],
  statistic: (values: Float64Array) => number,
  options: BootstrapOptions = {},
): Interval {
  const drawn = Float64Array.from(strata.flat());
  const estimate = statistic(drawn);
  return percentiles(estimate, options, (random) => {
    let at = 0;
    for (const values of strata) {
      for (let k = 0; k < values.length; k++) drawn[at++] = values[random.below(values.length)];
    }
    return statistic(drawn);
  });
}

/**
 * Interval of a statistic of several tables that share their days.
 *
 * @param seeds Number of rows of each table; the rows of each are drawn on their own.
 * @param days Number of columns; the same are drawn for all tables.
 * @param statistic Takes for each table the rows, and the columns.
 */
export function crossedBootstrap(
  seeds: readonly number[],
  days: number,
  statistic: (rows: readonly Int32Array[], columns: Int32Array) => number,
  options: BootstrapOptions = {},
): Interval {
  const rows = seeds.map((count) => Int32Array.from({ length: count }, (_, k) => k));
  const columns = Int32Array.from({ length: days }, (_, k) => k);
  const estimate = statistic(rows, columns);
  return percentiles(estimate, options, (random) => {
    for (const indices of [...rows, columns]) {
      for (let k = 0; k < indices.length; k++) indices[k] = random.below(indices.length);
    }
    return statistic(rows, columns);
  });
}

/**
 * Mean of `scores` − `others` on the same days, with the interval of the crossed bootstrap.
 *
 * @throws {RangeError} If the tables have different days.
 *
 * @example
 * ```ts
 * import { pairedDifference } from "./statistics.ts";
 * const { estimate, low, high } = pairedDifference([[3, 9, 5]], [[2, 8, 4]]);
 * if (estimate !== 1 || low !== 1 || high !== 1) throw new Error("1 on every day");
 * ```
 */
export function pairedDifference(
  scores: Scores,
  others: Scores,
  options: BootstrapOptions = {},
): Interval {
  const days = commonDays(scores, others);
  return crossedBootstrap([scores.length, others.length], days, ([own, other], columns) => {
    let total = 0;
    for (const day of columns) {
      total += columnMean(scores, own, day) - columnMean(others, other, day);
    }
    return total / columns.length;
  }, options);
}

/**
 * Probability that a random seed of `scores` is above a random seed of `others` on a random day,
 * where ties count half (Agarwal et al. 2021), with the interval of the crossed bootstrap.
 *
 * @throws {RangeError} If the tables have different days.
 *
 * @example
 * ```ts
 * import { probabilityOfImprovement } from "./statistics.ts";
 * const { estimate } = probabilityOfImprovement([[3, 1, 2, 2]], [[2, 2, 2, 1]]);
 * if (estimate !== 2.5 / 4) throw new Error("above, below, a tie, above");
 * ```
 */
export function probabilityOfImprovement(
  scores: Scores,
  others: Scores,
  options: BootstrapOptions = {},
): Interval {
  const days = commonDays(scores, others);
  return crossedBootstrap([scores.length, others.length], days, ([own, other], columns) => {
    let wins = 0;
    for (const day of columns) {
      for (const i of own) {
        for (const j of other) wins += 0.5 + 0.5 * Math.sign(scores[i][day] - others[j][day]);
      }
    }
    return wins / (columns.length * own.length * other.length);
  }, options);
}

/**
 * Whether two estimates may be called different: their intervals do not overlap.
 *
 * @example
 * ```ts
 * import { differ } from "./statistics.ts";
 * const [a, b] = [{ estimate: 1, low: 0, high: 2 }, { estimate: 3, low: 2, high: 4 }];
 * if (differ(a, b)) throw new Error("they touch");
 * ```
 */
export function differ(a: Interval, b: Interval): boolean {
  return a.high < b.low || b.high < a.low;
}

function commonDays(scores: Scores, others: Scores): number {
  const days = scores[0].length;
  const other = [...scores, ...others].find((row) => row.length !== days);
  if (other === undefined) return days;
  throw new RangeError(
    `scores must have the same days to be paired, got ${days} and ${other.length}`,
  );
}

function columnMean(scores: Scores, rows: Int32Array, column: number): number {
  let total = 0;
  for (const row of rows) total += scores[row][column];
  return total / rows.length;
}

/** The middle of what `resample` yields. */
function percentiles(
  estimate: number,
  { seed = 0, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
  resample: (random: Stream) => number,
): Interval {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(`resamples must be a whole number of at least 1, got ${resamples}`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`confidence must be between 0 and 1, got ${confidence}`);
  }
  const random = stream(seed, "bootstrap");
  const drawn = Float64Array.from({ length: resamples }, () => resample(random)).sort();
  const tail = (1 - confidence) / 2;
  return { estimate, low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) };
}
