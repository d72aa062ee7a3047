/**
 * The market: where the price is made, and other rules beside it.
 *
 * Fill a {@linkcode MarketBook} with what every home's meter and every store would do at any price,
 * and clear it by a {@linkcode Mechanism}. `uniform-price` makes one price for all, in `clearing.ts`.
 *
 * @example
 * ```ts
 * import { createMarketBook, mechanismNamed } from "./mod.ts";
 * // One home has 1 kWh of sun to spare, the other a battery that values the first kWh at 0.25.
 * const book = createMarketBook({ homes: 2, owners: [1] });
 * book.ceilingPerKwh[0] = 0.3;
 * book.feedInPerKwh[0] = 0.1;
 * book.sunKwh[0] = 1;
 * book.chargeMostKwh[0] = 4;
 * book.valuePerKwh[0] = 0.25;
 * mechanismNamed("uniform-price").clear(book);
 * // It takes all of it, and would take more: its value is the price.
 * if (book.storeKwh[0] !== 1 || book.pricePerKwh[0] !== 0.25) throw new Error("1 kWh at 0.25");
 * ```
 *
 * @module
 */

export * from "./market_book.ts";
export * from "./mechanism.ts";
export * from "./mechanisms/mod.ts";
