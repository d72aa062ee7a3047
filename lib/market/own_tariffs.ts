/**
 * Clearing where each home has tariffs of its own.
 *
 * Each carries its own outside option: the buying part of its curve leaves the market at its own
 * ceiling, C_i − φ' in the market, the selling part at its own feed-in tariff, f_i + φ'. So the
 * market balances trade, and the grid is no trader in it. Where the connection binds, its premium μ
 * lifts (or, on export, lowers) all tariffs alike: the least premium is sought at which what is left
 * goes through, and the outcomes just below and above it are mixed so that it is used in full.
 *
 * A home buys or sells in a slot, never both. Where its ceiling lies below what it can sell at, or
 * its feed-in tariff above what it can buy at, its response is not convex: such a home is told to do the better of the two at the price found, and
 * the market clears again. That is no longer the least cost for certain; the slot is flagged.
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";
import { writeBills } from "./bills.ts";
import { gridStepKwh, gridStepUnits } from "./grid_ask.ts";
import { leastNetKwh, orderHome } from "./home_curve.ts";
import { type MarketBook, SLOT_FLAGS } from "./market_book.ts";
import { clearTrade, matchedTrade, MODES } from "./own_book.ts";
import { preferredKwh } from "./self_dispatch.ts";
import { settleAlone } from "./settle_alone.ts";
import type { Workspace } from "./workspace.ts";

/** Part of all the energy in a book that is rounding. */
const ROUNDING = 1e-13;

/** Clears community `c` of a book whose terms and curves are read, at tariffs of each home. */
export function clearAtOwnTariffs(book: MarketBook, c: number, workspace: Workspace): void {
  const { ceiling, feedIn, mode } = workspace;
  for (let i = 0; i < book.homes; i++) {
    mode[i] = ceiling[i] < feedIn[i] ? MODES.alone : MODES.free;
    if (mode[i] === MODES.alone) book.slotFlags[c] |= SLOT_FLAGS.inverted;
  }
  let premium = clearInModes(book, c, workspace);
  if (book.slotFlags[c] & SLOT_FLAGS.notConvex) premium = tryOtherModes(book, c, workspace);
  if (premium !== premium) {
    settleAlone(book, c, workspace);
    return;
  }
  if (premium > 0) book.slotFlags[c] |= SLOT_FLAGS.importBinds;
  if (premium < 0) book.slotFlags[c] |= SLOT_FLAGS.exportBinds;
  writeBills(book, c, workspace, matchedTrade.price, premium);
}

/**
 * Writes the outcome without bills, and tells homes with a conflict what they do.
 *
 * @returns The premium; NaN where the connection would bind homes that may not trade.
 */
function clearInModes(book: MarketBook, c: number, workspace: Workspace): number {
  const { mode } = workspace;
  // Each round settles what at least one home does.
  for (let round = 0; round <= book.homes; round++) {
    const net = clearTrade(book, c, workspace, 0);
    const bound = boundOf(book, c, workspace, net);
    if (bound === 0) {
      if (!settleConflicts(book, c, workspace, 0)) return 0;
      continue;
    }
    if (mode.includes(MODES.alone)) return NaN;
    const premium = findPremium(book, c, workspace, bound);
    if (premium === premium) return premium;
  }
  return NaN;
}

/** Lets each home that was told what to do try the other way, where all together then pay less. */
function tryOtherModes(book: MarketBook, c: number, workspace: Workspace): number {
  const { mode } = workspace;
  const best = mode.slice();
  let least = costOf(book, c, workspace);
  for (let i = 0; i < book.homes; i++) {
    if (best[i] !== MODES.buys && best[i] !== MODES.sells) continue;
    const row = c * book.homes + i;
    if (best[i] === MODES.buys ? book.meterLeastKwh[row] > 0 : book.meterMostKwh[row] < 0) continue;
    mode.set(best);
    mode[i] = best[i] === MODES.buys ? MODES.sells : MODES.buys;
    const premium = clearInModes(book, c, workspace);
    const cost = premium === premium ? costOf(book, c, workspace) : Infinity;
    if (!(cost < least)) continue;
    least = cost;
    best.set(mode);
  }
  mode.set(best);
  return clearInModes(book, c, workspace);
}

/** What the outcome costs beyond what all that can be given costs. [1e-6 currency] */
function costOf(book: MarketBook, c: number, workspace: Workspace): number {
  const { curves, onKwh, ceiling, feedIn, sunKwh, terms, stepFromKwh, stepUnits } = workspace;
  let cost = 0;
  for (let k = 0; k < curves.first[book.stores]; k++) cost -= curves.price[k] * onKwh[k];
  for (let i = 0, row = c * book.homes; i < book.homes; i++, row++) {
    const grid = book.gridKwh[row];
    cost += (grid > 0 ? ceiling[i] : feedIn[i]) * grid;
    if (book.meterKwh[row] > stepFromKwh[i]) {
      cost += stepUnits[i] * (book.meterKwh[row] - stepFromKwh[i]);
    }
    cost += terms.fee * Math.abs(book.tradedKwh[row]);
    cost -= terms.lostLoad * book.servedKwh[row];
    cost -= terms.curtailment * (sunKwh[i] - book.usedSunKwh[row]);
  }
  return cost;
}

/** 1 where more is imported than the grid gives at its first price, −1 for export, else 0. */
function boundOf(book: MarketBook, c: number, { terms }: Workspace, net: number): -1 | 0 | 1 {
  const tolerance = ROUNDING * (1 + Math.abs(net));
  if (net > allowedKwh(book, c, terms.importLimitKwh, 0, true) + tolerance) return 1;
  return -net > terms.exportLimitKwh + tolerance ? -1 : 0;
}

