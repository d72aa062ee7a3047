/**
 * From a price to what everybody does and pays.
 *
 * Stores do what was matched. A buying meter pays P + φ', a selling one earns P − φ'. What the
 * community exchanges with the grid is shared among buying meters, or among selling ones, pro rata:
 * of it they pay C, or earn f, and no fee.
 *
 * Where the connection holds the community back, energy through it is worth the premium μ more than
 * at the tariff. It is charged to everyone by the own exchange with the grid, and handed back by the
 * exchange that the home would have had with the grid alone and without stores: where that is
 * rationed pro rata by net load (or net sun), by what is left of it. So every home can fall back on
 * what it would have had, at the tariff, and nobody is worse off than with the grid alone.
 *
 * @module
 */

import { energyOf, PRICE_UNITS } from "./curves.ts";
import { gridStepKwh, gridStepUnits } from "./grid_ask.ts";
import { type MarketBook, SLOT_FLAGS } from "./market_book.ts";
import type { Matched, Workspace } from "./workspace.ts";

/** Part of a piece that is rounding. */
const ROUNDING = 1e-14;

/** Writes what community `c` does and pays at a price. */
export function settleAtPrice(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  price: Float64Array,
  kwh: Float64Array,
  entries: number,
  matched: Matched,
): void {
  demandOfPieces(book, workspace, price, kwh, entries, matched);
  dispatchStores(book, c, workspace);
  dispatchLoadAndSun(book, c, workspace, matched);
  settleMeters(book, c, workspace, matched);
}

/** Writes the energy that is demanded of each piece: charged, or not discharged. */
export function demandOfPieces(
  { stores }: MarketBook,
  { curves, onKwh, remainderOf }: Workspace,
  price: Float64Array,
  kwh: Float64Array,
  entries: number,
  { price: at, storeShare }: Matched,
): void {
  const pieces = curves.first[stores];
  for (let k = 0; k < pieces; k++) {
    const p = price[k];
    onKwh[k] = kwh[k] * (Number(p > at) + storeShare * Number(p === at));
  }
  for (let k = pieces; k < entries; k++) {
    const p = price[k];
    const piece = remainderOf[k - pieces];
    onKwh[piece] += p > at ? kwh[k] : p < at ? 0 : storeShare * kwh[k];
  }
}

/** Writes what each store charges or discharges, from what is demanded of its pieces. */
export function dispatchStores(
  book: MarketBook,
  c: number,
  { curves, onKwh, storeFixedKwh }: Workspace,
): void {
  const { stores, storeKwh, chargeMostKwh, dischargeMostKwh } = book;
  const { first, firstCharge, kwh } = curves;
  for (let k = 0, s = c * stores; k < stores; k++, s++) {
    const fixed = storeFixedKwh[k];
    let given = fixed < 0 ? -fixed : 0;
    let taken = fixed > 0 ? fixed : 0;
    for (let piece = first[k]; piece < firstCharge[k]; piece++) {
      const off = kwh[piece] - onKwh[piece];
      given += off > ROUNDING * kwh[piece] ? off : 0;
    }
    for (let piece = firstCharge[k]; piece < first[k + 1]; piece++) taken += onKwh[piece];
    // Bounds of a store without pieces may be anything.
    if (first[k] === first[k + 1]) {
      storeKwh[s] = 0;
      continue;
    }
    if (given > 0 && given > dischargeMostKwh[s]) given = dischargeMostKwh[s];
    if (taken > chargeMostKwh[s]) taken = chargeMostKwh[s];
    storeKwh[s] = taken - given;
  }
}

function dispatchLoadAndSun(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  { price: at, loadShare, sunShare }: Matched,
): void {
  const { terms, loadKwh, sunKwh, loadSellKwh, sunSellKwh, fixedLoadKwh, fixedSunKwh } = workspace;
  const { homes, servedKwh, usedSunKwh } = book;
  const { fee, lostLoad: lost, curtailment: curtailed } = terms;
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const load = loadKwh[i];
    const sun = sunKwh[i];
    servedKwh[row] = fixedLoadKwh[i] +
      (at < lost - fee ? load : shareAt(at, lost - fee, loadShare) * (load - loadSellKwh[i]) +
        shareAt(at, lost + fee, loadShare) * loadSellKwh[i]);
    usedSunKwh[row] = fixedSunKwh[i] +
      (at > curtailed + fee
        ? sun
        : (1 - shareAt(at, curtailed - fee, 1 - sunShare)) * (sun - sunSellKwh[i]) +
          (1 - shareAt(at, curtailed + fee, 1 - sunShare)) * sunSellKwh[i]);
  }
}

