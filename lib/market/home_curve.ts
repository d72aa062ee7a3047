/**
 * The curve of one home, and how a network fee splits it.
 *
 * Through its meter a home buys at P + φ' and sells at P − φ'; what it has nets first, free of any
 * fee. In the market the part of its curve above zero net demand therefore stands at its price − φ',
 * the part below at its price + φ', and a piece that crosses zero in two parts. Pieces of equal
 * price cross pro rata.
 *
 * @module
 */

import type { MarketBook } from "./market_book.ts";
import type { Workspace } from "./workspace.ts";

/** Part of a home's energy that is rounding. */
const ROUNDING = 1e-13;

/**
 * Puts the pieces of home `i` of community `c` by falling price into `order`. Its load is the piece
 * behind those of all stores, its sun the next. At equal prices the load comes before stores and the
 * sun after them: what is given up last is served first.
 *
 * @returns How many there are.
 */
export function orderHome(book: MarketBook, c: number, i: number, workspace: Workspace): number {
  const { order, curves: { first, price, kwh }, terms } = workspace;
  const { homes, stores, firstStore } = book;
  const row = c * homes + i;
  const firstOne = first[firstStore[row] - c * stores];
  const end = first[firstStore[row + 1] - c * stores];
  const load = first[stores];
  price[load] = terms.lostLoad;
  kwh[load] = workspace.loadKwh[i];
  order[0] = load;
  let count = 1;
  for (let piece = firstOne; piece < end; piece++) {
    const p = price[piece];
    let j = count++ - 1;
    for (; j >= 0 && price[order[j]] < p; j--) order[j + 1] = order[j];
    order[j + 1] = piece;
  }
  const sun = load + 1;
  price[sun] = terms.curtailment;
  kwh[sun] = workspace.sunKwh[i];
  let j = count++ - 1;
  for (; j >= 0 && price[order[j]] < price[sun]; j--) order[j + 1] = order[j];
  order[j + 1] = sun;
  return count;
}

/** Net demand of home `i` when all that it can give is given. [kWh] */
export function leastNetKwh(book: MarketBook, c: number, i: number, workspace: Workspace): number {
  const { curves: { first, firstCharge, kwh }, sunKwh, fixedKwh } = workspace;
  const { homes, stores, firstStore } = book;
  const row = c * homes + i;
  let least = fixedKwh[i] - sunKwh[i];
  for (let s = firstStore[row] - c * stores; s < firstStore[row + 1] - c * stores; s++) {
    for (let piece = first[s]; piece < firstCharge[s]; piece++) least -= kwh[piece];
  }
  return least;
}

/**
 * End of the group of equal pieces that begins at `from` in `order`: stores of one price are a
 * group, load and sun one each.
 */
export function groupEnd(workspace: Workspace, load: number, from: number, count: number): number {
  const { order, curves: { price } } = workspace;
  if (order[from] >= load) return from + 1;
  let end = from + 1;
  while (end < count && order[end] < load && price[order[end]] === price[order[from]]) end++;
  return end;
}

/** Energy of a group of pieces. [kWh] */
export function groupKwh(workspace: Workspace, from: number, end: number): number {
  const { order, curves: { kwh } } = workspace;
  let total = 0;
  for (let k = from; k < end; k++) total += kwh[order[k]];
  return total;
}

/** Part of a group of `total` that lies below zero net demand, `net` being where it begins. [1] */
export function partBelowZero(net: number, total: number): number {
  if (!(total > 0) || net >= 0) return 0;
  const rounding = ROUNDING * (total - net);
  if (net + total <= rounding) return 1;
  return -net <= rounding ? 0 : -net / total;
}

/**
 * Splits the curves of community `c` by the fee into the market's prices. Remainders of pieces that
 * cross zero stand behind the pieces.
 *
 * @returns How many entries there are.
 */
export function splitByFee(book: MarketBook, c: number, workspace: Workspace): number {
  const { order, curves, marketPrice, marketKwh, remainderOf, loadSellKwh, sunSellKwh } = workspace;
  const { price, kwh, first } = curves;
  const { fee } = workspace.terms;
  const pieces = first[book.stores];
  let entries = pieces;
  for (let i = 0; i < book.homes; i++) {
    const count = orderHome(book, c, i, workspace);
    let net = leastNetKwh(book, c, i, workspace);
    let from = 0;
    while (from < count && net < 0) {
      const end = groupEnd(workspace, pieces, from, count);
      const total = groupKwh(workspace, from, end);
      const below = partBelowZero(net, total);
      if (order[from] === pieces) loadSellKwh[i] = below * total;
      else if (order[from] === pieces + 1) sunSellKwh[i] = below * total;
      else {
        for (let k = from; k < end; k++) {
          const piece = order[k];
          marketPrice[piece] = below > 0 ? price[piece] + fee : price[piece] - fee;
          marketKwh[piece] = kwh[piece];
          if (below === 0 || below === 1) continue;
          marketKwh[piece] = below * kwh[piece];
          marketPrice[entries] = price[piece] - fee;
          marketKwh[entries] = kwh[piece] - marketKwh[piece];
          remainderOf[entries - pieces] = piece;
          entries++;
        }
      }
      net += total;
      from = end;
    }
    // Behind where it crosses zero all is bought.
    for (; from < count; from++) {
      const piece = order[from];
      if (piece === pieces) loadSellKwh[i] = 0;
      else if (piece === pieces + 1) sunSellKwh[i] = 0;
      else {
        marketPrice[piece] = price[piece] - fee;
        marketKwh[piece] = kwh[piece];
      }
    }
  }
  return entries;
}
