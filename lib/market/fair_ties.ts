/**
 * Whether what is tied at the price is served fairly, for the certificate: stores by one share, load
 * by one share, and in the order sun, export given up, stores, import, shedding.
 *
 * @module
 */

import type { Scales } from "./common_promises.ts";
import { type HomePiece, tariffsAt } from "./certified_curves.ts";
import { SLOT_FLAGS } from "./market_book.ts";
import type { ClearedSlot } from "./market_certificate.ts";

/** Prices that differ by less are one. [currency/kWh] */
const SAME = 1e-9;

/** Largest difference between shares that have to be equal, or from what the order says. [1] */
export function unfairness(slot: ClearedSlot, scales: Scales): number {
  const { book, c, rows, curves, price, premium, fee, alone } = slot;
  // Mixed outcomes, homes that were told what to do, or that are alone, share by other rules.
  const told = (book.slotFlags[c] & SLOT_FLAGS.notConvex) !== 0;
  if (alone || told || (book.ownTariffs && premium !== 0)) return 0;
  const dust = 1e-6 * scales.energyKwh;
  const shares: Record<"load" | "store" | "sun", number[]> = { load: [], store: [], sun: [] };
  rows.forEach((row, k) => {
    const q = book.meterKwh[row];
    if (Math.abs(q) <= dust || (book.ownTariffs && Math.abs(book.tradedKwh[row]) <= dust)) return;
    const worth = q > 0 ? price + fee : price - fee;
    let net = curves[k].leastKwh;
    for (const kind of ["load", "store", "sun"] as const) {
      const tied = curves[k].pieces.filter((piece) =>
        piece.kind === kind && Math.abs(piece.pricePerKwh - worth) <= SAME
      );
      const before = curves[k].pieces.reduce(
        (sum, piece) => piece.pricePerKwh > worth + SAME ? sum + piece.kwh : sum,
        curves[k].leastKwh,
      );
      if (kind === "load") net = before;
      const total = tied.reduce((sum, { kwh }) => sum + kwh, 0);
      const on = tied.reduce((sum, { onKwh }) => sum + onKwh, 0);
      // With a fee only what lies on this side of zero net demand stands at this price.
      const [from, to] = fee === 0
        ? [net, net + total]
        : q > 0
        ? [Math.max(0, net), Math.max(0, net + total)]
        : [Math.min(0, net), Math.min(0, net + total)];
      if (to - from > dust) {
        const share = (net + on - from) / (to - from);
        shares[kind].push(share);
        if (kind === "store") shares.store.push(...sharesOfStores(tied, share - on / total, dust));
      }
      net += total;
    }
  });
  const spread = (values: readonly number[]) =>
    values.length > 0 ? Math.max(...values) - Math.min(...values) : 0;
  const least = (values: readonly number[]) => Math.min(1, ...values);
  const most = (values: readonly number[]) => Math.max(0, ...values);
  const order = [
    // What is demanded of tied sun is curtailed: only where no other source is needed.
    least(shares.store) < 1 - SAME && shares.sun.length > 0 ? most(shares.sun) : 0,
    least(shares.load) < 1 - SAME && shares.store.length > 0 ? most(shares.store) : 0,
    shares.store.length > 0 ? gridBeforeStores(slot, shares.store, dust) : 0,
  ];
  return Math.max(spread(shares.load), spread(shares.store), spread(shares.sun), ...order);
}

/** Share of each store in what is tied of a home, moved by what distinguishes the home. */
function sharesOfStores(tied: readonly HomePiece[], offset: number, dust: number): number[] {
  const byStore = Map.groupBy(tied, ({ store }) => store);
  const sums = [...byStore.values()].map((pieces) => ({
    kwh: pieces.reduce((sum, { kwh }) => sum + kwh, 0),
    onKwh: pieces.reduce((sum, { onKwh }) => sum + onKwh, 0),
  }));
  return sums.filter(({ kwh }) => kwh > dust).map(({ kwh, onKwh }) => offset + onKwh / kwh);
}

/** Import only after all that stores can give, export only once they take all they want. */
function gridBeforeStores(slot: ClearedSlot, stores: readonly number[], dust: number): number {
  const { book, c, rows, price, premium, fee } = slot;
  if (premium !== 0) return 0;
  let worst = 0;
  for (const row of rows) {
    const [ceiling, feedIn] = tariffsAt(book, c, row);
    const grid = book.gridKwh[row];
    if (grid > dust && Math.abs(price + fee - ceiling) <= SAME) {
      worst = Math.max(worst, ...stores);
    }
    if (grid < -dust && Math.abs(price - fee - feedIn) <= SAME) {
      worst = Math.max(worst, ...stores.map((share) => 1 - share));
    }
  }
  return worst;
}
