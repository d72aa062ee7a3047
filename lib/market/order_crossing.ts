/**
 * Where demand and supply of a book of limit orders cross, without sorting it.
 *
 * Demand less supply falls with the price; the price is where it crosses zero. Orders are counted into
 * buckets of equal width by price, the bucket of the crossing is found from the top, and only its
 * orders are looked at again, until few are left. Long books take about four passes. Sums are exact,
 * see {@link ./crossing.ts}, and so do not depend on the order of the orders.
 *
 * @module
 */

import { crossing, highPart, middlePart } from "./crossing.ts";
import type { OrderBook } from "./order_book.ts";
import { sortFew } from "./price_selection.ts";

const { cuts } = crossing;
/** Most buckets of a pass. */
const BUCKETS = 256;
/** Orders that are sorted by insertion. */
const FEW = 24;

/** Parts of the demand and the supply in each bucket. */
const demandHigh = new Float64Array(BUCKETS + 1);
const demandMiddle = new Float64Array(BUCKETS + 1);
const supplyHigh = new Float64Array(BUCKETS + 1);
const supplyMiddle = new Float64Array(BUCKETS + 1);

/** Orders that are left: prices, and quantities, of which those of asks are negative. */
let leftPrice = new Float64Array(256);
let leftKwh = new Float64Array(256);

/** Finds the crossing; false where no bid and ask could meet. */
export function findCrossing(book: OrderBook, dustKwh: number): boolean {
  crossing.boughtHigh = crossing.boughtMiddle = 0;
  crossing.soldHigh = crossing.soldMiddle = 0;
  crossing.tiedDemand = crossing.tiedSupply = 0;
  if (!(crossing.highest >= crossing.lowest)) return false;
  const all = book.bidCount + book.askCount;
  makeRoom(all);
  const buckets = Math.min(BUCKETS, all >>> 1);
  const scale = buckets / (crossing.highest - crossing.lowest);
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
  let high = cuts.bidHigh;
  let middle = cuts.bidMiddle;
  const from = crossing.lowest;
  const to = crossing.highest;
  for (let i = 0; i < bidCount; i++) {
    const p = bidPricePerKwh[i];
    const q = bidQuantityKwh[i];
    if (!(q >= dustKwh) || p < from) continue;
    const k = ((p - from) * scale) | 0;
    const first = (q + high) - high;
    demandHigh[k] += first;
    demandMiddle[k] += ((q - first) + middle) - middle;
  }
  high = cuts.askHigh;
  middle = cuts.askMiddle;
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
  let supplyBelowHigh = crossing.soldHigh;
  let supplyBelowMiddle = crossing.soldMiddle;
  for (let k = 0; k <= count; k++) {
    supplyBelowHigh += supplyHigh[k];
    supplyBelowMiddle += supplyMiddle[k];
  }
  for (let k = count; k >= 0; k--) {
    const high = crossing.boughtHigh + demandHigh[k];
    const middle = crossing.boughtMiddle + demandMiddle[k];
    supplyBelowHigh -= supplyHigh[k];
    supplyBelowMiddle -= supplyMiddle[k];
    const excess = (high - supplyBelowHigh) + (middle - supplyBelowMiddle);
    if (excess >= dustKwh || k === 0) {
      crossing.soldHigh = supplyBelowHigh;
      crossing.soldMiddle = supplyBelowMiddle;
      return k;
    }
    crossing.boughtHigh = high;
    crossing.boughtMiddle = middle;
  }
  return 0;
}

/** Copies the orders of a bucket to those that are left; returns how many there are. */
function keepBucket(book: OrderBook, dustKwh: number, scale: number, target: number): number {
  const { bidCount, askCount, bidPricePerKwh, bidQuantityKwh, askPricePerKwh, askQuantityKwh } =
    book;
  const from = crossing.lowest;
  const to = crossing.highest;
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
      const first = highPart(cuts, q);
      const second = middlePart(cuts, q - first, q);
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
  if (left <= FEW) sortFew(leftPrice, leftKwh, left, leftPrice, leftKwh);
  let supplyBelowHigh = crossing.soldHigh;
  let supplyBelowMiddle = crossing.soldMiddle;
  for (let i = 0; i < left; i++) {
    if (leftKwh[i] > 0) continue;
    const first = highPart(cuts, leftKwh[i]);
    supplyBelowHigh -= first;
    supplyBelowMiddle -= middlePart(cuts, leftKwh[i] - first, leftKwh[i]);
  }
  for (let from = 0; from < left;) {
    let high = 0;
    let middle = 0;
    let asksHigh = 0;
    let asksMiddle = 0;
    let to = from;
    for (; to < left && leftPrice[to] === leftPrice[from]; to++) {
      const q = leftKwh[to];
      const first = highPart(cuts, q);
      const second = middlePart(cuts, q - first, q);
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
    const excess = (crossing.boughtHigh + high - supplyBelowHigh) +
      (crossing.boughtMiddle + middle - supplyBelowMiddle);
    if (excess >= dustKwh || to === left) {
      crossing.price = leftPrice[from];
      crossing.tiedDemand = high + middle;
      crossing.tiedSupply = asksHigh + asksMiddle;
      crossing.soldHigh = supplyBelowHigh;
      crossing.soldMiddle = supplyBelowMiddle;
      return;
    }
    crossing.boughtHigh += high;
    crossing.boughtMiddle += middle;
    from = to;
  }
}
