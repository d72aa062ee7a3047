/**
 * When two amounts count as alike in an audit.
 *
 * @module
 */

/** In kWh, currency or kg; relative above 1. */
export const TOLERANCE = 1e-9;

/** Whether two amounts are alike. */
export function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
}

/** Whether an amount lies between two others. */
export function within(value: number, least: number, most: number): boolean {
  return value >= least - TOLERANCE && value <= most + TOLERANCE;
}