/** Part of a level that is demanded. */
export function shareAt(at: number, level: number, tiedShare: number): number {
  return level > at ? 1 : level < at ? 0 : tiedShare;
}

/** Energy of every meter, its part with the grid, and what it pays. */
function settleMeters(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  matched: Matched,
): void {
  const { homes, meterKwh, gridKwh, tradedKwh } = book;
  const from = c * homes;
  const to = from + homes;
  readMeters(book, c);
  let bought = 0;
  let sold = 0;
  for (let row = from; row < to; row++) {
    const q = meterKwh[row];
    if (q > 0) bought += q;
    else sold -= q;
  }
  let { importKwh, exportKwh } = matched;
  // What the grid takes up is what is left over, to the last digit.
  if (matched.gridIsMarginal || sold === 0 || bought === 0) {
    if (importKwh > 0) importKwh = Math.max(0, bought - sold);
    if (exportKwh > 0) exportKwh = Math.max(0, sold - bought);
  }
  const ofBought = importKwh > 0 ? Math.min(1, importKwh / bought) : 0;
  const ofSold = exportKwh > 0 ? Math.min(1, exportKwh / sold) : 0;
  for (let row = from; row < to; row++) {
    const q = meterKwh[row];
    gridKwh[row] = q * (q > 0 ? ofBought : ofSold);
    tradedKwh[row] = q - gridKwh[row];
  }
  writeBills(book, c, workspace, matched.price, matched.premium);
}

/** Writes the energy through every meter of community `c`. */
export function readMeters(book: MarketBook, c: number): void {
  const { homes, firstStore, servedKwh, usedSunKwh, storeKwh, meterKwh } = book;
  for (let row = c * homes; row < (c + 1) * homes; row++) {
    let q = servedKwh[row] - usedSunKwh[row];
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) q += storeKwh[s];
    meterKwh[row] = q;
  }
}

/**
 * Writes what every home pays, once its energy with others and with the grid is known, and the sums
 * of the community. Prices in whole units.
 */
export function writeBills(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  priceUnits: number,
  premiumUnits: number,
): void {
  const { homes, ownTariffs, tradedKwh, gridKwh, servedKwh, usedSunKwh } = book;
  const { terms } = workspace;
  const price = priceUnits / PRICE_UNITS;
  const fee = terms.fee / PRICE_UNITS;
  const from = c * homes;
  let volume = 0;
  let imported = 0;
  let exported = 0;
  let flags = 0;
  for (let row = from; row < from + homes; row++) {
    const traded = tradedKwh[row];
    const grid = gridKwh[row];
    if (traded > 0) volume += traded;
    if (grid > 0) imported += grid;
    else exported -= grid;
    book.tradePayment[row] = price * traded;
    book.feePayment[row] = fee * (traded > 0 ? traded : -traded);
    const ceiling = ownTariffs ? book.rowCeilingPerKwh[row] : book.ceilingPerKwh[c];
    const feedIn = ownTariffs ? book.rowFeedInPerKwh[row] : book.feedInPerKwh[c];
    book.gridPayment[row] = grid > 0 ? ceiling * grid : feedIn * grid;
    book.stepPayment[row] = 0;
    book.rent[row] = 0;
    if (servedKwh[row] < energyOf(book.loadKwh[row])) flags |= SLOT_FLAGS.shed;
    if (usedSunKwh[row] < energyOf(book.sunKwh[row])) flags |= SLOT_FLAGS.curtailed;
  }
  if (workspace.curves.raised) flags |= SLOT_FLAGS.burning;
  book.pricePerKwh[c] = price;
  book.premiumPerKwh[c] = premiumUnits / PRICE_UNITS;
  book.feePerKwh[c] = fee;
  book.volumeKwh[c] = volume;
  book.importKwh[c] = Math.max(0, imported - exported);
  book.exportKwh[c] = Math.max(0, exported - imported);
  book.slotFlags[c] |= flags;
  if (book.homeSteps) chargeHomeSteps(book, c, workspace);
  const steps = book.gridSteps > 0 ? chargeGridSteps(book, c, imported - exported, imported) : 0;
  if (premiumUnits !== 0) shareRent(book, c, workspace, imported - exported, steps);
}

