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
  /** What is to be reached, in the same unit; absent if nothing was promised. */
  readonly target?: number;
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

/** Sums runs up; `better` says which end of the scale is the best. */
export function row(
  what: string,
  values: readonly number[],
  unit: string,
  better: "more" | "less",
  target?: number,
): Row {
  const sorted = values.toSorted((a, b) => better === "more" ? a - b : b - a);
  return {
    what,
    median: median(values),
    worst: sorted[0],
    best: sorted[sorted.length - 1],
    unit,
    ...(target !== undefined && { target }),
  };
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
