/**
 * Whose orders a clearing price comes from: those that stand at the price, or, where it lies in an
 * interval that all would agree to, those next to it.
 *
 * @module
 */

import type { Order } from "./auction.ts";
import type { ClearedOrders } from "./book_orders.ts";
import { PRICE_UNITS } from "./curves.ts";

/** Where a price comes from. */
export type PriceSetter =
  /** Orders stand at the price: what they take or give is left over from the others. */
  | { readonly kind: "set"; readonly by: readonly string[] }
  /** None does: the price lies between the next order below and the next above. */
  | { readonly kind: "between"; readonly below: Order | null; readonly above: Order | null };

/**
 * Where the price of a cleared book comes from, by the names of its orders; `null` without a price.
 *
 * @example
 * ```ts
 * import { priceSetter } from "./price_setter.ts";
 * const order = (id: string, pricePerKwh: number) => ({ id, pricePerKwh, quantityKwh: 1 });
 * const orders = {
 *   bids: [order("load", 2)],
 *   asks: [order("battery", 0.2), order("grid", 0.3)],
 *   matchedKwh: 1,
 * };
 * const at = (pricePerKwh: number) => priceSetter({ ...orders, pricePerKwh });
 * const [set, between] = [at(0.2), at(0.25)];
 * if (set?.kind !== "set" || set.by.join() !== "battery") throw new Error("the battery sets 0.2");
 * if (between?.kind !== "between" || between.above?.id !== "grid") throw new Error("below the grid");
 * ```
 */
export function priceSetter({ bids, asks, pricePerKwh }: ClearedOrders): PriceSetter | null {
  if (pricePerKwh === null) return null;
  const units = (price: number) => Math.round(price * PRICE_UNITS);
  const price = units(pricePerKwh);
  const orders = [...asks, ...bids];
  const by = new Set(
    orders.filter((order) => units(order.pricePerKwh) === price).map(({ id }) => id),
  );
  if (by.size > 0) return { kind: "set", by: [...by] };
  const next = (side: 1 | -1) =>
    orders.filter((order) => side * (units(order.pricePerKwh) - price) > 0)
      .reduce<Order | null>(
        (a, b) => a === null || side * b.pricePerKwh < side * a.pricePerKwh ? b : a,
        null,
      );
  return { kind: "between", below: next(-1), above: next(1) };
}
