/**
 * Clearing of plain limit orders by the rules of {@link ./auction.ts}, in linear time: the crossing of
 * demand and supply is found without sorting, see {@link ./order_ts}.
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";
import { crossing, cutOf, middleCutOf, setCuts } from "./crossing.ts";
import type { OrderBook } from "./order_book.ts";
import { findCrossing } from "./order_crossing.ts";

/** Relative rounding of a sum, with room for quantities such as 0.1 that binary cannot hold. */
const ROUNDING = 16 * Number.EPSILON;

/**
 * Clears a book of finite prices: writes fills, price, volume and interval into it. Checks nothing.
 *
 * @example
 * ```ts
 * import { createOrderBook } from "./order_book.ts";
 * import { clearBook } from "./limit_orders.ts";
 * const book = createOrderBook(1);
 * book.bidCount = book.askCount = 1;
 * book.bidPricePerKwh[0] = 0.3;
 * book.bidQuantityKwh[0] = 2;
 * book.askPricePerKwh[0] = 0.1;
 * book.askQuantityKwh[0] = 2;
 * clearBook(book, 0.5);
 * if (book.clearingPrice !== 0.2 || book.volumeKwh !== 2) throw new Error("2 kWh at 0.2");
 * ```
 */
export function clearBook(book: OrderBook, priceWeight: number): void {
  const dustKwh = prepare(book);
  const found = findCrossing(book, dustKwh);
  const bids = refined(book, 1, dustKwh, crossing.boughtHigh + crossing.boughtMiddle, 1);
  const asks = refined(book, -1, dustKwh, crossing.soldHigh + crossing.soldMiddle, 1);
  crossing.tiedDemand = refined(book, 1, dustKwh, crossing.tiedDemand, 0);
  crossing.tiedSupply = refined(book, -1, dustKwh, crossing.tiedSupply, 0);
  let volume = found ? Math.min(bids + crossing.tiedDemand, asks + crossing.tiedSupply) : 0;
  // Of less than dust a price has no part.
  if (volume > bids && volume - bids < dustKwh) volume = bids;
  if (volume > asks && volume - asks < dustKwh) volume = asks;
  if (!(volume >= dustKwh)) {
    book.volumeKwh = 0;
    book.intervalLow = book.intervalHigh = book.clearingPrice = NaN;
    book.bidFillKwh.fill(0, 0, book.bidCount);
    book.askFillKwh.fill(0, 0, book.askCount);
    return;
  }
  book.volumeKwh = volume;
  fillSide(book, 1, dustKwh, volume, bids, crossing.tiedDemand);
  fillSide(book, -1, dustKwh, volume, asks, crossing.tiedSupply);
  // Between the crossing and the next price above nobody else would trade.
  const exact = bids - (asks + crossing.tiedSupply) <= -dustKwh;
  book.intervalLow = crossing.price;
  book.intervalHigh = exact ? crossing.price : nextAbove(book, dustKwh);
  const { intervalLow: low, intervalHigh: high } = book;
  book.clearingPrice = Math.min(high, low + priceWeight * (high - low));
}

/**
 * Sum of what is better than the crossing (`rank` 1) or at it (0). Where it is tiny beside its side of
 * the book, which set the digits of the parts, it is added up again.
 */
function refined(
  book: OrderBook,
  side: 1 | -1,
  dustKwh: number,
  sum: number,
  rank: 0 | 1,
): number {
  const count = side > 0 ? book.bidCount : book.askCount;
  const prices = side > 0 ? book.bidPricePerKwh : book.askPricePerKwh;
  const quantities = side > 0 ? book.bidQuantityKwh : book.askQuantityKwh;
  const cutOfSide = side > 0 ? crossing.cuts.bidHigh : crossing.cuts.askHigh;
  if (!(sum > 0) || sum > 1e-6 * cutOfSide) return sum;
  const cut = cutOf(2 * sum);
  const cutRest = middleCutOf(cut, count);
  let high = 0;
  let middle = 0;
  for (let i = 0; i < count; i++) {
    const q = quantities[i];
    if (Math.sign(side * (prices[i] - crossing.price)) !== rank || !(q >= dustKwh)) continue;
    const first = (q + cut) - cut;
    high += first;
    middle += ((q - first) + cutRest) - cutRest;
  }
  return high + middle;
}

