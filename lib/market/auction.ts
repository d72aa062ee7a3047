/**
 * Uniform-price double auction: one call market, one clearing price.
 *
 * Bids are sorted high to low and asks low to high. The traded volume is the largest at which the
 * last accepted bid is at least the last accepted ask. The clearing prices are
 *
 *     [ max(last accepted ask, best rejected bid), min(last accepted bid, best rejected ask) ]
 *
 * where a partly filled order counts as accepted and as rejected; the price is `lo + k·(hi − lo)`.
 * Orders of equal price at the margin share pro rata, so that no index has an advantage. Orders and
 * remainders of less than 1e-9 kWh are dust: they neither trade nor set a price. In a book of over
 * 280,000 kWh, where a sum cannot tell so little from nothing, dust is what is less than 3.6e-15 of
 * the shorter side. Prices are in currency/kWh and may be negative.
 *
 * Source: the k-double auction of Chatterjee and Samuelson (1983), Operations Research 31(5), in
 * its form for many traders, Rustichini, Satterthwaite and Williams (1994), Econometrica 62(5).
 *
 * @module
 */

import { clearBook } from "./limit_orders.ts";
import { createOrderBook } from "./order_book.ts";

/** A limit order. */
export interface Order {
  /** Names its fill; unique in the book, bids and asks together. */
  readonly id: string;
  /** Energy to buy or to sell, ≥ 0. [kWh] */
  readonly quantityKwh: number;
  /** Highest price to buy at or lowest price to sell at. [currency/kWh] */
  readonly pricePerKwh: number;
}

/** The orders of one slot. */
export interface Orders {
  /** Orders to buy. */
  readonly bids: readonly Order[];
  /** Orders to sell. */
  readonly asks: readonly Order[];
}

/** Largest quantity [kWh] and price magnitude [currency/kWh] of an order: no sum overflows. */
export const ORDER_LIMIT = 1e15;

/** Rules of an auction. */
export interface AuctionOptions {
  /** Where in the clearing interval the price lies: 0 at its lower end, 1 at its upper. */
  readonly priceWeight?: number;
}

/** What an auction comes to. */
export interface Clearing {
  /** The one price that all pay and receive; `null` without trade. [currency/kWh] */
  readonly clearingPrice: number | null;
  /** Traded energy. [kWh] */
  readonly volumeKwh: number;
  /** Traded energy of every order by its id, 0 for those left out. [kWh] */
  readonly fills: ReadonlyMap<string, number>;
  /** Lowest and highest clearing price; `null` without trade. [currency/kWh] */
  readonly clearingInterval: readonly [low: number, high: number] | null;
}

/**
 * Clears a list of orders.
 *
 * @throws {RangeError} If a price or quantity is no number, a quantity is negative, an id occurs
 * twice, or the price weight is outside [0, 1].
 *
 * @example
 * ```ts
 * import { clearOrders } from "./auction.ts";
 * const clearing = clearOrders({
 *   bids: [{ id: "ann", quantityKwh: 3, pricePerKwh: 0.3 }],
 *   asks: [
 *     { id: "bob", quantityKwh: 2, pricePerKwh: 0.1 },
 *     { id: "eve", quantityKwh: 2, pricePerKwh: 0.1 },
 *   ],
 * });
 * // The asks are only partly filled: they set the price and share the volume.
 * if (clearing.clearingPrice !== 0.1 || clearing.fills.get("eve") !== 1.5) throw new Error();
 * ```
 */
export function clearOrders(orders: Orders, options: AuctionOptions = {}): Clearing {
  const { bids, asks } = orders;
  const { priceWeight = 0.5 } = options;
  if (!(priceWeight >= 0 && priceWeight <= 1)) {
    throw new RangeError(`priceWeight must be in [0, 1], got ${priceWeight}`);
  }
  const book = createOrderBook(Math.max(bids.length, asks.length));
  book.bidCount = copyOrders("bids", bids, book.bidPricePerKwh, book.bidQuantityKwh);
  book.askCount = copyOrders("asks", asks, book.askPricePerKwh, book.askQuantityKwh);
  clearBook(book, priceWeight);
  const fills = new Map<string, number>();
  bids.forEach(({ id }, i) => fills.set(id, book.bidFillKwh[i]));
  asks.forEach(({ id }, i) => fills.set(id, book.askFillKwh[i]));
  if (fills.size < bids.length + asks.length) throw repeatedId(orders);
  const { volumeKwh, clearingPrice, intervalLow, intervalHigh } = book;
  const traded = volumeKwh > 0;
  return {
    clearingPrice: traded ? clearingPrice : null,
    volumeKwh,
    fills,
    clearingInterval: traded ? [intervalLow, intervalHigh] : null,
  };
}

/**
 * Welfare of fills, valued at the limits in `orders`: what buyers would have paid at most, less what
 * sellers would have taken at least. The clearing price drops out. [currency]
 *
 * Orders that state what energy is truly worth to the traders make it the true welfare, whatever
 * was quoted in the auction that filled them.
 *
 * @param fills Traded energy by id of the order; others got nothing. [kWh]
 *
 * @example
 * ```ts
 * import { clearOrders, welfare } from "./auction.ts";
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

function copyOrders(
  side: keyof Orders,
  orders: readonly Order[],
  pricePerKwh: Float64Array,
  quantityKwh: Float64Array,
): number {
  const check = (i: number, field: "pricePerKwh" | "quantityKwh", least: number) => {
    const value = orders[i][field];
    if (value >= least && value <= ORDER_LIMIT) return value;
    const rule = `must be from ${least} to ${ORDER_LIMIT}`;
    throw new RangeError(`${side}[${i}].${field} ${rule}, got ${value} (order ${orders[i].id})`);
  };
  for (let i = 0; i < orders.length; i++) {
    pricePerKwh[i] = check(i, "pricePerKwh", -ORDER_LIMIT);
    quantityKwh[i] = check(i, "quantityKwh", 0);
  }
  return orders.length;
}

function repeatedId({ bids, asks }: Orders): RangeError {
  const seen = new Set<string>();
  const repeated = [...bids, ...asks].find(({ id }) => {
    const known = seen.has(id);
    seen.add(id);
    return known;
  });
  return new RangeError(`order id must be unique in its book, got "${repeated?.id}" twice`);
}
