/**
 * The one-slot program of a market book, for HiGHS: written from the definitions, apart from the
 * clearing. Prices are rounded as the market rounds them.
 *
 * @module
 */

import type { MarketBook } from "../../lib/market/market_book.ts";
import { piecesOf, rounded } from "../../lib/market/certified_curves.ts";
import { createProgramBuilder, type LinearProgram } from "../../lib/policies/linear_program.ts";

/** φ' of a slot. */
export function feeOf(book: MarketBook): number {
  const spread = rounded(book.ceilingPerKwh[0]) - rounded(book.feedInPerKwh[0]);
  return Math.max(0, Math.min(rounded(book.networkFeePerKwh[0]), spread / 2));
}

/** Tariffs of a home, rounded. */
export function tariffsOf(book: MarketBook, i: number): [ceiling: number, feedIn: number] {
  return book.ownTariffs
    ? [rounded(book.rowCeilingPerKwh[i]), rounded(book.rowFeedInPerKwh[i])]
    : [rounded(book.ceilingPerKwh[0]), rounded(book.feedInPerKwh[0])];
}

/** What the meters of a program may do. */
export interface Restriction {
  /** Import at all. */
  readonly imports?: boolean;
  /** Export at all. */
  readonly exports?: boolean;
  /** Buy and sell between homes. */
  readonly trade?: boolean;
  /** A meter either takes or gives: one variable of 0 or 1 for each home, the first of all. */
  readonly eitherWay?: boolean;
}

/** The one-slot program of the first community of a book. */
export function slotProgram(
  book: MarketBook,
  restriction: Restriction = {},
): LinearProgram {
  const { imports: mayImport = true, exports: mayExport = true, trade = true, eitherWay } =
    restriction;
  const builder = createProgramBuilder();
  const { homes } = book;
  const fee = feeOf(book);
  const cap = book.priceCapPerKwh[0];
  const traders: { imports: number; exports: number; buys: number; sells: number }[] = [];
  const balances: (() => void)[] = [];
  const takes = Array.from(
    { length: eitherWay ? homes : 0 },
    (_, i) => builder.column(`takes ${i}`, 0, 0, 1),
  );
  for (let i = 0; i < homes; i++) {
    const [ceiling, feedIn] = tariffsOf(book, i);
    const load = book.loadKwh[i], sun = book.sunKwh[i];
    const imports = builder.column(`import ${i}`, ceiling, 0, mayImport ? Infinity : 0);
    const exports = builder.column(`export ${i}`, -feedIn, 0, mayExport ? Infinity : 0);
    const buys = builder.column(`buy ${i}`, fee, 0, trade ? Infinity : 0);
    const sells = builder.column(`sell ${i}`, fee, 0, trade ? Infinity : 0);
    const shed = builder.column(
      `shed ${i}`,
      Math.min(cap, rounded(book.lostLoadPerKwh[0])),
      0,
      load,
    );
    const curtailed = builder.column(`curtailed ${i}`, -rounded(book.curtailmentPerKwh[0]), 0, sun);
    const flows: [number, number][] = [
      [imports, 1],
      [buys, 1],
      [exports, -1],
      [sells, -1],
      [shed, 1],
      [curtailed, -1],
    ];
    for (let s = book.firstStore[i]; s < book.firstStore[i + 1]; s++) {
      const { charge, discharge } = piecesOf(book, s);
      for (const { pricePerKwh, kwh } of charge) {
        flows.push([builder.column(`charge ${i}`, -Math.min(cap, pricePerKwh), 0, kwh), -1]);
      }
      for (const { pricePerKwh, kwh } of discharge) {
        flows.push([builder.column(`discharge ${i}`, pricePerKwh, 0, kwh), 1]);
      }
    }
    traders.push({ imports, exports, buys, sells });
    balances.push(() => {
      builder.row("balance of the home", load - sun, load - sun);
      for (const [column, sign] of flows) builder.entry(column, sign);
      if (book.meterLimits) {
        builder.row("meter", book.meterLeastKwh[i], book.meterMostKwh[i]);
        for (const column of [imports, buys]) builder.entry(column, 1);
        for (const column of [exports, sells]) builder.entry(column, -1);
      }
      if (!eitherWay) return;
      let [taken, given] = [load, sun];
      for (let s = book.firstStore[i]; s < book.firstStore[i + 1]; s++) {
        taken += book.chargeMostKwh[s];
        given += book.dischargeMostKwh[s];
      }
      builder.row("takes at most", -Infinity, 0);
      for (const column of [imports, buys]) builder.entry(column, 1);
      builder.entry(takes[i], -taken);
      builder.row("gives at most", -Infinity, given);
      for (const column of [exports, sells]) builder.entry(column, 1);
      builder.entry(takes[i], given);
    });
  }
  const beyond = Array.from(
    { length: book.homeSteps ? homes : 0 },
    (_, i) => builder.column(`beyond ${i}`, rounded(book.rowStepPerKwh[i]), 0, Infinity),
  );
  const steps = Array.from({ length: book.gridSteps }, (_, g) => {
    const to = g + 1 < book.gridSteps ? book.gridStepFromKwh[g + 1] : Infinity;
    return builder.column("step", rounded(book.gridStepPerKwh[g]), 0, to - book.gridStepFromKwh[g]);
  });
  balances.forEach((add) => add());
  builder.row("trade", 0, 0);
  for (const { buys, sells } of traders) {
    builder.entry(buys, 1);
    builder.entry(sells, -1);
  }
  builder.row("connection", -book.exportLimitKwh[0], book.importLimitKwh[0]);
  for (const { imports, exports } of traders) {
    builder.entry(imports, 1);
    builder.entry(exports, -1);
  }
  beyond.forEach((column, i) => {
    builder.row(`step of ${i}`, -Infinity, book.rowStepFromKwh[i]);
    const { imports, buys, exports, sells } = traders[i];
    for (const taken of [imports, buys]) builder.entry(taken, 1);
    for (const given of [exports, sells]) builder.entry(given, -1);
    builder.entry(column, -1);
  });
  if (steps.length > 0) {
    builder.row("steps", -Infinity, book.gridStepFromKwh[0]);
    for (const { imports, exports } of traders) {
      builder.entry(imports, 1);
      builder.entry(exports, -1);
    }
    for (const step of steps) builder.entry(step, -1);
  }
  return {
    subject: "the slot",
    model: builder.model(),
    columnName: (column) => builder.columnLabels[column],
    rowName: (row) => builder.rowLabels[row],
  };
}

