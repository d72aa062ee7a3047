/**
 * Clearing of plain limit orders without sorting them: the double auction of {@link ./auction.ts},
 * to the same prices, volumes and fills, in linear time.
 *
 * Demand less supply falls with the price; the price is where it crosses zero. Orders are counted into
 * buckets of equal width by price, the bucket of the crossing is found from the top, and only its
 * orders are looked at again, until few are left. Long books take about four passes.
 *
 * Sums are exact to far below rounding and do not depend on the order of the orders: every quantity is
 * cut at a fixed binary digit into parts whose sums have no rounding (S. M. Rump, T. Ogita and S. Oishi,
 * "Accurate floating-point summation", SIAM J. Sci. Comput. 31(1), 2008).
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";
import type { OrderBook } from "./auction.ts";

/** Relative rounding of a sum, with room for quantities such as 0.1 that binary cannot hold. */
const ROUNDING = 16 * Number.EPSILON;

/** Most buckets of a pass. */
const BUCKETS = 256;

/** Orders that are sorted by insertion. */
const FEW = 24;

/** High and middle parts of the demand and the supply in each bucket. */
const demandHigh = new Float64Array(BUCKETS + 1);
const demandMiddle = new Float64Array(BUCKETS + 1);
const supplyHigh = new Float64Array(BUCKETS + 1);
const supplyMiddle = new Float64Array(BUCKETS + 1);

/** Orders that are left: prices, and quantities, of which those of asks are negative. */
let leftPrice = new Float64Array(256);
let leftKwh = new Float64Array(256);

/** Numbers whose sum with a quantity rounds it to the last digit of its high, or middle, part. */
let bidCutHigh = 0;
let bidCutMiddle = 0;
let askCutHigh = 0;
let askCutMiddle = 0;

/** The crossing, as it is found: sums in parts, of bids above it and of asks below it. */
let price = 0;
let boughtHigh = 0;
let boughtMiddle = 0;
let soldHigh = 0;
let soldMiddle = 0;
let tiedDemand = 0;
let tiedSupply = 0;

/**
 * Clears a book of finite prices: writes fills, price, volume and interval into it. Checks nothing.
 *
 * @example
 * ```ts
 * import { createOrderBook } from "./auction.ts";
 * import { clearLimitOrders } from "./limit_orders.ts";
 * const book = createOrderBook(1);
 * book.bidCount = book.askCount = 1;
 * book.bidPricePerKwh[0] = 0.3;
 * book.bidQuantityKwh[0] = 2;
 * book.askPricePerKwh[0] = 0.1;
 * book.askQuantityKwh[0] = 2;
 * clearLimitOrders(book, 0.5);
 * if (book.clearingPrice !== 0.2 || book.volumeKwh !== 2) throw new Error("2 kWh at 0.2");
 * ```
 */
export function clearLimitOrders(book: OrderBook, priceWeight: number): void {
  const dustKwh = prepare(book);
  const found = findCrossing(book, dustKwh);
  const bids = refined(book, 1, dustKwh, boughtHigh + boughtMiddle, 1);
  const asks = refined(book, -1, dustKwh, soldHigh + soldMiddle, 1);
  tiedDemand = refined(book, 1, dustKwh, tiedDemand, 0);
  tiedSupply = refined(book, -1, dustKwh, tiedSupply, 0);
  let volume = found ? Math.min(bids + tiedDemand, asks + tiedSupply) : 0;
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
  fillSide(book, 1, dustKwh, volume, bids, tiedDemand);
  fillSide(book, -1, dustKwh, volume, asks, tiedSupply);
  // Between the crossing and the next price above nobody else would trade.
  const exact = bids - (asks + tiedSupply) <= -dustKwh;
  book.intervalLow = price;
  book.intervalHigh = exact ? price : nextAbove(book, dustKwh);
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
  const cutOfSide = side > 0 ? bidCutHigh : askCutHigh;
  if (!(sum > 0) || sum > 1e-6 * cutOfSide) return sum;
  const cut = cutOf(2 * sum);
  const cutRest = cutOf((count + 1) * cut * Number.EPSILON);
  let high = 0;
  let middle = 0;
  for (let i = 0; i < count; i++) {
    const q = quantities[i];
    if (Math.sign(side * (prices[i] - price)) !== rank || !(q >= dustKwh)) continue;
    const first = (q + cut) - cut;
    high += first;
    middle += ((q - first) + cutRest) - cutRest;
  }
  return high + middle;
}

/** Highest bid and lowest ask. */
let highest = 0;
let lowest = 0;

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
  highest = high;
  lowest = low;
  bidCutHigh = cutOf(bids);
  bidCutMiddle = cutOf((bidCount + 1) * bidCutHigh * Number.EPSILON);
  askCutHigh = cutOf(asks);
  askCutMiddle = cutOf((askCount + 1) * askCutHigh * Number.EPSILON);
  return Math.max(DUST_KWH, ROUNDING * Math.min(bids, asks));
}

