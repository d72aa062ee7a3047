/**
 * Curves of the stores: every store's value curve cut into pieces, each a price and an energy at
 * the meter.
 *
 * A store with energy e charges from `chargeLeastKwh` to `chargeMostKwh` and discharges up to
 * `dischargeMostKwh`. Charging by x lifts its energy by `storedPerKwh · x`, discharging by x lowers
 * it by `drawnPerKwh · x`. Its pieces stand at
 *
 *     bid = storedPerKwh · w(e)        ask = max(drawnPerKwh · w(e) + wearPerKwh, highest bid)
 *
 * What must be charged is bid at `storedPerKwh · unmetPerKwh`, or at the curve's bid where that is
 * higher. An affine curve is cut into four equal pieces each way, priced at their middles, beside what
 * must be charged; steps are cut where they begin. Prices are whole numbers of 1e-6 currency/kWh, so that sums and comparisons of
 * prices are exact. Pieces of a store stand by falling price: its last discharge first, its last
 * charge at the end.
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";
import { AFFINE_PIECES, type MarketBook, MAX_STEPS, STORE_FLAGS } from "./market_book.ts";

/** Prices are whole numbers of this fraction of the currency. */
export const PRICE_UNITS = 1e6;

/** Largest price that a book takes; it reads larger ones as this. [currency/kWh] */
export const LARGEST_PRICE_PER_KWH = 1e6;
const LARGEST_PRICE = LARGEST_PRICE_PER_KWH * PRICE_UNITS;

/** Largest energy of a book. [kWh] */
const LARGEST_KWH = 1e12;

/** The pieces of the stores of one community. */
export interface StoreCurves {
  /** First piece of each store, and behind the last store the end of all. `[stores + 1]` */
  readonly first: Int32Array;
  /** First piece of each store that charges. `[stores]` */
  readonly firstCharge: Int32Array;
  /** Price of each piece; behind them two places for a load and a sun. `[pieces + 2]` [1e-6 currency/kWh] */
  readonly price: Float64Array;
  /** Energy of each piece at the meter. `[pieces + 2]` [kWh] */
  readonly kwh: Float64Array;
  /** All that can be discharged. [kWh] */
  dischargeKwh: number;
  /** All that can be charged. [kWh] */
  chargeKwh: number;
  /** Whether any ask was raised to a bid. */
  raised: boolean;
  /** Scratch: what the latest store's first charging is worth to it. [1e-6 currency/kWh] */
  highestBid: number;
}

/** Room for the pieces of `stores` stores of up to `steps` steps. */
export function createStoreCurves(stores: number, steps: number): StoreCurves {
  const most = stores * (Math.max(2 * AFFINE_PIECES, steps + 1) + 1) + 2;
  return {
    first: new Int32Array(stores + 1),
    firstCharge: new Int32Array(stores),
    price: new Float64Array(most),
    kwh: new Float64Array(most),
    dischargeKwh: 0,
    chargeKwh: 0,
    raised: false,
    highestBid: 0,
  };
}

/** A price in whole units; NaN becomes 0. [1e-6 currency/kWh] */
export function priceUnits(pricePerKwh: number): number {
  const units = Math.floor(pricePerKwh * PRICE_UNITS + 0.5);
  if (units >= -LARGEST_PRICE && units <= LARGEST_PRICE) return units;
  return units > LARGEST_PRICE ? LARGEST_PRICE : units < -LARGEST_PRICE ? -LARGEST_PRICE : 0;
}

/** An energy of the book; what is none, or negative, is 0. [kWh] */
export function energyOf(kwh: number): number {
  return kwh > 0 ? Math.min(kwh, LARGEST_KWH) : 0;
}

/** Whether an energy needs no {@linkcode energyOf}. */
export function isEnergy(kwh: number): boolean {
  return kwh >= 0 && kwh <= LARGEST_KWH;
}

/**
 * Cuts the curves of community `c` into pieces. What is worth more than `most` is bid at it.
 * [1e-6 currency/kWh]
 */