/** Sets the digits at which quantities are cut and the range of prices; returns what is dust. [kWh] */
function prepare(book: OrderBook): number {
  const { bidCount, askCount, bidPricePerKwh, bidQuantityKwh, askPricePerKwh, askQuantityKwh } =
    book;
  let bids = 0;
  let asks = 0;
  let high = -Infinity;
  let low = Infinity;
  for (let i = 0; i < bidCount; i++) {
    const q = bidQuantityKwh[i];
    bids += q;
    if (bidPricePerKwh[i] > high && q >= DUST_KWH) high = bidPricePerKwh[i];
  }
  for (let i = 0; i < askCount; i++) {
    const q = askQuantityKwh[i];
    asks += q;
    if (askPricePerKwh[i] < low && q >= DUST_KWH) low = askPricePerKwh[i];
  }
  crossing.highest = high;
  crossing.lowest = low;
  setCuts(crossing.cuts, bidCount, bids, askCount, asks);
  return Math.max(DUST_KWH, ROUNDING * Math.min(bids, asks));
}
/**
 * Fills bids (`side` 1) or asks (−1) up to the volume: those better than the crossing in full, those
 * at it pro rata. Where all of one side is served but for less than dust, its worst price shares that.
 */
function fillSide(
  book: OrderBook,
  side: 1 | -1,
  dustKwh: number,
  volume: number,
  better: number,
  tied: number,
): void {
  const count = side > 0 ? book.bidCount : book.askCount;
  const prices = side > 0 ? book.bidPricePerKwh : book.askPricePerKwh;
  const quantities = side > 0 ? book.bidQuantityKwh : book.askQuantityKwh;
  const fills = side > 0 ? book.bidFillKwh : book.askFillKwh;
  let margin = crossing.price;
  let before = better;
  let level = tied;
  const rounding = ROUNDING * volume;
  if (better - volume > rounding) {
    // Not even what is better can be served in full.
    margin = side * Infinity;
    for (let i = 0; i < count; i++) {
      const p = prices[i];
      if (side * (p - crossing.price) > 0 && quantities[i] >= dustKwh && side * (p - margin) < 0) {
        margin = p;
      }
    }
    level = 0;
    for (let i = 0; i < count; i++) {
      if (prices[i] === margin && quantities[i] >= dustKwh) level += quantities[i];
    }
    before = better - level;
  }
  const share = before + level - volume <= rounding ? 1 : (volume - before) / level;
  const tiedShare = share > 0 ? share : 0;
  for (let i = 0; i < count; i++) {
    const q = quantities[i];
    const ahead = side * (prices[i] - margin);
    // Comparisons that decide no branch, which processors would guess wrong half of the time.
    const part = Number(ahead > 0) + tiedShare * Number(ahead === 0);
    fills[i] = q * part * Number(q >= dustKwh);
  }
}

/** Lowest price above the crossing, of a bid that is served or an ask that is no dust. [currency/kWh] */
function nextAbove(book: OrderBook, dustKwh: number): number {
  let next = Infinity;
  for (let i = 0; i < book.bidCount; i++) {
    const p = book.bidPricePerKwh[i];
    if (p > crossing.price && p < next && book.bidFillKwh[i] > 0) next = p;
  }
  for (let i = 0; i < book.askCount; i++) {
    const p = book.askPricePerKwh[i];
    if (p > crossing.price && p < next && book.askQuantityKwh[i] >= dustKwh) next = p;
  }
  return next;
}
