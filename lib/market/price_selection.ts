/**
 * Where a falling curve crosses zero, without sorting it.
 *
 * The curve is given by its value above all prices and by entries, each a price and an energy by
 * which the curve is higher below that price. Around a pivot the half that holds the crossing is kept:
 * linear time. Pivots are where a straight line between the ends would cross, and every third the
 * middle of the range: prices are whole numbers of bounded size, so that no book takes more than a
 * bounded number of passes.
 *
 * @module
 */

/** Entries, and what is found. */
export interface Selection {
  /** Price of each entry. */
  readonly price: Float64Array;
  /** Energy of each entry. [kWh] */
  readonly kwh: Float64Array;
  /** Scratch: prices of entries that are left. */
  readonly leftPrice: Float64Array;
  /** Scratch: energies of entries that are left. [kWh] */
  readonly leftKwh: Float64Array;
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
    leftPrice: new Float64Array(capacity + 1),
    leftKwh: new Float64Array(capacity + 1),
    low: 0,
    high: 0,
  };
}

/** Entries that are sorted by insertion. */
const FEW = 12;

/**
 * Finds where the curve of the first `count` entries crosses zero.
 *
 * @param top Value of the curve above all prices. [kWh]
 * @param tolerance What is no larger counts as zero. [kWh]
 * @param below A price below all entries, or at the lowest, where it is known.
 * @param above A price above all entries, or at the highest.
 * @param end Value of the curve below all prices. [kWh]
 */
export function selectPrice(
  selection: Selection,
  count: number,
  top: number,
  tolerance: number,
  below: number = NaN,
  above: number = NaN,
  end: number = NaN,
): void {
  const { leftPrice, leftKwh } = selection;
  let { price, kwh } = selection;
  let left = count;
  // The curve at the ends of the range of prices that is left.
  let value = top;
  let bottom = end;
  let least = below;
  let most = above;
  let crosses = end > tolerance;
  for (let pass = 0; left > FEW; pass++) {
    if (!(least < most)) {
      least = Infinity;
      most = -Infinity;
      bottom = value;
      for (let i = 0; i < left; i++) {
        const p = price[i];
        least = Math.min(least, p);
        most = Math.max(most, p);
        bottom += kwh[i];
      }
      if (least === most) break;
    }
    const part = pass % 3 === 2 ? 0.5 : value / (value - bottom);
    let pivot = most - (most - least) * part;
    if (!(pivot >= least && pivot < most)) pivot = least + (most - least) / 2;
    let atPivot = value;
    for (let i = 0; i < left; i++) atPivot += kwh[i] * Number(price[i] > pivot);
    const isAbove = atPivot > tolerance;
    // Comparisons that decide no branch, which processors would guess wrong half of the time.
    const wanted = Number(isAbove);
    let kept = 0;
    for (let i = 0; i < left; i++) {
      const p = price[i];
      leftPrice[kept] = p;
      leftKwh[kept] = kwh[i];
      kept += Number(Number(p > pivot) === wanted);
    }
    // Where nothing was left out, the range is looked up.
    if (kept === left) least = NaN;
    else if (isAbove) least = pivot;
    else most = pivot;
    if (isAbove) {
      bottom = atPivot;
      crosses = true;
    } else value = atPivot;
    left = kept;
    price = leftPrice;
    kwh = leftKwh;
  }
  sortFew(price, kwh, left, leftPrice, leftKwh);
  let before = value;
  for (let i = 0; i < left; i++) {
    if (i > 0 && leftPrice[i] !== leftPrice[i - 1]) before = value;
    value += leftKwh[i];
    if (value > tolerance) {
      finish(selection, count, leftPrice[i], before, tolerance);
      return;
    }
  }
  // Sums that round otherwise may leave a crossing that there is at the end of what was kept.
  if (crosses && left > 0) finish(selection, count, leftPrice[left - 1], before, tolerance);
  else finish(selection, count, -Infinity, value, tolerance);
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

/** Sorts a few orders by falling price into other columns, or where they stand. */
export function sortFew(
  price: Float64Array,
  kwh: Float64Array,
  count: number,
  toPrice: Float64Array,
  toKwh: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const p = price[i];
    const q = kwh[i];
    let j = i - 1;
    for (; j >= 0 && toPrice[j] < p; j--) {
      toPrice[j + 1] = toPrice[j];
      toKwh[j + 1] = toKwh[j];
    }
    toPrice[j + 1] = p;
    toKwh[j + 1] = q;
  }
}
