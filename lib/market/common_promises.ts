/**
 * What every mechanism promises: energy is conserved and within bounds, and the bills add up to what
 * the grid and the network are owed. For certificates, apart from what clears.
 *
 * @module
 */

import { energyAt, homeStep, rounded, tariffsAt } from "./certified_curves.ts";
import type { MarketBook } from "./market_book.ts";
import type { Kept } from "./mechanism.ts";

/** Sizes beside which differences are rounding. */
export interface Scales {
  /** All energy that the community could move. [kWh] */
  readonly energyKwh: number;
  /** The same at the highest of its prices. [currency] */
  readonly money: number;
}

/** Part of a scale that is rounding. */
const ROUNDING = 1e-9;

/** A promise that is kept if the residual is rounding; numbers that are none break it. */
export function promise(residual: number, tolerance: number = ROUNDING): Kept {
  return {
    holds: residual <= tolerance,
    residual: Number.isNaN(residual) ? Infinity : Math.max(0, residual),
  };
}

/** Rows of community `c`. */
export function rowsOf({ homes }: MarketBook, c: number): number[] {
  return Array.from({ length: homes }, (_, i) => c * homes + i);
}

/** Sum over rows. */
export function sumOver(rows: readonly number[], value: (row: number) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

/** Largest over rows; NaN if any is. */
export function largestOf(rows: readonly number[], value: (row: number) => number): number {
  return rows.reduce((most, row) => Math.max(most, value(row)), 0);
}

/** Sizes of community `c`. */
export function scalesOf(book: MarketBook, c: number): Scales {
  const rows = rowsOf(book, c);
  const energyKwh = 1 + sumOver(rows, (row) => {
    let kwh = energyAt(book.loadKwh, row) + energyAt(book.sunKwh, row);
    for (let s = book.firstStore[row]; s < book.firstStore[row + 1]; s++) {
      kwh += energyAt(book.chargeMostKwh, s) + energyAt(book.dischargeMostKwh, s);
    }
    return kwh;
  });
  const prices = [
    book.ceilingPerKwh[c],
    book.feedInPerKwh[c],
    book.pricePerKwh[c],
    Math.min(book.priceCapPerKwh[c], book.lostLoadPerKwh[c]),
    ...rows.map((row) => homeStep(book, row)[1]),
  ];
  const largest = prices.reduce((most, price) => Math.max(most, Math.abs(price) || 0), 0);
  return { energyKwh, money: energyKwh * (1 + largest) };
}

/** What higher steps of the grid's ask cost for the community's import. [currency] */
export function stepCostOf(book: MarketBook, c: number): number {
  const { gridSteps, gridStepFromKwh, gridStepPerKwh } = book;
  const net = sumOver(rowsOf(book, c), (row) => book.gridKwh[row]);
  let cost = 0;
  for (let g = c * gridSteps; g < (c + 1) * gridSteps; g++) {
    const to = g + 1 < (c + 1) * gridSteps ? gridStepFromKwh[g + 1] : Infinity;
    cost += rounded(gridStepPerKwh[g]) * Math.max(0, Math.min(net, to) - gridStepFromKwh[g]);
  }
  return cost;
}

/** The promises of every mechanism. */
export function commonPromises(book: MarketBook, c: number, scales: Scales): Record<string, Kept> {
  const rows = rowsOf(book, c);
  return {
    energyConserved: promise(conservation(book, c, rows) / scales.energyKwh),
    withinBounds: promise(excess(book, c, rows) / scales.energyKwh),
    billsAddUp: promise(imbalance(book, c, rows) / scales.money),
  };
}

function conservation(book: MarketBook, c: number, rows: readonly number[]): number {
  const { servedKwh, usedSunKwh, storeKwh, meterKwh, tradedKwh, gridKwh, firstStore } = book;
  const net = sumOver(rows, (row) => gridKwh[row]);
  const byRow = largestOf(rows, (row) => {
    let q = servedKwh[row] - usedSunKwh[row];
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) q += storeKwh[s];
    const meter = meterKwh[row];
    return Math.max(Math.abs(q - meter), Math.abs(tradedKwh[row] + gridKwh[row] - meter));
  });
  return Math.max(
    byRow,
    Math.abs(sumOver(rows, (row) => tradedKwh[row])),
    Math.abs(sumOver(rows, (row) => Math.max(0, tradedKwh[row])) - book.volumeKwh[c]),
    Math.abs(Math.max(0, net) - book.importKwh[c]),
    Math.abs(Math.max(0, -net) - book.exportKwh[c]),
  );
}

