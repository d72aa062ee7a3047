/**
 * Clearing of random books, half bids and half asks, prepared outside the timing.
 *
 * @module
 */

import { clearBook, createOrderBook, type OrderBook } from "../lib/market/auction.ts";
import { stream } from "../lib/random.ts";

for (const orders of [10, 100, 1_000, 10_000, 100_000, 1_000_000]) {
  // Small books take turns: one that comes again and again would train the branch predictor.
  const books = Array.from({ length: Math.ceil(2_500 / orders) }, (_, k) => randomBook(orders, k));
  let turn = 0;
  Deno.bench(`auction: ${orders.toLocaleString("en")} orders`, () => {
    clearBook(books[turn++ % books.length], 0.5);
  });
}

function randomBook(orders: number, k: number): OrderBook {
  const random = stream(1, "auction bench", orders, k);
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
