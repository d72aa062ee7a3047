/**
 * The market of four homes that the fifth chapter builds, and its price where one battery bids
 * otherwise.
 *
 * @module
 */

import { ordersOf } from "../../market/book_orders.ts";
import type { ClearedOrders } from "../../market/book_orders.ts";
import { createMarketBook, type MarketBook } from "../../market/market_book.ts";
import { mechanismNamed } from "../../market/mechanisms/mod.ts";
import { clearedBooks } from "../figures/cleared_book.ts";
import { fixed } from "../figures/common.ts";
import type { Piece, Values } from "./piece.ts";

/** The homes: one has load alone, one sun, one a battery, one both. */
export const FOUR_HOMES: readonly string[] = [
  "Ann: only load",
  "Ben: sun",
  "Cleo: battery",
  "Dan: sun and battery",
];

/** Their batteries. */
const TWO_BATTERIES: readonly string[] = ["Cleo's battery", "Dan's battery"];

/** The share of all sun that falls on each roof. */
const SUN_SHARES = [0, 0.6, 0, 0.4];

/** An hour of the four homes: their batteries say what stored energy is worth, sun is still to come. */
export function fourHomes(): MarketBook {
  const book = createMarketBook({ homes: 4, owners: [2, 3] });
  book.ceilingPerKwh[0] = 0.32;
  book.feedInPerKwh[0] = 0.08;
  book.loadKwh.set([1.2, 0.6, 0.8, 0.5]);
  book.energyKwh.set([5, 3]);
  book.chargeMostKwh.set([3, 2]);
  book.dischargeMostKwh.set([2, 2]);
  book.storedPerKwh.fill(0.95);
  book.drawnPerKwh.fill(1 / 0.95);
  book.wearPerKwh.fill(0.01);
  book.valuePerKwh.set([0.2, 0.22]);
  book.fallPerKwh.set([0.03, 0.03]);
  return book;
}

/** Clears the hour with so much sun on all roofs together. */
export function clearWithSun(
  book: MarketBook,
  sunKwh: number,
): { readonly pricePerKwh: number; readonly orders: ClearedOrders } {
  book.sunKwh.set(SUN_SHARES.map((share) => share * sunKwh));
  mechanismNamed("uniform-price").clear(book);
  return { pricePerKwh: book.pricePerKwh[0], orders: ordersOf(book, TWO_BATTERIES) };
}

/** What becomes of Cleo's bid. */
interface Bid {
  readonly pricePerKwh: number;
  readonly orders: ClearedOrders;
  /** What her battery does, charging > 0. [kWh] */
  readonly batteryKwh: number;
}

/** Drag what Cleo says that stored energy is worth, and the sun. */
export const marketBid: Piece<Bid> = {
  name: "market-bid",
  controls: [
    {
      name: "value",
      label: "Cleo values stored energy at",
      unit: "EUR/kWh",
      ...{ min: 0, max: 0.4, step: 0.01, value: 0.24 },
    },
    {
      name: "sun",
      label: "while the sun gives",
      unit: "kWh",
      min: 0,
      max: 14,
      step: 0.5,
      value: 4,
    },
  ],
  async *compute({ value, sun }: Values) {
    const book = fourHomes();
    book.valuePerKwh[0] = value;
    const cleared = clearWithSun(book, sun);
    yield { ...cleared, batteryKwh: book.storeKwh[0] };
  },
  figure({ pricePerKwh, orders, batteryKwh }, { value, sun }) {
    const energy = `${fixed(Math.abs(batteryKwh), 1)} kWh`;
    const does = Math.abs(batteryKwh) < 0.05
      ? "rests"
      : batteryKwh > 0
      ? `takes ${energy}`
      : `gives ${energy}`;
    return clearedBooks([{ title: "", orders }], {
      currency: "EUR",
      topPerKwh: 0.5,
      title: `All pay ${fixed(pricePerKwh, 3)} EUR/kWh, and Cleo's battery ${does}`,
      subtitle: `One hour of four homes: she says ${fixed(value, 2)} EUR/kWh, the sun gives ` +
        `${fixed(sun, 1)} kWh.`,
    });
  },
};
