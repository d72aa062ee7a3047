/**
 * When two amounts count as alike in an audit: when they differ by no more than rounding can make of
 * what they were worked out from.
 *
 * @module
 */

/** In kWh, currency or kg; relative above 1. */
export const TOLERANCE = 1e-9;

/** What rounding is allowed where amounts of this size are added. */
export function roundingOf(size: number): number {
  return TOLERANCE * Math.max(1, Math.abs(size));
}

/**
 * Whether two amounts are alike.
 *
 * @param size Sum of the magnitudes that `a` was added up from, which may be far more than `a`; `a` itself
 * if absent.
 */
export function near(a: number, b: number, size: number = a): boolean {
  return Math.abs(a - b) <= roundingOf(size);
}

/** Whether an amount lies between two others. */
export function within(value: number, least: number, most: number): boolean {
  const rounding = roundingOf(value);
  return value >= least - rounding && value <= most + rounding;
}
