/**
 * The book of a slot as bids and asks, to be drawn: who would take and give how much at which price
 * of the market, and where that was cleared.
 *
 * @module
 */

import type { Order, Orders } from "./auction.ts";
import { buildStoreCurves, PRICE_UNITS } from "./curves.ts";
import { gridStepKwh, gridStepUnits } from "./grid_ask.ts";
import { splitByFee } from "./home_curve.ts";
import type { MarketBook } from "./market_book.ts";
import { createWorkspace, readTerms } from "./workspace.ts";

/**
 * A cleared book: `grid` is of all together, and a store has an order of its name for each piece of its
 * curve. `load` and `sun` are of all together too, unless homes were named.
 */
export interface ClearedOrders extends Orders {
  /** Price; `null` where there is none. [currency/kWh] */
  readonly pricePerKwh: number | null;
  /** Energy that was taken at it, from whomever. [kWh] */
  readonly matchedKwh: number;
}

/** Which community of a book, and what to call its homes. */
export interface OrdersOptions {
  /** Number of the community; the first if absent. */
  readonly community?: number;
  /** Names of its homes: each has its own orders then, such as `house-01's load`. */
  readonly homes?: readonly string[];
}

/**
 * Bids and asks of a community of a cleared book at prices of the market, the network fee taken off
 * or put on. The grid's are as large as all others could want; in a book with own tariffs every home
 * has the grid at its own prices, and none are listed.
 *
 * @param names Names of a community's stores, in their order.
 */
export function ordersOf(
  book: MarketBook,
  names: readonly string[],
  { community: c = 0, homes }: OrdersOptions = {},
): ClearedOrders {
  const workspace = createWorkspace(book);
  const { terms, curves, loadKwh, sunKwh, loadSellKwh, sunSellKwh } = workspace;
  const flags = book.slotFlags[c];
  readTerms(book, c, workspace);
  book.slotFlags[c] = flags;
  buildStoreCurves(book, c, curves, terms.cap);
  const pieces = curves.first[book.stores];
  const split = terms.fee > 0;
  const entries = split ? splitByFee(book, c, workspace) : pieces;
  const prices = split ? workspace.marketPrice : curves.price;
  const energies = split ? workspace.marketKwh : curves.kwh;
  const bids: Order[] = [], asks: Order[] = [];
  const add = (to: Order[], id: string, quantityKwh: number, units: number) => {
    if (quantityKwh > 0) to.push({ id, quantityKwh, pricePerKwh: units / PRICE_UNITS });
  };
  for (let entry = 0; entry < entries; entry++) {
    const piece = entry < pieces ? entry : workspace.remainderOf[entry - pieces];
    const s = curves.first.findLastIndex((first, k) => k < book.stores && first <= piece);
    add(piece < curves.firstCharge[s] ? asks : bids, names[s], energies[entry], prices[entry]);
  }
  const addMetered = (owner: string, of: (kwh: Float64Array) => number) => {
    const [load, sun] = [of(loadKwh), of(sunKwh)];
    const [loadSell, sunSell] = [loadSellKwh, sunSellKwh].map((part) => split ? of(part) : 0);
    add(bids, `${owner}load`, loadSell, terms.lostLoad + terms.fee);
    add(bids, `${owner}load`, load - loadSell, terms.lostLoad - terms.fee);
    add(asks, `${owner}sun`, sunSell, terms.curtailment + terms.fee);
    add(asks, `${owner}sun`, sun - sunSell, terms.curtailment - terms.fee);
  };
  if (homes === undefined) addMetered("", sum);
  else homes.forEach((home, i) => addMetered(`${home}'s `, (kwh) => kwh[i]));
  if (!book.ownTariffs) {
    const [wanted, offered] = [bids, asks].map((side) => sum(side.map((each) => each.quantityKwh)));
    add(bids, "grid", Math.min(terms.exportLimitKwh, offered), terms.feedIn + terms.fee);
    let left = wanted;
    for (let g = 0; g <= book.gridSteps; g++) {
      const kwh = Math.min(left, gridStepKwh(book, c, g, terms.importLimitKwh));
      add(asks, "grid", kwh, terms.ceiling - terms.fee + gridStepUnits(book, c, g));
      left -= kwh;
    }
  }
  const price = book.pricePerKwh[c];
  const rows = [c * book.homes, (c + 1) * book.homes] as const;
  const charged = book.storeKwh.subarray(c * book.stores, (c + 1) * book.stores)
    .map((kwh) => Math.max(0, kwh));
  return {
    bids,
    asks,
    pricePerKwh: Number.isNaN(price) ? null : price,
    matchedKwh: sum(book.servedKwh.subarray(...rows)) + sum(charged) + book.exportKwh[c],
  };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
