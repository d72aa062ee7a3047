/**
 * Second phase of a slot: orders for the net positions, and the auction that clears them.
 *
 * @module
 */

import {
  feasibleOrderKwh,
  feasiblePricePerKwh,
  mayOrder,
  Reason,
  reasonOf,
} from "../safety/feasibility_filter.ts";
import { ACTION_SIZE, limitPricePerKwh, offeredShare } from "./action.ts";
import { clearRows } from "./market.ts";
import type { SlotContext } from "./slot.ts";

/** Between which prices orders lie. [currency/kWh] */
interface PriceBounds {
  /** The feed-in tariff and the network fee. */
  readonly lowest: number;
  /** The import price less the network fee. */
  readonly highest: number;
}

/** Clears the orders of community `c` and books the trades. */
export function trade(context: SlotContext, c: number, slot: number): void {
  const { config, batteries, state, ledger, market } = context;
  const { lowest, highest } = priceBounds(context, slot);
  const { book } = market;
  const count = batteries.length;
  clearRows(market, ledger, c * count, (c + 1) * count, config.market.priceWeight);
  ledger.clearingPricePerKwh[c] = book.clearingPrice;
  ledger.volumeKwh[c] = book.volumeKwh;
  state.lastVolumeKwh[c] = book.volumeKwh;
  state.lastPriceShare[c] = book.volumeKwh > 0 && highest > lowest
    ? (book.clearingPrice - lowest) / (highest - lowest)
    : 0.5;
}

/** Writes the filtered orders of community `c`. */
export function writeOrders(context: SlotContext, c: number, slot: number): void {
  const { batteries, ledger, actions } = context;
  const { lowest, highest } = priceBounds(context, slot);
  const { netKwh, orderKwh, orderPricePerKwh, reasons } = ledger;
  const count = batteries.length;
  for (let row = c * count; row < (c + 1) * count; row++) {
    const share = actions[row * ACTION_SIZE + 1];
    const rawPrice = actions[row * ACTION_SIZE + 2];
    const net = netKwh[row];
    const requestedKwh = offeredShare(share) * net;
    const requestedPrice = limitPricePerKwh(rawPrice, lowest, highest);
    const quantity = mayOrder(requestedPrice, lowest, highest)
      ? feasibleOrderKwh(requestedKwh, net)
      : 0;
    const price = feasiblePricePerKwh(requestedPrice, lowest, highest);
    reasons[row] |= reasonOf(requestedKwh, quantity, Reason.order) |
      reasonOf(requestedPrice, price, Reason.price);
    orderKwh[row] = quantity;
    orderPricePerKwh[row] = price;
  }
}

/** Between which prices orders of a slot lie. */
function priceBounds(
  { dataset: { profiles }, config }: SlotContext,
  slot: number,
): PriceBounds {
  // A fee narrows the bounds, so that nobody pays more or earns less than with the grid. Where the lowest
  // is above the highest, as with an import price below the feed-in tariff, nobody may order.
  const { networkFeePerKwh } = config.market;
  return {
    lowest: profiles.feedInTariffPerKwh[slot] + networkFeePerKwh,
    highest: profiles.importPricePerKwh[slot] - networkFeePerKwh,
  };
}
