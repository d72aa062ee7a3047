/**
 * Speed of the market: communities of ten homes that submit value curves, and books of plain limit
 * orders.
 *
 * @module
 */

import { clearBook } from "../lib/market/limit_orders.ts";
import { createMarketBook, type MarketBook } from "../lib/market/market_book.ts";
import { mechanismNamed } from "../lib/market/mechanisms/mod.ts";
import { createOrderBook, type OrderBook } from "../lib/market/order_book.ts";
import { stream } from "../lib/random.ts";
import { measure, type Row, row } from "./measure.ts";

const HOMES = 10;
/** Communities that take turns, so that none is known by heart. */
const COMMUNITIES = 256;
const CLEARINGS = 100_000;

/** Time of clearing one community: every home has load, sun and a battery of 4 pieces each way. */
export async function communityRow(feePerKwh: number, runs: number): Promise<Row> {
  const book = randomCommunities(feePerKwh);
  const { clear } = mechanismNamed("uniform-price");
  const rounds = Math.ceil(CLEARINGS / COMMUNITIES);
  const seconds = await measure(runs, () => {
    for (let round = 0; round < rounds; round++) clear(book);
  });
  const what = `market of ${HOMES} homes, ${feePerKwh > 0 ? "with" : "without"} a network fee`;
  return row(what, seconds.map((s) => (s * 1e6) / (rounds * COMMUNITIES)), "µs", "less");
}

/** Communities of homes with load, sun and a battery of affine value; another for every place. */
export function randomCommunities(feePerKwh: number): MarketBook {
  const random = stream(1, "bench", "market");
  const owners = Array.from({ length: HOMES }, (_, home) => home);
  const book = createMarketBook({ communities: COMMUNITIES, homes: HOMES, owners });
  book.ceilingPerKwh.fill(0.32);
  book.feedInPerKwh.fill(0.08);
  book.networkFeePerKwh.fill(feePerKwh);
  for (let c = 0; c < COMMUNITIES; c++) {
    const sun = Math.max(0, 2 * random.uniform() - 1);
    for (let k = c * HOMES; k < (c + 1) * HOMES; k++) {
      book.loadKwh[k] = 2 * random.uniform();
      book.sunKwh[k] = 6 * sun * random.uniform();
      book.energyKwh[k] = 5;
      book.chargeMostKwh[k] = book.dischargeMostKwh[k] = 3 * random.uniform();
      book.storedPerKwh[k] = 0.95;
      book.drawnPerKwh[k] = 1 / 0.95;
      book.valuePerKwh[k] = 0.08 + 0.24 * random.uniform();
      book.fallPerKwh[k] = 0.02 * random.uniform();
    }
  }
  return book;
}

/** Time per order of a book of limit orders; small ones take turns. */
export async function ordersRow(orders: number, runs: number): Promise<Row> {
  const books = Array.from({ length: Math.ceil(2_500 / orders) }, (_, k) => randomBook(orders, k));
  const rounds = Math.ceil(200_000 / orders / books.length);
  const seconds = await measure(runs, () => {
    for (let round = 0; round < rounds; round++) {
      for (const book of books) clearBook(book, 0.5);
    }
  });
  const what = `limit orders, ${orders.toLocaleString("en")} in a book`;
  const each = seconds.map((s) => (s * 1e9) / (rounds * books.length * orders));
  return row(what, each, "ns/order", "less");
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