/** What the cleared slot of a book costs by the same prices. */
export function slotCost(book: MarketBook): number {
  const fee = feeOf(book);
  const cap = book.priceCapPerKwh[0];
  let cost = 0;
  for (let i = 0; i < book.homes; i++) {
    const [ceiling, feedIn] = tariffsOf(book, i);
    const grid = book.gridKwh[i];
    cost += grid > 0 ? ceiling * grid : feedIn * grid;
    cost += fee * Math.abs(book.tradedKwh[i]);
    if (book.homeSteps) {
      const beyond = Math.max(0, book.meterKwh[i] - book.rowStepFromKwh[i]);
      cost += rounded(book.rowStepPerKwh[i]) * beyond;
    }
    cost += Math.min(cap, rounded(book.lostLoadPerKwh[0])) *
      (book.loadKwh[i] - book.servedKwh[i]);
    cost -= rounded(book.curtailmentPerKwh[0]) * (book.sunKwh[i] - book.usedSunKwh[i]);
    for (let s = book.firstStore[i]; s < book.firstStore[i + 1]; s++) {
      const { charge, discharge } = piecesOf(book, s);
      let left = Math.abs(book.storeKwh[s]);
      for (const { pricePerKwh, kwh } of book.storeKwh[s] > 0 ? charge : discharge) {
        const part = Math.min(left, kwh);
        left -= part;
        cost += book.storeKwh[s] > 0 ? -Math.min(cap, pricePerKwh) * part : pricePerKwh * part;
      }
    }
  }
  for (let g = 0; g < book.gridSteps; g++) {
    const to = g + 1 < book.gridSteps ? book.gridStepFromKwh[g + 1] : Infinity;
    const on = Math.max(0, Math.min(to, book.importKwh[0]) - book.gridStepFromKwh[g]);
    cost += rounded(book.gridStepPerKwh[g]) * on;
  }
  return cost;
}
