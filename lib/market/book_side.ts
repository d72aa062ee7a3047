/**
 * One side of an order book: its orders, and its depth curve, the price levels from the best on
 * with the quantity that stands at each price or better.
 *
 * The hot kernel of the auction: typed arrays in, typed arrays out, nothing allocated. Merge sort
 * with short ranges by counting: O(n log n).
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";

/** Relative rounding of a sum, with room for quantities such as 0.1 that binary cannot hold. */
const ROUNDING = 16 * Number.EPSILON;

/** Orders of one side, their price levels, and the scratch that those are built in. */
export interface BookSide {
  /** -1 for bids, where a high price is better; 1 for asks. */
  readonly sign: 1 | -1;
  /** Limit of each order, finite. [currency/kWh] */
  readonly orderPricePerKwh: Float64Array;
  /** Quantity of each order, ≥ 0. [kWh] */
  readonly orderQuantityKwh: Float64Array;
  /** Output: traded quantity of each order. [kWh] */
  readonly orderFillKwh: Float64Array;
  /**
   * Output: price of level k ≥ 1 at `[k]`, best first. At `[0]` stands a price better than any,
   * beyond the last level one worse than any. [currency/kWh]
   */
  readonly levelPricePerKwh: Float64Array;
  /** Output: quantity at level k or better at `[k]`; 0 at `[0]`. [kWh] */
  readonly depthKwh: Float64Array;
  /** Scratch: prices times `sign`, sorted. */
  readonly key: Float64Array;
  /** Scratch: the quantities that move with the keys. */
  readonly quantity: Float64Array;
  /** Scratch: keys of one half of a merge. */
  readonly spareKey: Float64Array;
  /** Scratch: quantities of one half of a merge. */
  readonly spareQuantity: Float64Array;
}

/** An empty side with room for `capacity` orders. */
export function createBookSide(sign: 1 | -1, capacity: number): BookSide {
  const spare = Math.max((capacity + 1) >>> 1, Math.min(capacity, SHORT_RANGE));
  return {
    sign,
    orderPricePerKwh: new Float64Array(capacity),
    orderQuantityKwh: new Float64Array(capacity),
    orderFillKwh: new Float64Array(capacity),
    levelPricePerKwh: new Float64Array(capacity + 2),
    depthKwh: new Float64Array(capacity + 2),
    key: new Float64Array(capacity),
    quantity: new Float64Array(capacity),
    spareKey: new Float64Array(spare),
    spareQuantity: new Float64Array(spare),
  };
}

/** Quantity below which an order or a remainder of one is dust. [kWh] */
export function dustOf(bids: BookSide, bidCount: number, asks: BookSide, askCount: number): number {
  const shorterSideKwh = Math.min(totalKwh(bids, bidCount), totalKwh(asks, askCount));
  return Math.max(DUST_KWH, ROUNDING * shorterSideKwh);
}

/**
 * Builds the depth curve of the first `count` orders; those below `dustKwh` are left out.
 *
 * @example
 * ```ts
 * import { buildDepth, createBookSide } from "./book_side.ts";
 * const bids = createBookSide(-1, 3);
 * bids.orderPricePerKwh.set([0.2, 0.3, 0.2]);
 * bids.orderQuantityKwh.set([1, 2, 4]);
 * buildDepth(bids, 3, 1e-9);
 * if (bids.levelPricePerKwh[1] !== 0.3 || bids.depthKwh[1] !== 2) throw new Error("2 kWh at 0.3");
 * if (bids.levelPricePerKwh[2] !== 0.2 || bids.depthKwh[2] !== 7) throw new Error("7 kWh at 0.2");
 * ```
 */
