/**
 * The market of one community: orders of prosumers in, trades of prosumers out.
 *
 * @module
 */

import { clearBook, createOrderBook, type OrderBook } from "../market/auction.ts";
import type { Ledger } from "./ledger.ts";

/** A book and who stands behind its orders. */
export interface Market {
  /** The order book. */
  readonly book: OrderBook;
  /** Row of each bid in the book. `[capacity]` */
  readonly bidder: Int32Array;
  /** Row of each ask in the book. `[capacity]` */
  readonly asker: Int32Array;
}

/** Orders and trades by row, see {@link ./ledger.ts}. */
export type OrderRows = Pick<Ledger, "orderKwh" | "orderPricePerKwh" | "tradedKwh">;

/** An empty book with room for the orders of `rows`. */
export function createMarket(rows: number): Market {
  return {
    book: createOrderBook(rows),
    bidder: new Int32Array(rows),
    asker: new Int32Array(rows),
  };
}

/** Clears the orders of rows `from` to `to` (exclusive) and writes what each of them trades. */
export function clearRows(
  { book, bidder, asker }: Market,
  { orderKwh, orderPricePerKwh, tradedKwh }: OrderRows,
  from: number,
  to: number,
  priceWeight: number,
): void {
  let bids = 0, asks = 0;
  for (let row = from; row < to; row++) {
    const quantity = orderKwh[row];
    tradedKwh[row] = 0;
    if (quantity > 0) {
      bidder[bids] = row;
      book.bidPricePerKwh[bids] = orderPricePerKwh[row];
      book.bidQuantityKwh[bids++] = quantity;
    } else if (quantity < 0) {
      asker[asks] = row;
      book.askPricePerKwh[asks] = orderPricePerKwh[row];
      book.askQuantityKwh[asks++] = -quantity;
    }
  }
  book.bidCount = bids;
  book.askCount = asks;
  clearBook(book, priceWeight);
  for (let k = 0; k < bids; k++) tradedKwh[bidder[k]] = book.bidFillKwh[k];
  for (let k = 0; k < asks; k++) tradedKwh[asker[k]] = -book.askFillKwh[k];
}
