/**
 * Speed of clearing random books, half bids and half asks.
 *
 * @module
 */

import { clearBook } from "../lib/market/limit_orders.ts";
import { createOrderBook, type OrderBook } from "../lib/market/order_book.ts";
import { stream } from "../lib/random.ts";
import { measure, type Row, row } from "./measure.ts";

/** Time of a book; small ones take turns. */
export async function auctionRow(orders: number, runs: number, target?: number): Promise<Row> {
  const books = Array.from({ length: Math.ceil(2_500 / orders) }, (_, k) => randomBook(orders, k));
  const rounds = Math.ceil(200_000 / orders / books.length);
  const seconds = await measure(runs, () => {
    for (let round = 0; round < rounds; round++) {
      for (const book of books) clearBook(book, 0.5);
    }
  });
  const what = `auction, ${orders.toLocaleString("en")} orders`;
  const times = seconds.map((s) => (s * 1e3) / (rounds * books.length));
  return row(what, times, "ms", "less", target);
}

/** A book of `orders`, half bids and half asks; another for every `k`. */
export function randomBook(orders: number, k: number): OrderBook {
  const random = stream(1, "bench", "auction", orders, k);
  const book = createOrderBook(orders / 2);
  book.bidCount = book.askCount = orders / 2;
  for (let i = 0; i < orders / 2; i++) {
    book.bidPricePerKwh[i] = 0.1 + 0.2 * random.uniform();
    book.bidQuantityKwh[i] = 3 * random.uniform();
    book.askPricePerKwh[i] = 0.1 + 0.2 * random.uniform();
    book.askQuantityKwh[i] = 3 * random.uniform();
  }
  return book;
}

/** Exponent p of time = c·(n·log n)ᵖ through rows of n orders, by least squares: 1 is as promised. */
export function growth(rows: readonly { readonly orders: number; readonly ms: number }[]): number {
  const points = rows.map(({ orders, ms }) => [Math.log(orders * Math.log(orders)), Math.log(ms)]);
  const mean = (k: number) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