export function buildDepth(side: BookSide, count: number, dustKwh: number): void {
  const { sign, orderPricePerKwh, orderQuantityKwh, levelPricePerKwh, depthKwh } = side;
  const { key, quantity } = side;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    if (!(orderQuantityKwh[i] >= dustKwh)) continue;
    key[kept] = sign * orderPricePerKwh[i];
    quantity[kept++] = orderQuantityKwh[i];
  }
  sortRange(side, 0, kept);
  let level = 0;
  levelPricePerKwh[0] = -sign * Infinity;
  // Neumaier's compensated sum: right to the last digit for a million orders in any order.
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < kept; i++) {
    const q = quantity[i];
    const total = sum + q;
    lost += sum >= q ? (sum - total) + q : (q - total) + sum;
    sum = total;
    if (i === 0 || key[i] !== key[i - 1]) levelPricePerKwh[++level] = sign * key[i];
    depthKwh[level] = sum + lost;
  }
  levelPricePerKwh[level + 1] = sign * Infinity;
}

/**
 * Fills the first `count` orders up to `volumeKwh`: those better than price level `level` in full,
 * those at it pro rata, the rest and those below `dustKwh` not at all.
 */
export function fillOrders(
  side: BookSide,
  count: number,
  dustKwh: number,
  level: number,
  volumeKwh: number,
): void {
  const { sign, orderPricePerKwh, orderQuantityKwh, orderFillKwh, depthKwh } = side;
  const marginalPrice = side.levelPricePerKwh[level];
  const leftKwh = depthKwh[level] - volumeKwh;
  const share = leftKwh <= ROUNDING * volumeKwh
    ? 1
    : (volumeKwh - depthKwh[level - 1]) / (depthKwh[level] - depthKwh[level - 1]);
  for (let i = 0; i < count; i++) {
    const quantity = orderQuantityKwh[i];
    const behind = sign * (orderPricePerKwh[i] - marginalPrice);
    if (behind > 0 || !(quantity >= dustKwh)) orderFillKwh[i] = 0;
    else orderFillKwh[i] = behind < 0 ? quantity : quantity * share;
  }
}

function totalKwh({ orderQuantityKwh }: BookSide, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += orderQuantityKwh[i];
  return total;
}

/** Longest range that is sorted by counting faster than by merging. */
const SHORT_RANGE = 16;

function sortRange(side: BookSide, from: number, to: number): void {
  if (to - from <= SHORT_RANGE) {
    sortByCounting(side, from, to);
    return;
  }
  const middle = (from + to) >>> 1;
  sortRange(side, from, middle);
  sortRange(side, middle, to);
  mergeHalves(side, from, middle, to);
}

/**
 * Puts every order behind as many as are better, or as good and before it. Comparisons are counted and
 * decide no branch, which processors would guess wrong half of the time.
 */
function sortByCounting(side: BookSide, from: number, to: number): void {
  const { key, quantity, spareKey, spareQuantity } = side;
  const count = to - from;
  for (let i = 0; i < count; i++) {
    spareKey[i] = key[from + i];
    spareQuantity[i] = quantity[from + i];
  }
  for (let i = 0; i < count; i++) {
    const k = spareKey[i];
    let place = from;
    for (let j = 0; j < i; j++) place += Number(spareKey[j] <= k);
    for (let j = i + 1; j < count; j++) place += Number(spareKey[j] < k);
    key[place] = k;
    quantity[place] = spareQuantity[i];
  }
}

function mergeHalves(side: BookSide, from: number, middle: number, to: number): void {
  const { key, quantity, spareKey, spareQuantity } = side;
  if (key[middle - 1] <= key[middle]) return;
  const lefts = middle - from;
  for (let i = 0; i < lefts; i++) {
    spareKey[i] = key[from + i];
    spareQuantity[i] = quantity[from + i];
  }
  let right = middle;
  for (let left = 0, out = from; left < lefts; out++) {
    const takeRight = right < to && key[right] < spareKey[left];
    key[out] = takeRight ? key[right] : spareKey[left];
    quantity[out] = takeRight ? quantity[right++] : spareQuantity[left++];
  }
}
