/**
 * The book of trade where each home has tariffs of its own: every home's curve between its own
 * feed-in tariff and its own ceiling, beyond which it deals with the grid.
 *
 * @module
 */

import { demandOfPieces, dispatchStores, readMeters, shareAt } from "./bills.ts";
import { groupEnd, groupKwh, leastNetKwh, orderHome, partBelowZero } from "./home_curve.ts";
import type { MarketBook } from "./market_book.ts";
import { selectPrice } from "./price_selection.ts";
import { dispatchHome } from "./self_dispatch.ts";
import type { Matched, Workspace } from "./workspace.ts";

/** What a home may do: anything, only buy, only sell, or nothing with others. */
export const MODES = { free: 0, buys: 1, sells: 2, alone: 3 } as const;

/** Levels of a home: load and sun above and below zero net demand and beyond its step; grid. */
const LEVELS = {
  loadBuy: 0,
  loadSell: 1,
  loadBeyond: 2,
  sunBuy: 3,
  sunSell: 4,
  sunBeyond: 5,
  imports: 6,
  exports: 7,
} as const;
const EACH = 8;

/** Part of all the energy in a book that is rounding. */
const ROUNDING = 1e-13;

/** What the latest clearing came to; import and export as shares of what is tied. */
export const matchedTrade: Matched = {
  price: 0,
  premium: 0,
  storeShare: 0,
  loadShare: 0,
  sunShare: 0,
  importKwh: 0,
  exportKwh: 0,
  gridIsMarginal: false,
};

/** Writes the outcome at a premium on all tariffs, and returns the import net of exports. [kWh] */
export function clearTrade(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  premium: number,
): number {
  const { levelPrice, levelKwh, marketPrice, marketKwh, selection, mode } = workspace;
  const { homes } = book;
  const entries = splitAtTariffs(book, c, workspace, premium);
  let count = 0;
  let gross = 0;
  let top = 0;
  for (let k = 0; k < entries + EACH * homes; k++) {
    const p = k < entries ? marketPrice[k] : levelPrice[k - entries];
    const q = k < entries ? marketKwh[k] : levelKwh[k - entries];
    if (!(q > 0) || p - p !== 0) continue;
    selection.price[count] = p;
    selection.kwh[count++] = q;
    gross += q;
  }
  top = -workspace.soldKwh;
  selectPrice(selection, count, top, ROUNDING * gross);
  choosePrice(workspace, homes, premium);
  match(workspace, entries, homes, top);
  demandOfPieces(book, workspace, marketPrice, marketKwh, entries, matchedTrade);
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    if (mode[i] === MODES.alone) {
      dispatchHome(book, c, i, workspace);
      continue;
    }
    const at = EACH * i;
    const on = (level: number, share: number) =>
      levelKwh[at + level] > 0
        ? shareAt(matchedTrade.price, levelPrice[at + level], share) * levelKwh[at + level]
        : 0;
    const { loadShare, sunShare } = matchedTrade;
    const served = on(LEVELS.loadBuy, loadShare) + on(LEVELS.loadSell, loadShare) +
      on(LEVELS.loadBeyond, loadShare);
    const unused = on(LEVELS.sunBuy, 1 - sunShare) + on(LEVELS.sunSell, 1 - sunShare) +
      on(LEVELS.sunBeyond, 1 - sunShare);
    book.servedKwh[row] = Math.min(workspace.loadKwh[i], served) + workspace.fixedLoadKwh[i];
    book.usedSunKwh[row] = Math.max(0, workspace.sunKwh[i] - unused) + workspace.fixedSunKwh[i];
  }
  dispatchStores(book, c, workspace);
  readMeters(book, c);
  let net = 0;
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const at = EACH * i;
    const price = matchedTrade.price;
    const imports = levelKwh[at + LEVELS.imports] *
      (1 - shareAt(price, levelPrice[at + LEVELS.imports], 1 - matchedTrade.importKwh));
    const exports = levelKwh[at + LEVELS.exports] *
      shareAt(price, levelPrice[at + LEVELS.exports], matchedTrade.exportKwh);
    const q = book.meterKwh[row];
    const grid = mode[i] === MODES.alone ? q : imports - exports;
    book.gridKwh[row] = grid;
    book.tradedKwh[row] = Math.abs(q - grid) > ROUNDING * gross ? q - grid : 0;
    net += grid;
  }
  return net;
}

