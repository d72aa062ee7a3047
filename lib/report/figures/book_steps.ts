/**
 * The curves of an order book as steps of price over quantity.
 *
 * @module
 */

import type { Order } from "../../market/auction.ts";

/** A stretch of a curve at one price. */
export interface Step {
  /** Whose order it is. */
  readonly id: string;
  /** Where it begins. [kWh] */
  readonly from: number;
  /** Where it ends. [kWh] */
  readonly to: number;
  /** Its price. [currency/kWh] */
  readonly price: number;
}

/**
 * Orders side by side; `direction` 1 for rising prices, as of asks, and −1 for falling ones.
 *
 * @example
 * ```ts
 * import { steps } from "./book_steps.ts";
 * const bids = [[2, 0.3], [1, 0.4]].map(([quantityKwh, pricePerKwh], k) => ({
 *   id: String(k),
 *   quantityKwh,
 *   pricePerKwh,
 * }));
 * if (steps(bids, -1).map(({ to }) => to).join() !== "1,3") throw new Error("the dearest first");
 * ```
 */
export function steps(orders: readonly Order[], direction: 1 | -1): Step[] {
  let from = 0;
  return orders.toSorted((a, b) => direction * (a.pricePerKwh - b.pricePerKwh))
    .map(({ id, quantityKwh, pricePerKwh }) => {
      const step = { id, from, to: from + quantityKwh, price: pricePerKwh };
      from = step.to;
      return step;
    });
}

/** Corners of a curve: two for each step. */
export function corners(curve: readonly Step[]): { readonly x: number; readonly y: number }[] {
  return curve.flatMap(({ from, to, price }) => [{ x: from, y: price }, { x: to, y: price }]);
}
