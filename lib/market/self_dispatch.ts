/**
 * What homes do with the grid's prices alone: each meter buys at its ceiling C or sells at its
 * feed-in tariff f, whichever is the cheaper for the home, or does neither.
 *
 * Where importing costs less than exporting earns, the cost of a meter is concave and both may be
 * worth it: the home takes the cheaper, at equal cost the import.
 *
 * A connection that binds rations pro rata. Over its import limit, charging that is imported is
 * reduced, then load is shed, by what each meter imports of it; over its export limit, discharging
 * that is exported is reduced, then sun is curtailed.
 *
 * @module
 */

import { dispatchStores, readMeters } from "./bills.ts";
import { groupEnd, groupKwh, leastNetKwh, orderHome } from "./home_curve.ts";
import { type MarketBook, SLOT_FLAGS } from "./market_book.ts";
import type { Workspace } from "./workspace.ts";

/** Writes what community `c`, whose terms and curves are read, does with the grid's prices alone. */
export function dispatchAlone(book: MarketBook, c: number, workspace: Workspace): void {
  for (let i = 0; i < book.homes; i++) dispatchHome(book, c, i, workspace);
  dispatchStores(book, c, workspace);
  readMeters(book, c);
  const { terms } = workspace;
  let net = 0;
  for (let row = c * book.homes; row < (c + 1) * book.homes; row++) net += book.meterKwh[row];
  if (net > terms.importLimitKwh) {
    ration(book, c, net - terms.importLimitKwh, 1);
    book.slotFlags[c] |= SLOT_FLAGS.importBinds;
  } else if (-net > terms.exportLimitKwh) {
    ration(book, c, -net - terms.exportLimitKwh, -1);
    book.slotFlags[c] |= SLOT_FLAGS.exportBinds;
  }
}

/** Writes what home `i` does alone, whatever the connection lets through. */
export function dispatchHome(book: MarketBook, c: number, i: number, workspace: Workspace): void {
  const count = orderHome(book, c, i, workspace);
  const least = leastNetKwh(book, c, i, workspace);
  const target = preferredKwh(workspace, count, least, workspace.ceiling[i], workspace.feedIn[i]);
  demandUpTo(book, c, i, workspace, count, least, target);
}

/**
 * Net demand that a home prefers that buys at one price or sells at another, its pieces being in
 * `order` and `least` what it demands when it gives all. [kWh]
 */
export function preferredKwh(
  workspace: Workspace,
  count: number,
  least: number,
  buyAt: number,
  sellAt: number,
): number {
  const { curves: { price, kwh }, order } = workspace;
  let bought = least;
  let sold = least;
  for (let k = 0; k < count; k++) {
    const p = price[order[k]];
    if (p > buyAt) bought += kwh[order[k]];
    if (p >= sellAt) sold += kwh[order[k]];
  }
  bought = Math.max(0, bought);
  sold = Math.min(0, sold);
  if (!(bought > 0 && sold < 0)) return bought > 0 ? bought : sold;
  const worth = worthKwh(workspace, count, least, bought) - worthKwh(workspace, count, least, sold);
  return worth >= buyAt * bought - sellAt * sold ? bought : sold;
}

/** Worth of what is demanded up to a net demand, beyond the least. [1e-6 currency] */
function worthKwh(
  { curves: { price, kwh }, order }: Workspace,
  count: number,
  least: number,
  target: number,
): number {
  let net = least;
  let worth = 0;
  for (let k = 0; k < count && net < target; k++) {
    const part = Math.min(kwh[order[k]], target - net);
    worth += part * price[order[k]];
    net += part;
  }
  return worth;
}

/** Demands the dearest pieces of a home up to a net demand; pieces of equal price pro rata. */
function demandUpTo(
  book: MarketBook,
  c: number,
  i: number,
  workspace: Workspace,
  count: number,
  least: number,
  target: number,
): void {
  const { curves: { first, kwh }, order, onKwh, loadKwh, sunKwh } = workspace;
  const load = first[book.stores];
  const row = c * book.homes + i;
  let net = least;
  for (let from = 0; from < count;) {
    const end = groupEnd(workspace, load, from, count);
    const total = groupKwh(workspace, from, end);
    const left = target - net;
    // What is missing by no more than rounding is not missing.
    const share = left >= total * (1 - 1e-12) ? 1 : left > 0 ? left / total : 0;
    for (let k = from; k < end; k++) {
      const piece = order[k];
      if (piece === load) book.servedKwh[row] = share * loadKwh[i];
      else if (piece > load) book.usedSunKwh[row] = (1 - share) * sunKwh[i];
      else onKwh[piece] = share * kwh[piece];
    }
    net += total;
    from = end;
  }
}

/** Takes `excess` from what meters import (`direction` 1) or export (−1). [kWh] */
function ration(book: MarketBook, c: number, excess: number, direction: 1 | -1): void {
  const { homes, firstStore, storeKwh, meterKwh } = book;
  const [from, to] = [c * homes, (c + 1) * homes];
  /** What stores add to the excess of a row. */
  const stored = (row: number) => {
    let kwh = 0;
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) {
      kwh += Math.max(0, direction * storeKwh[s]);
    }
    return kwh;
  };
  const flow = (row: number) => Math.max(0, direction * meterKwh[row]);
  let byStores = 0;
  for (let row = from; row < to; row++) byStores += Math.min(stored(row), flow(row));
  const kept = excess < byStores ? 1 - excess / byStores : 0;
  for (let row = from; row < to; row++) {
    const all = stored(row);
    const part = Math.min(all, flow(row));
    if (!(part > 0)) continue;
    const left = (all - (1 - kept) * part) / all;
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) {
      if (direction * storeKwh[s] > 0) storeKwh[s] *= left;
    }
  }
  readMeters(book, c);
  const rest = excess - byStores;
  if (!(rest > 0)) return;
  let flows = 0;
  for (let row = from; row < to; row++) flows += flow(row);
  const cut = Math.min(1, rest / flows);
  for (let row = from; row < to; row++) {
    const less = cut * flow(row);
    if (direction > 0) book.servedKwh[row] = Math.max(0, book.servedKwh[row] - less);
    else book.usedSunKwh[row] = Math.max(0, book.usedSunKwh[row] - less);
  }
  readMeters(book, c);
}