/** Splits all curves by fee, tariffs and steps into market prices; returns how many entries there are. */
function splitAtTariffs(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  premium: number,
): number {
  const { order, curves, marketPrice, marketKwh, remainderOf, mode, terms: { fee } } = workspace;
  const { levelPrice, levelKwh, stepFromKwh, stepUnits } = workspace;
  const { price, kwh, first } = curves;
  const pieces = first[book.stores];
  let entries = pieces;
  let sold = 0;
  for (let i = 0; i < book.homes; i++) {
    const at = EACH * i;
    levelKwh.fill(0, at, at + EACH);
    const ceiling = workspace.ceiling[i] + premium;
    const feedIn = workspace.feedIn[i] + premium;
    levelPrice[at + LEVELS.imports] = ceiling - fee;
    levelPrice[at + LEVELS.exports] = feedIn + fee;
    const count = orderHome(book, c, i, workspace);
    let net = leastNetKwh(book, c, i, workspace);
    // What a meter must take in any case.
    if (net > 0 && mode[i] !== MODES.alone) levelKwh[at + LEVELS.imports] += net;
    for (let from = 0; from < count;) {
      const end = groupEnd(workspace, pieces, from, count);
      const total = groupKwh(workspace, from, end);
      const isLoad = order[from] === pieces;
      const below = mode[i] === MODES.alone ? 0 : partBelowZero(net, total);
      const beyond = stepUnits[i] > 0 ? 1 - partBelowZero(net - stepFromKwh[i], total) : 0;
      const p = price[order[from]];
      const sellAt = mode[i] === MODES.buys ? Infinity : p >= feedIn ? p + fee : -Infinity;
      const bidOf = (worth: number) =>
        mode[i] === MODES.sells || mode[i] === MODES.alone
          ? -Infinity
          // Of equal prices import comes before shedding, but after stores.
          : worth > ceiling || (worth === ceiling && isLoad)
          ? Infinity
          : worth - fee;
      const buyAt = bidOf(p);
      const beyondAt = bidOf(p - stepUnits[i]);
      if (below > 0 && sellAt < Infinity) {
        sold += below * total;
        if (sellAt === -Infinity) levelKwh[at + LEVELS.exports] += below * total;
      }
      if (buyAt === Infinity) levelKwh[at + LEVELS.imports] += (1 - below - beyond) * total;
      if (beyondAt === Infinity) levelKwh[at + LEVELS.imports] += beyond * total;
      if (order[from] >= pieces) {
        const level = at + (isLoad ? LEVELS.loadBuy : LEVELS.sunBuy);
        levelPrice[level] = buyAt;
        levelKwh[level] = (1 - below - beyond) * total;
        levelPrice[level + 1] = sellAt;
        levelKwh[level + 1] = below * total;
        levelPrice[level + 2] = beyondAt;
        levelKwh[level + 2] = beyond * total;
      } else {
        for (let k = from; k < end; k++) {
          const piece = order[k];
          let left = kwh[piece];
          // The piece itself stands for its first part that there is, remainders for the others.
          let entry = piece;
          const put = (part: number, priceAt: number, isLast: boolean) => {
            if (part === 0) return;
            const energy = isLast ? left : part * kwh[piece];
            left -= energy;
            marketPrice[entry] = priceAt;
            marketKwh[entry] = energy;
            if (entry !== piece) {
              remainderOf[entry - pieces] = piece;
              entries++;
            }
            entry = entries;
          };
          const hasMiddle = below + beyond < 1;
          put(below, sellAt, below === 1);
          put(hasMiddle ? 1 - below - beyond : 0, buyAt, beyond === 0);
          put(beyond, beyondAt, true);
        }
      }
      net += total;
      from = end;
    }
    // What it must give in any case.
    if (net < 0 && mode[i] !== MODES.alone) {
      sold -= net;
      levelKwh[at + LEVELS.exports] -= net;
    }
  }
  workspace.soldKwh = sold;
  return entries;
}

/**
 * The middle of the prices found, as far as they lie between the lowest feed-in tariff and the
 * highest ceiling: beyond them nobody is bound to trade.
 */
function choosePrice(workspace: Workspace, homes: number, premium: number): void {
  const { selection, ceiling, feedIn, mode, terms } = workspace;
  let bid = Infinity;
  let ask = -Infinity;
  for (let i = 0; i < homes; i++) {
    if (mode[i] === MODES.alone) continue;
    bid = Math.min(bid, feedIn[i] + premium + terms.fee);
    ask = Math.max(ask, ceiling[i] + premium - terms.fee);
  }
  if (bid > ask) bid = ask = (terms.feedIn + terms.ceiling) / 2;
  const low = Math.min(selection.high, Math.max(selection.low, bid));
  const high = Math.max(selection.low, Math.min(selection.high, ask));
  matchedTrade.price = low + (high - low) / 2;
}

/** Serves what is tied at the price, in the order of sources; import and export as shares. */
function match(workspace: Workspace, entries: number, homes: number, top: number): void {
  const { marketPrice, marketKwh, levelPrice, levelKwh } = workspace;
  const at = matchedTrade.price;
  let left = top;
  let stores = 0;
  for (let k = 0; k < entries; k++) {
    if (marketPrice[k] - marketPrice[k] !== 0) continue;
    if (marketPrice[k] > at) left += marketKwh[k];
    else if (marketPrice[k] === at) stores += marketKwh[k];
  }
  let [load, sun, imports, exports] = [0, 0, 0, 0];
  for (let k = 0; k < EACH * homes; k++) {
    const p = levelPrice[k];
    const q = levelKwh[k];
    if (!(q > 0) || p - p !== 0) continue;
    if (p > at) left += q;
    if (p !== at) continue;
    const level = k % EACH;
    if (level <= LEVELS.loadBeyond) load += q;
    else if (level <= LEVELS.sunBeyond) sun += q;
    else if (level === LEVELS.imports) imports += q;
    else exports += q;
  }
  left += stores + load + sun + imports + exports;
  const serve = (tied: number) => {
    const part = Math.max(0, Math.min(tied, left));
    left -= part;
    return tied > 0 ? part / tied : 0;
  };
  matchedTrade.sunShare = serve(sun);
  matchedTrade.exportKwh = 1 - serve(exports);
  matchedTrade.storeShare = 1 - serve(stores);
  matchedTrade.importKwh = serve(imports);
  matchedTrade.loadShare = 1 - serve(load);
}
