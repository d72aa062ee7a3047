/**
 * Welfare of a trade: what buyers would have paid at most, minus what sellers would have taken at
 * least. The clearing price divides it among them and drops out of the sum.
 *
 * @module
 */

import type { Orders } from "./auction.ts";

/**
 * Welfare of fills, valued at the limits in `orders`. [currency]
 *
 * Orders that state what energy is truly worth to the traders make it the true welfare, whatever
 * was quoted in the auction that filled them.
 *
 * @param fills Traded energy by id of the order; others got nothing. [kWh]
 *
 * @example
 * ```ts
 * import { clearOrders } from "./auction.ts";
 * import { welfare } from "./welfare.ts";
 * const orders = {
 *   bids: [{ id: "ann", quantityKwh: 2, pricePerKwh: 0.5 }],
 *   asks: [{ id: "bob", quantityKwh: 4, pricePerKwh: 0.25 }],
 * };
 * if (welfare(orders, clearOrders(orders).fills) !== 0.5) throw new Error("2 × (0.5 − 0.25)");
 * ```
 */
export function welfare({ bids, asks }: Orders, fills: ReadonlyMap<string, number>): number {
  const value = (side: Orders["bids"]) =>
    side.reduce((sum, { id, pricePerKwh }) => sum + pricePerKwh * (fills.get(id) ?? 0), 0);
  return value(bids) - value(asks);
}