/**
 * Charges what import on the higher steps of the grid's ask costs beyond C, pro rata by import.
 *
 * @returns What they cost in all. [currency]
 */
function chargeGridSteps(book: MarketBook, c: number, net: number, imported: number): number {
  let cost = 0;
  for (let g = 1; g <= book.gridSteps; g++) {
    cost += gridStepUnits(book, c, g) / PRICE_UNITS * gridStepKwh(book, c, g, net);
  }
  if (!(cost > 0) || !(imported > 0)) return 0;
  const { homes, gridKwh, gridPayment, stepPayment } = book;
  for (let row = c * homes; row < (c + 1) * homes; row++) {
    if (!(gridKwh[row] > 0)) continue;
    const part = cost * gridKwh[row] / imported;
    stepPayment[row] += part;
    gridPayment[row] += part;
  }
  return cost;
}

/** Charges what homes take beyond their own steps, from the grid or from others. */
function chargeHomeSteps(
  { homes, meterKwh, stepPayment, gridPayment }: MarketBook,
  c: number,
  { stepFromKwh, stepUnits }: Workspace,
): void {
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    if (!(meterKwh[row] > stepFromKwh[i])) continue;
    const part = stepUnits[i] / PRICE_UNITS * (meterKwh[row] - stepFromKwh[i]);
    stepPayment[row] += part;
    gridPayment[row] += part;
  }
}

/** What home `i` would exchange with the grid alone, without stores and the connection. [kWh] */
function exchangeAlone(
  book: MarketBook,
  row: number,
  i: number,
  { ceiling, feedIn, terms }: Workspace,
): number {
  const { lostLoad, curtailment } = terms;
  const load = energyOf(book.loadKwh[row]), sun = energyOf(book.sunKwh[row]);
  const bought = (lostLoad >= ceiling[i] ? load : 0) - (curtailment > ceiling[i] ? 0 : sun);
  const sold = (lostLoad >= feedIn[i] ? load : 0) - (curtailment > feedIn[i] ? 0 : sun);
  const alone = bought > 0 ? bought : Math.min(0, sold);
  return Math.max(book.meterLeastKwh[row], Math.min(book.meterMostKwh[row], alone));
}

/**
 * Shares the connection's rent.
 *
 * @param net Import through the connection, export < 0. [kWh]
 * @param stepCost What the grid is owed of the premium for higher steps of its ask. [currency]
 */
function shareRent(
  book: MarketBook,
  c: number,
  workspace: Workspace,
  net: number,
  stepCost: number,
): void {
  const { homes, premiumPerKwh, gridKwh, rent } = book;
  const { aloneKwh: alone, terms } = workspace;
  /** Sun that home i would rather curtail. */
  const unusedOf = (i: number) => {
    const row = c * homes + i;
    const unused = alone[i] - energyOf(book.loadKwh[row]) + energyOf(book.sunKwh[row]);
    return Math.max(0, Math.min(unused, alone[i] - book.meterLeastKwh[row]));
  };
  const premium = premiumPerKwh[c];
  const side = premium > 0 ? 1 : -1;
  let wanted = 0;
  let unused = 0;
  let imported = 0;
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    alone[i] = exchangeAlone(book, row, i, workspace);
    wanted += alone[i];
    unused += unusedOf(i);
    if (gridKwh[row] > 0) imported += gridKwh[row];
  }
  // In a shortage sun is used that the homes would rather curtail.
  const missing = side > 0 ? wanted - terms.importLimitKwh : 0;
  const used = missing > 0 && unused > 0 ? Math.min(1, missing / unused) : 0;
  let taking = 0;
  let bringing = 0;
  for (let i = 0; i < homes; i++) {
    alone[i] -= used * unusedOf(i);
    taking += Math.max(0, side * alone[i]);
    bringing += Math.max(0, -side * alone[i]);
  }
  // Energy that is rationed: the connection's, but for what is owed of it, and what others bring.
  const shared = side * net - (side > 0 ? stepCost / premium : 0) + bringing;
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const takes = Math.max(0, side * alone[i]);
    const part = taking > 0 ? takes / taking : 1 / homes;
    const right = side * (part * shared - Math.max(0, -side * alone[i]));
    const owed = stepCost > 0 && gridKwh[row] > 0 ? stepCost * gridKwh[row] / imported : 0;
    rent[row] = premium * (right - gridKwh[row]) + owed;
  }
}