/** How far anything lies beyond what it may be; a meter takes or gives, never both. */
function excess(book: MarketBook, c: number, rows: readonly number[]): number {
  const { servedKwh, usedSunKwh, storeKwh, meterKwh, tradedKwh, gridKwh, firstStore } = book;
  const net = sumOver(rows, (row) => gridKwh[row]);
  const byRow = largestOf(rows, (row) => {
    const side = Math.sign(meterKwh[row]);
    let most = Math.max(
      servedKwh[row] - energyAt(book.loadKwh, row),
      -servedKwh[row],
      usedSunKwh[row] - energyAt(book.sunKwh, row),
      -usedSunKwh[row],
      -side * tradedKwh[row],
      -side * gridKwh[row],
      meterKwh[row] - book.meterMostKwh[row],
      book.meterLeastKwh[row] - meterKwh[row],
    );
    for (let s = firstStore[row]; s < firstStore[row + 1]; s++) {
      most = Math.max(
        most,
        storeKwh[s] - energyAt(book.chargeMostKwh, s),
        -storeKwh[s] - energyAt(book.dischargeMostKwh, s),
      );
    }
    return most;
  });
  return Math.max(
    byRow,
    net - energyAt(book.importLimitKwh, c),
    -net - energyAt(book.exportLimitKwh, c),
  );
}

/** How far bills are from what is owed. */
function imbalance(book: MarketBook, c: number, rows: readonly number[]): number {
  const { tradePayment, feePayment, gridPayment, rent, tradedKwh, gridKwh } = book;
  const imported = sumOver(rows, (row) => Math.max(0, gridKwh[row]));
  const stepCost = stepCostOf(book, c);
  const byRow = largestOf(rows, (row) => {
    const ceiling = book.ownTariffs ? book.rowCeilingPerKwh[row] : book.ceilingPerKwh[c];
    const feedIn = book.ownTariffs ? book.rowFeedInPerKwh[row] : book.feedInPerKwh[c];
    const grid = gridKwh[row];
    const [from, step] = homeStep(book, row);
    const beyond = book.meterKwh[row] > from ? step * (book.meterKwh[row] - from) : 0;
    const owed = beyond +
      (grid > 0 ? ceiling * grid + stepCost * grid / imported : feedIn * grid);
    return Math.max(
      Math.abs(gridPayment[row] - owed),
      Math.abs(feePayment[row] - book.feePerKwh[c] * Math.abs(tradedKwh[row])),
    );
  });
  return Math.max(
    byRow,
    Math.abs(sumOver(rows, (row) => tradePayment[row])),
    Math.abs(sumOver(rows, (row) => rent[row])),
  );
}

/**
 * Energy of the connection that each home has a right to at a premium: what it would exchange with
 * the grid alone and without stores, where the connection is rationed pro rata. [kWh]
 */
export function energyRights(book: MarketBook, c: number, premium: number): number[] {
  const rows = rowsOf(book, c);
  const lost = Math.min(rounded(book.lostLoadPerKwh[c]), rounded(book.priceCapPerKwh[c]));
  const curtailed = rounded(book.curtailmentPerKwh[c]);
  const own = rows.map((row) => {
    const at = (price: number) =>
      (lost >= price ? energyAt(book.loadKwh, row) : 0) -
      (curtailed <= price ? energyAt(book.sunKwh, row) : 0);
    const [ceiling, feedIn] = tariffsAt(book, c, row);
    const alone = Math.max(0, at(ceiling)) + (at(ceiling) > 0 ? 0 : Math.min(0, at(feedIn)));
    return Math.max(book.meterLeastKwh[row], Math.min(book.meterMostKwh[row], alone));
  });
  if (premium === 0) return own;
  // Seen from the side that is short, that of export is the mirror of import.
  const side = premium > 0 ? 1 : -1;
  const imports = sumOver(rows, (row) => book.gridKwh[row]);
  if (side > 0) useUnusedSun(book, rows, own, energyAt(book.importLimitKwh, c));
  const wants = own.map((kwh) => Math.max(0, side * kwh));
  const brings = own.map((kwh) => Math.max(0, -side * kwh));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const net = side * imports;
  const steps = premium > 0 ? stepCostOf(book, c) / premium : 0;
  const shared = net - steps + total(brings);
  const all = total(wants);
  return wants.map((want, k) =>
    side * ((all > 0 ? want / all : 1 / rows.length) * shared - brings[k])
  );
}

/** In a shortage, sun that homes would rather curtail is used as far as it is needed. */
function useUnusedSun(
  book: MarketBook,
  rows: readonly number[],
  own: number[],
  limit: number,
): void {
  const unused = rows.map((row, k) =>
    Math.max(
      0,
      Math.min(
        own[k] - energyAt(book.loadKwh, row) + energyAt(book.sunKwh, row),
        own[k] - book.meterLeastKwh[row],
      ),
    )
  );
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const needed = Math.min(total(unused), Math.max(0, total(own) - limit));
  if (needed > 0) unused.forEach((kwh, k) => own[k] -= needed * kwh / total(unused));
}