/** What the grid gives at a premium: on its steps below it, and on those at it if `full`. [kWh] */
function allowedKwh(
  book: MarketBook,
  c: number,
  limit: number,
  premium: number,
  full: boolean,
): number {
  let allowed = 0;
  for (let g = 0; g <= book.gridSteps; g++) {
    const step = gridStepUnits(book, c, g);
    if (step < premium || (full && step === premium)) allowed += gridStepKwh(book, c, g, limit);
  }
  return allowed;
}

/**
 * Finds the least premium at which the connection suffices, and writes the outcome that uses it in
 * full; NaN where first a home had to be told what it does. All prices of the program's corners are whole numbers of half a unit, so that a quarter
 * beside the premium none is met.
 */
function findPremium(book: MarketBook, c: number, workspace: Workspace, side: 1 | -1): number {
  const { terms } = workspace;
  const allowed = (premium: number, full: boolean) =>
    side > 0 ? allowedKwh(book, c, terms.importLimitKwh, premium, full) : terms.exportLimitKwh;
  let low = 0;
  let high = 1;
  const suffices = (halves: number) => {
    const premium = halves / 2;
    const net = clearTrade(book, c, workspace, side * (premium + 0.25));
    return side * net <= allowed(premium, true);
  };
  while (!suffices(high) && high < 2 ** 43) high *= 2;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  if (suffices(0)) high = 0;
  const premium = high / 2;
  const before = side * clearTrade(book, c, workspace, side * (premium - 0.25));
  if (settleConflicts(book, c, workspace, side * (premium - 0.25))) return NaN;
  const below = outcomeOf(book, c, workspace).map((column) => column.slice());
  const after = side * clearTrade(book, c, workspace, side * (premium + 0.25));
  if (settleConflicts(book, c, workspace, side * (premium + 0.25))) return NaN;
  const above = outcomeOf(book, c, workspace).map((column) => column.slice());
  const target = Math.max(after, Math.min(before, allowed(premium, false)));
  const part = before > after ? (target - after) / (before - after) : 0;
  // The price is that of the premium itself.
  clearTrade(book, c, workspace, side * premium);
  outcomeOf(book, c, workspace).forEach((column, k) => {
    for (let j = 0; j < column.length; j++) {
      column[j] = part * below[k][j] + (1 - part) * above[k][j];
    }
  });
  netMeters(book, c, workspace);
  return side * premium;
}

/**
 * A home that would as well take as give may do both in a mixture of outcomes. What it would import
 * and sell, its buyers import themselves; what it would buy and export, its sellers export.
 */
function netMeters(book: MarketBook, c: number, { ceiling, feedIn }: Workspace): void {
  const { homes, gridKwh, tradedKwh, slotFlags } = book;
  const [from, to] = [c * homes, (c + 1) * homes];
  for (let row = from; row < to; row++) {
    for (const side of [1, -1]) {
      const tariff = side > 0 ? ceiling : feedIn;
      const both = Math.min(side * gridKwh[row], -side * tradedKwh[row]);
      if (!(both > 0)) continue;
      gridKwh[row] -= side * both;
      tradedKwh[row] += side * both;
      let others = 0;
      for (let j = from; j < to; j++) if (j !== row) others += Math.max(0, side * tradedKwh[j]);
      for (let j = from; j < to && others > 0; j++) {
        if (j === row || !(side * tradedKwh[j] > 0)) continue;
        const part = both * tradedKwh[j] / others;
        gridKwh[j] += part;
        tradedKwh[j] -= part;
        if (tariff[j - from] !== tariff[row - from]) slotFlags[c] |= SLOT_FLAGS.notConvex;
      }
    }
  }
}

/** Views of the energies of community `c`. */
function outcomeOf(book: MarketBook, c: number, { onKwh }: Workspace): Float64Array[] {
  const { homes, stores } = book;
  const rows = [book.servedKwh, book.usedSunKwh, book.meterKwh, book.tradedKwh, book.gridKwh];
  return [
    ...rows.map((column) => column.subarray(c * homes, (c + 1) * homes)),
    book.storeKwh.subarray(c * stores, (c + 1) * stores),
    onKwh,
  ];
}

/**
 * Decides for homes that import and sell at once, or buy and export, which a meter cannot, which of
 * the two they do.
 *
 * @returns Whether there were any.
 */
function settleConflicts(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  premium: number,
): boolean {
  const { mode, terms: { fee } } = workspace;
  let any = false;
  for (let i = 0, row = c * book.homes; i < book.homes; i++, row++) {
    const [grid, traded] = [book.gridKwh[row], book.tradedKwh[row]];
    if (mode[i] !== MODES.free || !(grid * traded < 0)) continue;
    if (Math.min(Math.abs(grid), Math.abs(traded)) <= DUST_KWH) continue;
    const [buyAt, sellAt] = [workspace.ceiling[i] + premium, workspace.feedIn[i] + premium];
    const target = preferredKwh(
      workspace,
      i,
      orderHome(book, c, i, workspace),
      leastNetKwh(book, c, i, workspace),
      Math.min(matchedTrade.price + fee, buyAt),
      Math.max(matchedTrade.price - fee, sellAt),
    );
    mode[i] = target > 0 ? MODES.buys : MODES.sells;
    any = true;
  }
  if (any) book.slotFlags[c] |= SLOT_FLAGS.notConvex;
  return any;
}
