/**
 * Second phase of a slot: orders for the net positions, and the auction that clears them.
 *
 * @module
 */

import { clearBook } from "../market/auction.ts";
import {
  feasibleOrderKwh,
  feasiblePricePerKwh,
  mayOrder,
  Reason,
  reasonOf,
} from "../safety/feasibility_filter.ts";
import { ACTION_SIZE, limitPricePerKwh, offeredShare } from "./action.ts";
import type { SlotContext } from "./slot.ts";

/** Places the orders of community `c`, clears them and books the trades. */
export function trade(context: SlotContext, c: number, slot: number): void {
  const { dataset: { profiles }, config, batteries, state, ledger, actions, book } = context;
  // A fee narrows the bounds, so that nobody pays more or earns less than with the grid.
  const lowest = profiles.feedInTariffPerKwh[slot] + config.market.networkFeePerKwh;
  const highest = profiles.importPricePerKwh[slot] - config.market.networkFeePerKwh;
  const { netKwh, orderKwh, orderPricePerKwh, tradedKwh, reasons } = ledger;
  const count = batteries.length;
  book.bidCount = 0;
  book.askCount = 0;
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
    tradedKwh[row] = 0;
    place(context, row, quantity, price);
  }
  clearBook(book, config.market.priceWeight);
  for (let k = 0; k < book.bidCount; k++) {
    tradedKwh[context.bidder[k]] = book.bidFillKwh[k];
  }
  for (let k = 0; k < book.askCount; k++) {
    tradedKwh[context.asker[k]] = -book.askFillKwh[k];
  }
  ledger.clearingPricePerKwh[c] = book.clearingPrice;
  ledger.volumeKwh[c] = book.volumeKwh;
  state.lastVolumeKwh[c] = book.volumeKwh;
  state.lastPriceShare[c] = book.volumeKwh > 0 && highest > lowest
    ? (book.clearingPrice - lowest) / (highest - lowest)
    : 0.5;
}

function place({ book, bidder, asker }: SlotContext, row: number, orderKwh: number, price: number) {
  if (orderKwh > 0) {
    bidder[book.bidCount] = row;
    book.bidPricePerKwh[book.bidCount] = price;
    book.bidQuantityKwh[book.bidCount++] = orderKwh;
  } else if (orderKwh < 0) {
    asker[book.askCount] = row;
    book.askPricePerKwh[book.askCount] = price;
    book.askQuantityKwh[book.askCount++] = -orderKwh;
  }
}