/** 1.5·2ᵏ, 2ᵏ at least twice the sum: multiples of its last digit add up to it without rounding. */
function cutOf(sum: number): number {
  return 1.5 * 2 ** (Math.ceil(Math.log2(Math.max(sum, 1e-270))) + 2);
}

/** Finds the crossing; false where no bid and ask could meet. */
function findCrossing(book: OrderBook, dustKwh: number): boolean {
  boughtHigh =
    boughtMiddle =
    soldHigh =
    soldMiddle =
    tiedDemand =
    tiedSupply =
      0;
  if (!(highest >= lowest)) return false;
  const all = book.bidCount + book.askCount;
  makeRoom(all);
  const buckets = Math.min(BUCKETS, all >>> 1);
  const scale = buckets / (highest - lowest);
  // Bids below all asks and asks above all bids have no part.
  if (all > FEW && scale < Infinity) {
    bucketBook(book, dustKwh, scale, buckets);
    narrow(keepBucket(book, dustKwh, scale, crossingBucket(buckets, dustKwh)), dustKwh);
  } else narrow(keepBucket(book, dustKwh, 0, 0), dustKwh);
  return true;
}

/** Adds up demand and supply by bucket. */
function bucketBook(book: OrderBook, dustKwh: number, scale: number, buckets: number): void {
  const { bidCount, askCount, bidPricePerKwh, bidQuantityKwh, askPricePerKwh, askQuantityKwh } =
    book;
  clearBuckets(buckets);
  let high = bidCutHigh;
  let middle = bidCutMiddle;
  const from = lowest;
  const to = highest;
  for (let i = 0; i < bidCount; i++) {
    const p = bidPricePerKwh[i];
    const q = bidQuantityKwh[i];
    if (!(q >= dustKwh) || p < from) continue;
    const k = ((p - from) * scale) | 0;
    const first = (q + high) - high;
    demandHigh[k] += first;
    demandMiddle[k] += ((q - first) + middle) - middle;
  }
  high = askCutHigh;
  middle = askCutMiddle;
  for (let i = 0; i < askCount; i++) {
    const p = askPricePerKwh[i];
    const q = askQuantityKwh[i];
    if (!(q >= dustKwh) || p > to) continue;
    const k = ((p - from) * scale) | 0;
    const first = (q + high) - high;
    supplyHigh[k] += first;
    supplyMiddle[k] += ((q - first) + middle) - middle;
  }
}

function clearBuckets(count: number): void {
  demandHigh.fill(0, 0, count + 1);
  demandMiddle.fill(0, 0, count + 1);
  supplyHigh.fill(0, 0, count + 1);
  supplyMiddle.fill(0, 0, count + 1);
}

/**
 * The highest bucket below which demand, added to what lies above all buckets, exceeds what is
 * supplied from below it. Adds demand above it and supply below it to the sums.
 */
function crossingBucket(count: number, dustKwh: number): number {
  let supplyBelowHigh = soldHigh;
  let supplyBelowMiddle = soldMiddle;
  for (let k = 0; k <= count; k++) {
    supplyBelowHigh += supplyHigh[k];
    supplyBelowMiddle += supplyMiddle[k];
  }
  for (let k = count; k >= 0; k--) {
    const high = boughtHigh + demandHigh[k];
    const middle = boughtMiddle + demandMiddle[k];
    supplyBelowHigh -= supplyHigh[k];
    supplyBelowMiddle -= supplyMiddle[k];
    const excess = (high - supplyBelowHigh) + (middle - supplyBelowMiddle);
    if (excess >= dustKwh || k === 0) {
      soldHigh = supplyBelowHigh;
      soldMiddle = supplyBelowMiddle;
      return k;
    }
    boughtHigh = high;
    boughtMiddle = middle;
  }
  return 0;
}

/** Copies the orders of a bucket to those that are left; returns how many there are. */
function keepBucket(book: OrderBook, dustKwh: number, scale: number, target: number): number {
  const { bidCount, askCount, bidPricePerKwh, bidQuantityKwh, askPricePerKwh, askQuantityKwh } =
    book;
  const from = lowest;
  const to = highest;
  let left = 0;
  for (let i = 0; i < bidCount; i++) {
    const p = bidPricePerKwh[i];
    if ((((p - from) * scale) | 0) !== target || p < from) continue;
    const q = bidQuantityKwh[i];
    if (!(q >= dustKwh)) continue;
    leftPrice[left] = p;
    leftKwh[left++] = q;
  }
  for (let i = 0; i < askCount; i++) {
    const p = askPricePerKwh[i];
    if ((((p - from) * scale) | 0) !== target || p > to) continue;
    const q = askQuantityKwh[i];
    if (!(q >= dustKwh)) continue;
    leftPrice[left] = p;
    leftKwh[left++] = -q;
  }
  return left;
}

function makeRoom(count: number): void {
  if (leftPrice.length >= count) return;
  leftPrice = new Float64Array(count);
  leftKwh = new Float64Array(count);
}

