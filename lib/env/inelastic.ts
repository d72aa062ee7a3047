/**
 * The classic formulation, kept for comparison: stores move first, by the power that agents ask for,
 * and what is left of each home's net position is traded by limit orders. The price then follows
 * orders that no longer answer it.
 *
 * @module
 */

import { clearBook } from "../market/limit_orders.ts";
import { createOrderBook } from "../market/order_book.ts";
import { applyConnectionLimit } from "./connection.ts";
import { Reason, reasonOf, within } from "./reasons.ts";
import type { World } from "./world.ts";

/** Numbers beside those of the stores: share of the net position, and its price. */
const ORDER_NUMBERS = 2;

/** Finite numbers of larger magnitude are read as this, so that no request overflows. */
const LARGEST_NUMBER = 1e6;

/** Power that a number asks for: −1 and 1 are the ends of what is feasible. [kW] */
export function requestedKw(number: number, leastKw: number, mostKw: number): number {
  return ((1 + number) * mostKw + (1 - number) * leastKw) / 2;
}

/** Number that asks for a power: the inverse of {@linkcode requestedKw}. */
export function numberOfPower(powerKw: number, leastKw: number, mostKw: number): number {
  const width = mostKw - leastKw;
  return width === 0 ? 0 : (2 * (powerKw - leastKw)) / width - 1;
}

/** Makes the requested powers of community `c` feasible and fits them to its connection. */
export function filterPowers(world: World, c: number, slot: number): void {
  const { dataset: { profiles }, loads, homes, stores, firstStore, spaces, state, ledger } = world;
  const { dtHours } = profiles.grid;
  const { numbers } = world.decision;
  const size = spaces.action.names.length;
  for (let i = 0, row = c * homes, cell = slot * homes; i < homes; i++, row++, cell++) {
    ledger.loadKw[row] = loads.loadKw[cell];
    ledger.pvKw[row] = loads.pvKw[cell];
    for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
      const k = c * stores.length + s;
      const most = state.chargeLimitKw[k];
      const least = state.requiredChargeKw[k] > 0
        ? state.requiredChargeKw[k]
        : -state.dischargeLimitKw[k];
      const number = numbers[row * size + spaces.slotOfStore[s]];
      const request = requestedKw(moderate(number), least, most);
      const feasible = Number.isFinite(request) ? within(request, least, most) : Math.max(0, least);
      ledger.powerKw[k] = feasible;
      ledger.reasons[k] = reasonOf(request, feasible, Reason.power);
      ledger.interventionKwh[k] = Number.isFinite(request) ? request : 0;
    }
  }
  const limited = applyConnectionLimit(
    world,
    c,
    profiles.gridImportLimitKw[slot],
    profiles.gridExportLimitKw[slot],
  );
  for (let k = c * stores.length; k < (c + 1) * stores.length; k++) {
    const requestKw = ledger.interventionKwh[k];
    ledger.interventionKwh[k] = Math.abs(requestKw - ledger.powerKw[k]) * dtHours;
    if (limited && ledger.powerKw[k] !== requestKw) ledger.reasons[k] |= Reason.connection;
  }
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    let storesKw = 0;
    for (let s = firstStore[i]; s < firstStore[i + 1]; s++) {
      storesKw += ledger.powerKw[c * stores.length + s];
    }
    const servedKw = ledger.loadKw[row] - ledger.unservedKw[row];
    const usedKw = ledger.pvKw[row] - ledger.curtailedKw[row];
    ledger.storesKw[row] = storesKw;
    ledger.netKwh[row] = (servedKw - usedKw + storesKw) * dtHours;
  }
}

