/**
 * The best that was possible, as the measure of what a policy achieved.
 *
 *     captured = (cost of grid-only − cost) / (cost of grid-only − cost of the optimum)
 *
 * on the same days: 0 is doing nothing, 1 is perfect foresight.
 *
 * @module
 */

/** The perfect-foresight optimum of every episode. */
export interface Bound {
  /** Least cost of the community. `[episodes]` [currency] */
  readonly cost: ArrayLike<number>;
  /**
   * Price at which another kWh would be worth the same to all, the dual of the community's balance.
   * `[episodes × slots]` [currency/kWh]
   */
  readonly competitivePricePerKwh: Float64Array;
}

/** In currency: less is what solvers leave to chance. */
const NEGLIGIBLE = 1e-6;

/**
 * Share of the possible saving; `null` where nothing could be saved.
 *
 * @example
 * ```ts
 * import { capturedShare } from "./bound.ts";
 * if (capturedShare({ alone: 10, cost: 7, optimum: 6 }) !== 0.75) throw new Error("3 of 4");
 * ```
 */
export function capturedShare(
  { alone, cost, optimum }: {
    readonly alone: number;
    readonly cost: number;
    readonly optimum: number;
  },
): number | null {
  return alone - optimum > NEGLIGIBLE ? (alone - cost) / (alone - optimum) : null;
}
