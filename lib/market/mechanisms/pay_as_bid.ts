/**
 * Pay as bid: every trade costs what its buyer bid.
 *
 * What is done is what one price for all would come to; what differs is what trades cost. Nobody
 * bids above what the grid's energy costs the home, or asks below what the grid pays it: metered load
 * bids its ceiling C, sun asks its tariff f (where the connection binds, both with its premium).
 * Stores bid and ask by their value curves. The dearest bid meets the dearest ask, and so on down,
 * each at the price of the bid; orders of one price share pro rata. So are orders matched, and paid,
 * in the two-sided pay-as-bid market of the Grid Singularity exchange (gsy-framework,
 * `pay_as_bid_matching_algorithm.py`), which may also accept orders that are not of least cost.
 *
 * The reference price is that of the margin, between accepted and rejected orders.
 *
 * @module
 */

import { DUST_KWH } from "../../units.ts";
import { tariffsAt } from "../certified_curves.ts";
import { promise } from "../common_promises.ts";
import {
  certificateOf,
  type ClearedSlot,
  clearedSlot,
  marginPromises,
} from "../market_certificate.ts";
import type { Mechanism } from "../mechanism.ts";
import { clearUniformPrice } from "./uniform_price.ts";

/** Every trade at the price of its bid. */
export const payAsBid: Mechanism = {
  name: "pay-as-bid",
  description: "every trade costs what its buyer bid; load bids its ceiling, sun asks its tariff",
  clear(book, from = 0, to = book.communities) {
    clearUniformPrice(book, from, to);
    for (let c = from; c < to; c++) {
      const slot = clearedSlot(book, c);
      const { payments } = payTrades(slot);
      slot.rows.forEach((row, k) => book.tradePayment[row] = payments[k]);
    }
  },
  certify(book, c) {
    const { slot, scales, promises } = marginPromises(book, c);
    const { payments, worstMargin } = payTrades(slot);
    const off = slot.rows.map((row, k) => Math.abs(book.tradePayment[row] - payments[k]));
    return certificateOf({
      ...promises,
      paidAsBid: promise(Math.max(...off) / scales.money),
      individuallyRational: promise(worstMargin / (1 + Math.abs(slot.price))),
    });
  },
};

/** Energy of a home at one of its prices in the market. */
interface Order {
  readonly home: number;
  readonly pricePerKwh: number;
  readonly kwh: number;
}

/** What trades cost. */
interface TradePayments {
  /** Paid by each home, received < 0. [currency] */
  readonly payments: readonly number[];
  /** Largest excess of an ask over the bid that it meets. [currency/kWh] */
  readonly worstMargin: number;
}

/** Matches what each home trades, the dearest with the dearest. */
function payTrades(slot: ClearedSlot): TradePayments {
  const orders = slot.rows.map((_, home) => ordersOf(slot, home));
  const bids = levelsOf(orders.flatMap(({ bids }) => bids));
  const asks = levelsOf(orders.flatMap(({ asks }) => asks));
  const payments = new Array<number>(slot.rows.length).fill(0);
  const revenue = asks.map(() => 0);
  let [turnover, worstMargin, a] = [0, 0, 0];
  let left = asks[0]?.kwh ?? 0;
  for (const { pricePerKwh, kwh, orders } of bids) {
    for (const order of orders) payments[order.home] += pricePerKwh * order.kwh;
    turnover += pricePerKwh * kwh;
    for (let wanted = kwh; wanted > 0 && a < asks.length;) {
      const part = Math.min(wanted, left);
      revenue[a] += pricePerKwh * part;
      if (part > DUST_KWH) worstMargin = Math.max(worstMargin, asks[a].pricePerKwh - pricePerKwh);
      wanted -= part;
      left -= part;
      if (left <= 0) left = asks[++a]?.kwh ?? 0;
    }
  }
  // What rounding leaves of the turnover belongs to the last that sell.
  if (revenue.length > 0) {
    revenue[revenue.length - 1] += turnover - revenue.reduce((sum, value) => sum + value, 0);
  }
  asks.forEach(({ kwh, orders }, k) => {
    for (const order of orders) payments[order.home] -= revenue[k] * order.kwh / kwh;
  });
  return { payments, worstMargin };
}

/** What a home trades, by the prices at which it was accepted. */
function ordersOf(slot: ClearedSlot, home: number): { bids: Order[]; asks: Order[] } {
  const { book, c, rows, curves, premium, fee } = slot;
  const row = rows[home];
  const q = book.meterKwh[row];
  const traded = book.tradedKwh[row];
  const bids: Order[] = [];
  const asks: Order[] = [];
  if (!(traded * q > 0) || Math.abs(traded) <= DUST_KWH) return { bids, asks };
  const [ceiling, feedIn] = tariffsAt(book, c, row);
  // Where part is with the grid all is bid, or asked, at the grid's price: any part is the same.
  const part = traded / q;
  let net = Math.min(0, curves[home].leastKwh);
  const { pieces, leastKwh } = curves[home];
  const greatest = pieces.reduce((sum, { kwh }) => sum + kwh, leastKwh);
  const all = [
    // What the meter must take, or give, it does at any price.
    { pricePerKwh: Infinity, kwh: Math.max(0, leastKwh) },
    ...pieces,
    { pricePerKwh: -Infinity, kwh: Math.max(0, -greatest) },
  ];
  for (const { pricePerKwh, kwh } of all) {
    const [from, to] = q > 0
      ? [Math.max(0, net), Math.min(q, net + kwh)]
      : [Math.max(q, net), Math.min(0, net + kwh)];
    net += kwh;
    if (!(to - from > DUST_KWH)) continue;
    const order = { home, kwh: part * (to - from) };
    if (q > 0) bids.push({ ...order, pricePerKwh: Math.min(pricePerKwh, ceiling + premium) - fee });
    else asks.push({ ...order, pricePerKwh: Math.max(pricePerKwh, feedIn + premium) + fee });
  }
  return { bids, asks };
}

/** Orders by falling price, those of one price together. */
function levelsOf(orders: readonly Order[]) {
  // Prices and fees are whole numbers of half a unit of 1e-6.
  const byPrice = Map.groupBy(orders, ({ pricePerKwh }) => Math.round(pricePerKwh * 4e6));
  return [...byPrice].sort(([a], [b]) => b - a).map(([, level]) => ({
    pricePerKwh: level[0].pricePerKwh,
    kwh: level.reduce((sum, { kwh }) => sum + kwh, 0),
    orders: level,
  }));
}