/** Writes the feasible orders of community `c`. */
export function placeOrders(world: World, c: number, slot: number): void {
  const { config, homes, spaces, tariffs, ledger } = world;
  const { networkFeePerKwh } = config.market;
  const { numbers } = world.decision;
  const size = spaces.action.names.length;
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffs.classOf[i]];
    // A fee narrows the bounds, so that nobody pays more or earns less than with the grid.
    const lowest = feedInTariffPerKwh[slot] + networkFeePerKwh;
    const highest = importPricePerKwh[slot] - networkFeePerKwh;
    const at = (row + 1) * size - ORDER_NUMBERS;
    const share = moderate(numbers[at]), number = moderate(numbers[at + 1]);
    const net = ledger.netKwh[row];
    const requestedKwh = ((1 + share) / 2) * net;
    const requestedPrice = ((1 - number) * lowest + (1 + number) * highest) / 2;
    const mayOrder = Number.isFinite(requestedKwh) && Number.isFinite(requestedPrice) &&
      lowest <= highest;
    ledger.orderKwh[row] = mayOrder ? within(requestedKwh, Math.min(net, 0), Math.max(net, 0)) : 0;
    ledger.orderPricePerKwh[row] = mayOrder ? within(requestedPrice, lowest, highest) : NaN;
  }
}

/** Clears the orders of one community at a time. */
export function createOrderMarket(world: World): (c: number, slot: number) => void {
  const { config, homes, ledger, state } = world;
  const book = createOrderBook(homes);
  const bidder = new Int32Array(homes), asker = new Int32Array(homes);
  return (c) => {
    const { orderKwh, orderPricePerKwh, tradedKwh, netKwh, gridKwh } = ledger;
    let bids = 0, asks = 0;
    for (let row = c * homes; row < (c + 1) * homes; row++) {
      const quantity = orderKwh[row];
      tradedKwh[row] = 0;
      if (quantity > 0) {
        bidder[bids] = row;
        book.bidPricePerKwh[bids] = orderPricePerKwh[row];
        book.bidQuantityKwh[bids++] = quantity;
      } else if (quantity < 0) {
        asker[asks] = row;
        book.askPricePerKwh[asks] = orderPricePerKwh[row];
        book.askQuantityKwh[asks++] = -quantity;
      }
    }
    const trades = config.market.mechanism !== "grid-only";
    book.bidCount = trades ? bids : 0;
    book.askCount = trades ? asks : 0;
    clearBook(book, config.market.priceWeight);
    for (let k = 0; k < book.bidCount; k++) tradedKwh[bidder[k]] = book.bidFillKwh[k];
    for (let k = 0; k < book.askCount; k++) tradedKwh[asker[k]] = -book.askFillKwh[k];
    for (let row = c * homes; row < (c + 1) * homes; row++) {
      gridKwh[row] = netKwh[row] - tradedKwh[row];
    }
    ledger.clearingPricePerKwh[c] = book.clearingPrice;
    ledger.volumeKwh[c] = book.volumeKwh;
    state.lastPricePerKwh[c] = book.clearingPrice;
  };
}

/**
 * What homes pay for a slot of orders: with import m and export x of what the market left over,
 * import price p, feed-in tariff f, traded energy q (bought > 0), clearing price π and network fee φ,
 *
 *     bill = p·m − f·x + π·q + φ·|q|.
 */
export function billOrders(world: World, c: number, slot: number): void {
  const { config, homes, tariffs, ledger } = world;
  const price = ledger.clearingPricePerKwh[c];
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const { importPricePerKwh, feedInTariffPerKwh } = tariffs.classes[tariffs.classOf[i]];
    const grid = ledger.gridKwh[row], traded = ledger.tradedKwh[row];
    const gridBill = grid * (grid > 0 ? importPricePerKwh[slot] : feedInTariffPerKwh[slot]);
    ledger.charges[row] = 0;
    ledger.rent[row] = 0;
    ledger.bill[row] = traded === 0
      ? gridBill
      : gridBill + traded * price + Math.abs(traded) * config.market.networkFeePerKwh;
  }
}

/** Cuts finite numbers so large that a request would overflow. */
function moderate(number: number): number {
  const tooLarge = Math.abs(number) > LARGEST_NUMBER && Number.isFinite(number);
  return tooLarge ? Math.sign(number) * LARGEST_NUMBER : number;
}
