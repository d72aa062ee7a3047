/**
 * Random order books, and a brute-force clearing for those of whole units. For the fuzzer and the
 * tests of the market.
 *
 * @module
 */

import fc from "fast-check";
import type { Order, Orders } from "../../lib/market/auction.ts";

type Pair = readonly [pricePerKwh: number, quantityKwh: number];

/** A book of `[price, quantity]` pairs; the bids are named b0, b1, …, the asks a0, a1, …. */
export function book(bids: readonly Pair[], asks: readonly Pair[]): Orders {
  const named = (side: string, pairs: readonly Pair[]): Order[] =>
    pairs.map(([pricePerKwh, quantityKwh], k) => ({ id: `${side}${k}`, pricePerKwh, quantityKwh }));
  return { bids: named("b", bids), asks: named("a", asks) };
}

/** Few prices, so that there are many ties; some are negative. */
const tiedPrices = fc.integer({ min: -2, max: 6 }).map((k) => k / 10);

/** Ordinary, awkward (decimals, dust, nearly dust) and any other quantities. */
const quantities = fc.oneof(
  fc.constantFrom(0, 1e-10, 9.9e-10, 1e-9, 2e-9, 0.1, 0.2, 0.3, 0.7, 1, 1 + 1e-9, 3, 1e9),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.integer({ min: 0, max: 1e15 }),
);

/** Books of up to 9 bids and as many asks. */
export const arbitraryOrders: fc.Arbitrary<Orders> = booksOf(
  fc.oneof(tiedPrices, fc.double({ min: -1, max: 1, noNaN: true })),
  quantities,
  9,
);

/** Books of up to 60 bids and as many asks at few prices. */
export const tiedOrders: fc.Arbitrary<Orders> = booksOf(tiedPrices, quantities, 60);

/** Books of up to 60 bids and as many asks, hardly two of one price. */
export const longOrders: fc.Arbitrary<Orders> = booksOf(
  fc.double({ min: -1, max: 1, noNaN: true }),
  quantities,
  60,
);

/** Books of whole units at few prices, which can be cleared unit by unit. */
export function unitOrders(most: number): fc.Arbitrary<Orders> {
  return booksOf(tiedPrices, fc.integer({ min: 0, max: 4 }), most);
}

/** Books of up to `most` bids and as many asks. */
export function booksOf(
  price: fc.Arbitrary<number>,
  quantity: fc.Arbitrary<number>,
  most: number,
): fc.Arbitrary<Orders> {
  const side = fc.array(fc.tuple(price, quantity), { maxLength: most, size: "max" });
  return fc.tuple(side, side).map(([bids, asks]) => book(bids, asks));
}

/** Clears a book of whole units: the k-th best bid meets the k-th best ask. */
export function clearUnits({ bids, asks }: Orders) {
  const units = (orders: Orders["bids"]) =>
    orders.flatMap(({ pricePerKwh, quantityKwh }) => Array<number>(quantityKwh).fill(pricePerKwh));
  const bid = [...units(bids).sort((a, b) => b - a), -Infinity];
  const ask = [...units(asks).sort((a, b) => a - b), Infinity];
  let volumeKwh = 0;
  let worth = 0;
  for (; bid[volumeKwh] >= ask[volumeKwh]; volumeKwh++) worth += bid[volumeKwh] - ask[volumeKwh];
  if (volumeKwh === 0) return { volumeKwh, worth, clearingInterval: null };
  const low = Math.max(ask[volumeKwh - 1], bid[volumeKwh]);
  const high = Math.min(bid[volumeKwh - 1], ask[volumeKwh]);
  return { volumeKwh, worth, clearingInterval: [low, high] };
}

/** A small book, with an id that a careless program takes for something else. */
export const BOOK = {
  bids: [
    { id: "ann", quantityKwh: 3, pricePerKwh: 0.3 },
    { id: "__proto__", quantityKwh: 1, pricePerKwh: 0.05 },
  ],
  asks: [{ id: "bob", quantityKwh: 2, pricePerKwh: 0.1 }],
};

/** The same as CSV. */
export const BOOK_CSV = `side,id,quantityKwh,pricePerKwh
bid,ann,3,0.3
bid,__proto__,1,0.05
ask,bob,2,0.1
`;