/** Narrows the orders that are left down to one price. */
function narrow(count: number, dustKwh: number): void {
  let left = count;
  while (left > FEW) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < left; i++) {
      if (leftPrice[i] < low) low = leftPrice[i];
      if (leftPrice[i] > high) high = leftPrice[i];
    }
    if (low === high) break;
    // As many buckets as orders are enough; two where prices are too near for more.
    const buckets = Math.min(BUCKETS, left);
    const scale = buckets / (high - low);
    const middlePrice = low + (high - low) / 2;
    const bucketOf = (p: number) =>
      scale < Infinity ? ((p - low) * scale) | 0 : p > middlePrice ? 1 : 0;
    clearBuckets(buckets);
    for (let i = 0; i < left; i++) {
      const k = bucketOf(leftPrice[i]);
      const q = leftKwh[i];
      const first = highPart(q);
      const second = middlePart(q - first, q);
      if (q > 0) {
        demandHigh[k] += first;
        demandMiddle[k] += second;
      } else {
        supplyHigh[k] -= first;
        supplyMiddle[k] -= second;
      }
    }
    const target = crossingBucket(buckets, dustKwh);
    let kept = 0;
    for (let i = 0; i < left; i++) {
      if (bucketOf(leftPrice[i]) !== target) continue;
      leftPrice[kept] = leftPrice[i];
      leftKwh[kept++] = leftKwh[i];
    }
    left = kept;
  }
  finishFew(left, dustKwh);
}

/** The crossing among few orders, or among orders of one price. */
function finishFew(left: number, dustKwh: number): void {
  if (left <= FEW) sortFew(left);
  let supplyBelowHigh = soldHigh;
  let supplyBelowMiddle = soldMiddle;
  for (let i = 0; i < left; i++) {
    if (leftKwh[i] > 0) continue;
    const first = highPart(leftKwh[i]);
    supplyBelowHigh -= first;
    supplyBelowMiddle -= middlePart(leftKwh[i] - first, leftKwh[i]);
  }
  for (let from = 0; from < left;) {
    let high = 0;
    let middle = 0;
    let asksHigh = 0;
    let asksMiddle = 0;
    let to = from;
    for (; to < left && leftPrice[to] === leftPrice[from]; to++) {
      const q = leftKwh[to];
      const first = highPart(q);
      const second = middlePart(q - first, q);
      if (q > 0) {
        high += first;
        middle += second;
      } else {
        asksHigh -= first;
        asksMiddle -= second;
      }
    }
    supplyBelowHigh -= asksHigh;
    supplyBelowMiddle -= asksMiddle;
    const excess = (boughtHigh + high - supplyBelowHigh) +
      (boughtMiddle + middle - supplyBelowMiddle);
    if (excess >= dustKwh || to === left) {
      price = leftPrice[from];
      tiedDemand = high + middle;
      tiedSupply = asksHigh + asksMiddle;
      soldHigh = supplyBelowHigh;
      soldMiddle = supplyBelowMiddle;
      return;
    }
    boughtHigh += high;
    boughtMiddle += middle;
    from = to;
  }
}

/** High part of a quantity, which is negative for asks. */
function highPart(quantity: number): number {
  const cut = quantity > 0 ? bidCutHigh : askCutHigh;
  return (quantity + cut) - cut;
}

/** Middle part of what the high part leaves of a quantity. */
function middlePart(rest: number, quantity: number): number {
  const cut = quantity > 0 ? bidCutMiddle : askCutMiddle;
  return (rest + cut) - cut;
}

/** Sorts the orders that are left by falling price. */
function sortFew(count: number): void {
  for (let i = 1; i < count; i++) {
    const p = leftPrice[i];
    const q = leftKwh[i];
    let j = i - 1;
    for (; j >= 0 && leftPrice[j] < p; j--) {
      leftPrice[j + 1] = leftPrice[j];
      leftKwh[j + 1] = leftKwh[j];
    }
    leftPrice[j + 1] = p;
    leftKwh[j + 1] = q;
  }
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
  let margin = price;
  let before = better;
  let level = tied;
  const rounding = ROUNDING * volume;
  if (better - volume > rounding) {
    // Not even what is better can be served in full.
    margin = side * Infinity;
    for (let i = 0; i < count; i++) {
      const p = prices[i];
      if (side * (p - price) > 0 && quantities[i] >= dustKwh && side * (p - margin) < 0) margin = p;
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

/** Lowest price above the crossing, among orders that are not dust. [currency/kWh] */
function nextAbove(book: OrderBook, dustKwh: number): number {
  let next = Infinity;
  for (let i = 0; i < book.bidCount; i++) {
    const p = book.bidPricePerKwh[i];
    if (p > price && p < next && book.bidQuantityKwh[i] >= dustKwh) next = p;
  }
  for (let i = 0; i < book.askCount; i++) {
    const p = book.askPricePerKwh[i];
    if (p > price && p < next && book.askQuantityKwh[i] >= dustKwh) next = p;
  }
  return next;
}
