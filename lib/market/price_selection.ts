/**
 * Where a falling curve crosses zero, without sorting it.
 *
 * The curve is given by its value above all prices and by entries, each a price and an energy by
 * which the curve is higher below that price. Selection by partition around a pivot: linear time.
 * Pivots are the median of three and, in turn, the middle between the extremes: prices are whole
 * numbers of bounded size, so that no book takes more than a bounded number of passes.
 *
 * @module
 */

/** Entries, which are put into another order, and what is found. */
export interface Selection {
  /** Price of each entry. */
  readonly price: Float64Array;
  /** Energy of each entry. [kWh] */
  readonly kwh: Float64Array;
  /** Found: highest price below which the curve is above zero; −∞ where there is none. */
  low: number;
  /** Found: lowest price above which it is below zero; ∞ where there is none. */
  high: number;
}

/** Room for `capacity` entries. */
export function createSelection(capacity: number): Selection {
  return {
    price: new Float64Array(capacity),
    kwh: new Float64Array(capacity),
    low: 0,
    high: 0,
  };
}

/** Entries that are sorted by insertion. */
const FEW = 24;

/**
 * Finds where the curve of the first `count` entries crosses zero.
 *
 * @param top Value of the curve above all prices. [kWh]
 * @param tolerance What is no larger counts as zero. [kWh]
 */
export function selectPrice(
  selection: Selection,
  count: number,
  top: number,
  tolerance: number,
): void {
  const { price, kwh } = selection;
  let from = 0;
  let to = count;
  let value = top;
  let byMedian = true;
  while (to - from > FEW) {
    const pivot = byMedian ? medianOfThree(price, from, to) : middleOf(price, from, to);
    byMedian = !byMedian;
    // [from, above) is above the pivot, [above, i) is at it, [below, to) is below it.
    let above = from;
    let below = to;
    let aboveKwh = 0;
    let atKwh = 0;
    for (let i = from; i < below;) {
      const p = price[i];
      const q = kwh[i];
      if (p > pivot) {
        aboveKwh += q;
        price[i] = price[above];
        kwh[i++] = kwh[above];
        price[above] = p;
        kwh[above++] = q;
      } else if (p < pivot) {
        below--;
        price[i] = price[below];
        kwh[i] = kwh[below];
        price[below] = p;
        kwh[below] = q;
      } else {
        atKwh += q;
        i++;
      }
    }
    if (value + aboveKwh > tolerance) {
      to = above;
    } else if (value + aboveKwh + atKwh > tolerance) {
      finish(selection, count, pivot, value + aboveKwh, tolerance);
      return;
    } else {
      value += aboveKwh + atKwh;
      from = below;
    }
  }
  for (let i = from + 1; i < to; i++) {
    const p = price[i];
    const q = kwh[i];
    let j = i - 1;
    for (; j >= from && price[j] < p; j--) {
      price[j + 1] = price[j];
      kwh[j + 1] = kwh[j];
    }
    price[j + 1] = p;
    kwh[j + 1] = q;
  }
  let before = value;
  for (let i = from; i < to; i++) {
    if (i > from && price[i] !== price[i - 1]) before = value;
    value += kwh[i];
    if (value > tolerance) {
      finish(selection, count, price[i], before, tolerance);
      return;
    }
  }
  finish(selection, count, -Infinity, value, tolerance);
}

/** The curve is above zero below `low`, and has `value` just above it. */
function finish(
  selection: Selection,
  count: number,
  low: number,
  value: number,
  tolerance: number,
): void {
  selection.low = selection.high = low;
  if (value < -tolerance) return;
  let high = Infinity;
  for (let i = 0; i < count; i++) {
    const p = selection.price[i];
    if (p > low && p < high && selection.kwh[i] > tolerance) high = p;
  }
  selection.high = high;
}

function medianOfThree(price: Float64Array, from: number, to: number): number {
  const a = price[from];
  const b = price[(from + to) >>> 1];
  const c = price[to - 1];
  return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

/** A pivot that halves the range of prices. */
function middleOf(price: Float64Array, from: number, to: number): number {
  let least = Infinity;
  let most = -Infinity;
  for (let i = from; i < to; i++) {
    if (price[i] < least) least = price[i];
    if (price[i] > most) most = price[i];
  }
  return least + (most - least) / 2;
}
