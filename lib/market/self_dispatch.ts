/**
 * What homes do with the grid's prices alone: each meter buys at its ceiling C or sells at its
 * feed-in tariff f, whichever is the cheaper for the home, or does neither.
 *
 * Where importing costs less than exporting earns, the cost of a meter is concave and both may be
 * worth it: the home takes the cheaper, at equal cost the import.
 *
 * A connection that binds rations pro rata. Over its import limit charging is reduced, curtailed
 * sun is used, then load is shed by what each meter imports; over its export limit discharging is reduced, then sun is
 * curtailed by what each meter exports.
 *
 * @module
 */

import { dispatchStores, readMeters } from "./bills.ts";
import { energyOf } from "./curves.ts";
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
    ration(book, c, workspace, net - terms.importLimitKwh, 1);
    book.slotFlags[c] |= SLOT_FLAGS.importBinds;
  } else if (-net > terms.exportLimitKwh) {
    ration(book, c, workspace, -net - terms.exportLimitKwh, -1);
    book.slotFlags[c] |= SLOT_FLAGS.exportBinds;
  }
}

/** Writes what home `i` does alone, whatever the connection lets through. */
export function dispatchHome(book: MarketBook, c: number, i: number, workspace: Workspace): void {
  const count = orderHome(book, c, i, workspace);
  const least = leastNetKwh(book, c, i, workspace);
  const target = preferredKwh(
    workspace,
    i,
    count,
    least,
    workspace.ceiling[i],
    workspace.feedIn[i],
  );
  demandUpTo(book, c, i, workspace, count, least, target);
}

/**
 * Net demand that home `i` prefers where it buys at one price, and more dearly beyond its step, or
 * sells at another, its pieces being in `order` and `least` what it demands when it gives all. [kWh]
 */
export function preferredKwh(
  workspace: Workspace,
  i: number,
  count: number,
  least: number,
  buyAt: number,
  sellAt: number,
): number {
  const { curves: { price, kwh, first }, order } = workspace;
  const load = first[first.length - 1];
  const from = workspace.stepFromKwh[i];
  const step = workspace.stepUnits[i];
  let net = least;
  let bought = least;
  let sold = least;
  for (let k = 0; k < count; k++) {
    const p = price[order[k]];
    const q = kwh[order[k]];
    const within = from - net >= q ? q : Math.max(0, from - net);
    // Of equal prices import comes before shedding, but after stores.
    const isLoad = order[k] === load;
    if (p > buyAt || (p === buyAt && isLoad)) bought += within;
    if (within < q && (p - step > buyAt || (p - step === buyAt && isLoad))) bought += q - within;
    net += q;
    // Of equal prices sun is used before any export is given up for it.
    if (p > sellAt || (p === sellAt && order[k] <= load)) sold += kwh[order[k]];
  }
  bought = Math.max(0, bought);
  sold = Math.min(0, sold);
  if (!(bought > 0 && sold < 0)) return bought > 0 ? bought : sold;
  const worth = worthKwh(workspace, count, least, bought) - worthKwh(workspace, count, least, sold);
  const beyond = bought > from ? step * (bought - from) : 0;
  return worth >= buyAt * bought + beyond - sellAt * sold ? bought : sold;
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
  const { fixedLoadKwh, fixedSunKwh } = workspace;
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
      if (piece === load) book.servedKwh[row] = share * loadKwh[i] + fixedLoadKwh[i];
      else if (piece > load) book.usedSunKwh[row] = (1 - share) * sunKwh[i] + fixedSunKwh[i];
      else onKwh[piece] = share * kwh[piece];
    }
    net += total;
    from = end;
  }
}

/** Takes `excess` from what the community imports (`direction` 1) or exports (−1). [kWh] */
function ration(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  excess: number,
  direction: 1 | -1,
): void {
  const { homes, storeKwh, meterKwh, servedKwh, usedSunKwh, firstStore } = book;
  const { aloneKwh: leaves } = workspace;
  const [from, to] = [c * homes, (c + 1) * homes];
  let byStores = 0;
  for (let row = from; row < to; row++) {
    let moved = 0;
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) {
      moved += Math.max(0, direction * storeKwh[s]);
    }
    leaves[row - from] = moved > 0 ? Math.min(1, roomOf(book, row, direction) / moved) : 0;
    byStores += leaves[row - from] < 1 ? leaves[row - from] * moved : moved;
  }
  const share = excess < byStores ? excess / byStores : 1;
  for (let row = from; row < to; row++) {
    const kept = 1 - share * leaves[row - from];
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) {
      if (direction * storeKwh[s] > 0) storeKwh[s] *= kept;
    }
  }
  readMeters(book, c);
  let rest = excess - byStores;
  // Load is not served against a home's will unless its neighbours must give.
  if (direction > 0 || book.meterLimits) rest -= useUnused(book, c, rest, direction);
  if (!(rest > 0)) return;
  const used = direction > 0 ? servedKwh : usedSunKwh;
  rest -= cutUse(
    book,
    c,
    rest,
    used,
    (row) => Math.min(direction * meterKwh[row], roomOf(book, row, direction)),
  );
  // Where neighbours must give, or take, homes do not live on what is their own.
  if (book.meterLimits && rest > 0) {
    cutUse(book, c, rest, used, (row) => Math.min(used[row], roomOf(book, row, direction)));
  }
}

/** Takes an energy from what is used, pro rata by what each home can do without; returns how much. */
function cutUse(
  book: MarketBook,
  c: number,
  kwh: number,
  used: Float64Array,
  partOf: (row: number) => number,
): number {
  const [from, to] = [c * book.homes, (c + 1) * book.homes];
  let all = 0;
  for (let row = from; row < to; row++) all += Math.max(0, partOf(row));
  const cut = all > 0 ? Math.min(1, kwh / all) : 0;
  for (let row = from; row < to; row++) {
    used[row] = Math.max(0, used[row] - cut * Math.max(0, partOf(row)));
  }
  readMeters(book, c);
  return cut * all;
}

/** By how much a meter may take less (`direction` 1), or give less (−1). [kWh] */
function roomOf(
  { meterKwh, meterLeastKwh, meterMostKwh }: MarketBook,
  row: number,
  direction: 1 | -1,
): number {
  return Math.max(
    0,
    direction > 0 ? meterKwh[row] - meterLeastKwh[row] : meterMostKwh[row] - meterKwh[row],
  );
}

/**
 * Uses sun that homes would rather curtail (`direction` 1), or serves load that they would rather
 * shed (−1), up to an energy; returns how much.
 */
function useUnused(book: MarketBook, c: number, neededKwh: number, direction: 1 | -1): number {
  const { homes, meterKwh } = book;
  const there = direction > 0 ? book.sunKwh : book.loadKwh;
  const used = direction > 0 ? book.usedSunKwh : book.servedKwh;
  const unusedOf = (row: number) =>
    Math.max(0, Math.min(energyOf(there[row]) - used[row], roomOf(book, row, direction)));
  let unused = 0;
  for (let row = c * homes; row < (c + 1) * homes; row++) unused += unusedOf(row);
  if (!(unused > 0) || !(neededKwh > 0)) return 0;
  const part = Math.min(1, neededKwh / unused);
  for (let row = c * homes; row < (c + 1) * homes; row++) {
    const more = part * unusedOf(row);
    used[row] += more;
    meterKwh[row] -= direction * more;
  }
  return part * unused;
}
