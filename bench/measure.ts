/**
 * Measuring: medians and spread over runs after a warm-up.
 *
 * @module
 */

/** One line of the result. */
export interface Row {
  /** What was measured. */
  readonly what: string;
  /** Median over runs. */
  readonly median: number;
  /** Least favourable run. */
  readonly worst: number;
  /** Most favourable run. */
  readonly best: number;
  /** Unit of all three. */
  readonly unit: string;
  /** Which end of the scale is the best. */
  readonly better: "more" | "less";
  /** What is to be reached, in the same unit; absent if nothing was promised. */
  readonly target?: number;
  /** Whether the median reaches the target; absent without one. */
  readonly met?: boolean;
}

/** Seconds of each run, after two that do not count. */
export async function measure(
  runs: number,
  work: () => void | Promise<void>,
  warmUps = 2,
): Promise<number[]> {
  const seconds: number[] = [];
  for (let k = -warmUps; k < runs; k++) {
    const began = performance.now();
    await work();
    if (k >= 0) seconds.push((performance.now() - began) / 1000);
  }
  return seconds;
}

/** Sums runs up. */
export function row(
  what: string,
  values: readonly number[],
  unit: string,
  better: "more" | "less",
  target?: number,
): Row {
  const sorted = values.toSorted((a, b) => better === "more" ? a - b : b - a);
  const middle = median(values);
  const isMet = (limit: number) => better === "more" ? middle >= limit : middle <= limit;
  return {
    what,
    median: middle,
    worst: sorted[0],
    best: sorted[sorted.length - 1],
    unit,
    better,
    ...(target !== undefined && { target, met: isMet(target) }),
  };
}

/** How many times more one row has than another; the spread is that of the least lucky runs. */
export function timesRow(what: string, more: Row, less: Row, target?: number): Row {
  const ratio = more.median / less.median;
  return {
    what,
    median: ratio,
    worst: more.worst / less.best,
    best: more.best / less.worst,
    unit: "times",
    better: "more",
    ...(target !== undefined && { target, met: ratio >= target }),
  };
}

/** Median and both ends, in a cell. */
export function medianAndEnds({ median, worst, best }: Row): string {
  return `${rounded(median)} (${rounded(worst)} to ${rounded(best)})`;
}

/** What is to be reached, in a cell; empty if nothing was promised. */
export function toReach({ better, target }: Row): string {
  return target === undefined ? "" : `${better === "more" ? "≥" : "≤"} ${target}`;
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** A number to three digits, without an exponent. */
export function rounded(value: number): string {
  return value.toPrecision(3).includes("e") ? value.toFixed(0) : value.toPrecision(3);
}
