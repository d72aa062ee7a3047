/**
 * Cuts the curves of homes to what their meters may take and give, as the network's operator says.
 *
 * The net demand of a home at a price becomes the nearest that its limits allow. What a curve demands
 * below the least is demanded at any price, what it demands beyond the most at none: of the pieces in
 * the order of their price the first are fixed on, the last fixed off, and the market sees those in
 * between. So a home keeps its limits by what is worth least to it, and its own sun may still charge
 * its car.
 *
 * Deterministic, and without effect on curves that are cut already.
 *
 * @module
 */

import { leastNetKwh, orderHome } from "./home_curve.ts";
import { type MarketBook, STORE_FLAGS } from "./market_book.ts";
import type { Workspace } from "./workspace.ts";

/** Part of a home's energy that is rounding. */
const ROUNDING = 1e-13;

/** Cuts the curves of community `c`, whose terms and curves are read; nothing is fixed before. */
export function cutToMeters(book: MarketBook, c: number, workspace: Workspace): void {
  const { meterLeastKwh, meterMostKwh, homes } = book;
  const { curves, fixedKwh, fixedLoadKwh, fixedSunKwh, storeFixedKwh } = workspace;
  if (!book.meterLimits) return;
  fixedKwh.fill(0);
  fixedLoadKwh.fill(0);
  fixedSunKwh.fill(0);
  storeFixedKwh.fill(0);
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const least = meterLeastKwh[row], most = meterMostKwh[row];
    if (least === -Infinity && most === Infinity) continue;
    cutHome(book, c, i, workspace, least, most);
  }
  curves.chargeKwh = curves.dischargeKwh = 0;
  for (let k = 0; k < book.stores; k++) {
    for (let piece = curves.first[k]; piece < curves.first[k + 1]; piece++) {
      if (piece < curves.firstCharge[k]) curves.dischargeKwh += curves.kwh[piece];
      else curves.chargeKwh += curves.kwh[piece];
    }
  }
}

/** Cuts the curve of home `i`, whose pieces may be cut already. */
export function cutHome(
  book: MarketBook,
  c: number,
  i: number,
  workspace: Workspace,
  leastKwh: number,
  mostKwh: number,
): void {
  const { curves, order, loadKwh, sunKwh } = workspace;
  const { first, firstCharge, kwh } = curves;
  const { homes, stores, firstStore, owner } = book;
  const { fixedKwh, fixedLoadKwh, fixedSunKwh, storeFixedKwh } = workspace;
  const row = c * homes + i;
  const from = leastNetKwh(book, c, i, workspace);
  let most = from + loadKwh[i] + sunKwh[i];
  for (
    let p = first[firstStore[row] - c * stores];
    p < first[firstStore[row + 1] - c * stores];
    p++
  ) {
    most += kwh[p];
  }
  const dust = ROUNDING * (most - from + Math.abs(from));
  if (from >= leastKwh - dust && most <= mostKwh + dust) return;
  const load = first[stores];
  const count = orderHome(book, c, i, workspace);
  let net = from;
  for (let k = 0, s = 0; k < count; k++) {
    const piece = order[k];
    const end = net + kwh[piece];
    const on = portion(leastKwh - net, kwh[piece], dust);
    const off = portion(end - mostKwh, kwh[piece] - on, dust);
    net = end;
    const kept = kwh[piece] - on - off;
    kwh[piece] = kept;
    if (piece === load) {
      loadKwh[i] = kept;
      fixedLoadKwh[i] += on;
    } else if (piece > load) {
      sunKwh[i] = kept;
      fixedSunKwh[i] += off;
    } else {
      for (s = firstStore[row] - c * stores; piece >= first[s + 1];) s++;
      storeFixedKwh[s] += piece < firstCharge[s] ? -off : on;
      if (on + off > 0) book.storeFlags[c * stores + s] |= STORE_FLAGS.cut;
    }
  }
  fixedKwh[i] = fixedLoadKwh[i] - fixedSunKwh[i];
  for (let s = c * stores; s < (c + 1) * stores; s++) {
    if (owner[s] === row) fixedKwh[i] += storeFixedKwh[s - c * stores];
  }
}

/** Part of a piece, of which less than dust is nothing. */
function portion(kwh: number, of: number, dust: number): number {
  return kwh > dust ? Math.min(kwh, of) : 0;
}