export function buildStoreCurves(
  book: MarketBook,
  c: number,
  curves: StoreCurves,
  most: number,
): void {
  const { stores, chargeMostKwh, dischargeMostKwh, chargeLeastKwh, stepCount, storeFlags } = book;
  const { first, firstCharge, price, kwh } = curves;
  let piece = 0;
  let allCharge = 0;
  let allDischarge = 0;
  curves.raised = false;
  for (let k = 0, s = c * stores; k < stores; k++, s++) {
    const stored = book.storedPerKwh[s];
    const drawn = book.drawnPerKwh[s];
    const charge = chargeMostKwh[s];
    const must = chargeLeastKwh[s];
    const discharge = must > 0 ? 0 : dischargeMostKwh[s];
    const start = piece;
    first[k] = firstCharge[k] = start;
    storeFlags[s] = 0;
    const possible = must >= 0 && must <= charge && charge <= LARGEST_KWH &&
      discharge >= 0 && discharge <= LARGEST_KWH && stored > 0 && stored < Infinity &&
      drawn > 0 && drawn < Infinity;
    if (!possible) {
      storeFlags[s] = STORE_FLAGS.idle;
      continue;
    }
    const valued = stepCount[s] === 0 ? isAffine(book, s) : hasSteps(book, s);
    if (!valued) storeFlags[s] |= STORE_FLAGS.idle;
    if (valued && discharge > 0) {
      piece = stepCount[s] === 0
        ? affineDischarge(book, s, curves, piece)
        : steppedDischarge(book, s, curves, piece);
      allDischarge += discharge;
    }
    firstCharge[k] = piece;
    curves.highestBid = -Infinity;
    const stepped = valued && stepCount[s] !== 0;
    if (must > 0 && !stepped) {
      curves.highestBid = priceUnits(stored * book.unmetPerKwh[s]);
      price[piece] = Math.min(most, curves.highestBid);
      kwh[piece++] = must;
    }
    if (stepped) piece = steppedCharge(book, s, curves, piece, most);
    else if (valued && charge > must) piece = affineCharge(book, s, curves, piece, most);
    allCharge += valued ? charge : must;
    const begin = firstCharge[k];
    if (begin < piece) {
      // What must be charged is the first that is charged.
      if (must > 0 && !stepped && begin + 1 < piece && price[begin + 1] > price[begin]) {
        price[begin] = price[begin + 1];
      }
      if (begin > start && curves.highestBid > price[begin - 1]) {
        for (let j = start; j < begin; j++) price[j] = Math.max(price[j], curves.highestBid);
        storeFlags[s] |= STORE_FLAGS.raised;
        curves.raised = true;
      }
    }
  }
  first[stores] = piece;
  curves.chargeKwh = allCharge;
  curves.dischargeKwh = allDischarge;
}

function isAffine({ valuePerKwh, fallPerKwh, storeFlags }: MarketBook, s: number): boolean {
  const fall = fallPerKwh[s];
  if (fall < 0) storeFlags[s] |= STORE_FLAGS.flattened;
  // The difference of an infinite number from itself is none.
  return valuePerKwh[s] - valuePerKwh[s] === 0 && fall - fall === 0;
}

function affineDischarge(
  book: MarketBook,
  s: number,
  { price, kwh }: StoreCurves,
  piece: number,
): number {
  const drawn = book.drawnPerKwh[s];
  const width = book.dischargeMostKwh[s] / AFFINE_PIECES;
  const fall = Math.max(0, book.fallPerKwh[s]);
  const first = drawn * book.valuePerKwh[s] + book.wearPerKwh[s];
  const rise = drawn * drawn * fall * width;
  for (let j = AFFINE_PIECES - 1; j >= 0; j--) {
    price[piece] = priceUnits(first + rise * (j + 0.5));
    kwh[piece++] = width;
  }
  return piece;
}

function affineCharge(
  book: MarketBook,
  s: number,
  curves: StoreCurves,
  piece: number,
  most: number,
): number {
  const { price, kwh } = curves;
  const stored = book.storedPerKwh[s];
  const must = book.chargeLeastKwh[s];
  const width = (book.chargeMostKwh[s] - must) / AFFINE_PIECES;
  const slope = stored * stored * Math.max(0, book.fallPerKwh[s]);
  const first = stored * book.valuePerKwh[s] - slope * must;
  const fall = slope * width;
  curves.highestBid = Math.max(curves.highestBid, priceUnits(first - fall * 0.5));
  for (let j = 0; j < AFFINE_PIECES; j++) {
    price[piece] = Math.min(most, priceUnits(first - fall * (j + 0.5)));
    kwh[piece++] = width;
  }
  return piece;
}

