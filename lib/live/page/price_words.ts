/**
 * Where a price comes from, in words.
 *
 * @module
 */

import type { ClearedOrders } from "../../market/book_orders.ts";
import { priceSetter } from "../../market/price_setter.ts";

/** Where the price of a cleared book comes from, such as `set by the battery of house-04`; empty without one. */
export function setterInWords(orders: ClearedOrders): string {
  const setter = priceSetter(orders);
  if (setter === null) return "";
  const { pricePerKwh, bids } = orders;
  // The grid bids its feed-in tariff and asks its import price.
  const gridBid = bids.find(({ id }) => id === "grid")?.pricePerKwh ?? -Infinity;
  const named = (id: string, price: number) => {
    if (id === "grid") return price <= gridBid ? "the feed-in tariff" : "the grid's tariff";
    const [, owner, what] = /^(.*)'s (.*)$/.exec(id) ?? [];
    return what === undefined ? id : `the ${what} of ${owner}`;
  };
  if (setter.kind === "set") {
    const grid = setter.by.includes("grid");
    const [first, ...others] = grid ? ["grid"] : setter.by;
    const more = others.length === 0
      ? ""
      : others.length === 1
      ? ` and ${named(others[0], pricePerKwh!)}`
      : ` and ${others.length} others`;
    return `set by ${named(first, pricePerKwh!)}${more}`;
  }
  const [low, high] = [setter.below, setter.above].map((order) =>
    order && named(order.id, order.pricePerKwh)
  );
  if (low !== null && high !== null) return `between ${low} and ${high}`;
  return low !== null ? `above ${low}` : high !== null ? `below ${high}` : "";
}