/** Whether the steps are numbers and ascend; flags those that rise. */
function hasSteps(book: MarketBook, s: number): boolean {
  const { steps, stepCount, stepFromKwh, stepValuePerKwh, energyKwh, storeFlags } = book;
  const count = stepCount[s];
  if (!(count >= 1 && count <= steps) || energyKwh[s] - energyKwh[s] !== 0) return false;
  const at = s * steps;
  for (let k = at; k < at + count; k++) {
    if (stepValuePerKwh[k] - stepValuePerKwh[k] !== 0) return false;
    // The first step has no beginning.
    if (k > at + 1 && !(stepFromKwh[k] >= stepFromKwh[k - 1])) return false;
    if (k === at + 1 && stepFromKwh[k] !== stepFromKwh[k]) return false;
    if (k > at && stepValuePerKwh[k] > stepValuePerKwh[k - 1]) {
      storeFlags[s] |= STORE_FLAGS.flattened;
    }
  }
  return true;
}

/** Values of the steps made non-increasing, one store at a time. */
const flat = new Float64Array(MAX_STEPS);

/** Fills {@linkcode flat} and returns the step that holds the present energy. */
function flatten(
  { steps, stepCount, stepFromKwh, stepValuePerKwh, energyKwh }: MarketBook,
  s: number,
) {
  const at = s * steps;
  let least = Infinity;
  let present = 0;
  for (let k = 0; k < stepCount[s]; k++) {
    least = Math.min(least, stepValuePerKwh[at + k]);
    flat[k] = least;
    if (k > 0 && stepFromKwh[at + k] <= energyKwh[s]) present = k;
  }
  return present;
}

/** How far a piece goes; what would be left of less than dust belongs to it. */
function reachOf(kwh: number, most: number): number {
  return most - kwh >= DUST_KWH ? kwh : most;
}

function steppedDischarge(
  book: MarketBook,
  s: number,
  { price, kwh }: StoreCurves,
  piece: number,
): number {
  const { steps, stepFromKwh, energyKwh } = book;
  const at = s * steps;
  const drawn = book.drawnPerKwh[s];
  const all = book.dischargeMostKwh[s];
  const begin = piece;
  let done = 0;
  for (let k = flatten(book, s); k >= 0 && done < all; k--) {
    const reach = k === 0 ? all : reachOf((energyKwh[s] - stepFromKwh[at + k]) / drawn, all);
    if (reach < all && !(reach - done >= DUST_KWH)) continue;
    price[piece] = priceUnits(drawn * flat[k] + book.wearPerKwh[s]);
    kwh[piece++] = reach - done;
    done = reach;
  }
  // The deepest comes first.
  for (let low = begin, high = piece - 1; low < high; low++, high--) {
    const heldPrice = price[low];
    const heldKwh = kwh[low];
    price[low] = price[high];
    kwh[low] = kwh[high];
    price[high] = heldPrice;
    kwh[high] = heldKwh;
  }
  return piece;
}

function steppedCharge(
  book: MarketBook,
  s: number,
  curves: StoreCurves,
  piece: number,
  most: number,
): number {
  const { price, kwh } = curves;
  const { steps, stepCount, stepFromKwh, energyKwh } = book;
  const at = s * steps;
  const stored = book.storedPerKwh[s];
  const all = book.chargeMostKwh[s];
  const must = book.chargeLeastKwh[s];
  const unmet = priceUnits(stored * book.unmetPerKwh[s]);
  let done = 0;
  for (let k = flatten(book, s); k < stepCount[s] && done < all; k++) {
    const last = k === stepCount[s] - 1;
    const reach = last ? all : reachOf((stepFromKwh[at + k + 1] - energyKwh[s]) / stored, all);
    if (reach < all && !(reach - done >= DUST_KWH)) continue;
    const bid = priceUnits(stored * flat[k]);
    if (done < must) {
      const until = Math.min(must, reachOf(reach, must));
      price[piece] = Math.min(most, Math.max(bid, unmet));
      kwh[piece++] = until - done;
      done = until;
    }
    if (reach < all && !(reach - done >= DUST_KWH)) continue;
    if (!(reach > done)) continue;
    if (bid > curves.highestBid) curves.highestBid = bid;
    price[piece] = Math.min(most, bid);
    kwh[piece++] = reach - done;
    done = reach;
  }
  return piece;
}
