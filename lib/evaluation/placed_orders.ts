/**
 * The orders in the books, with what was known when they were placed.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { DUST_KWH, localTime } from "../units.ts";
import { storesOf } from "../stores/stores.ts";
import type { Records } from "./records.ts";

/** An order. */
export interface PlacedOrder {
  /** Local time of the slot's start. [h] */
  readonly hourOfDay: number;
  /** Whether it buys. */
  readonly buys: boolean;
  /** Place of its price between the feed-in tariff (0) and the import price (1). */
  readonly priceShare: number;
  /** Stored share of the capacity at the end of the slot; `null` without a store. */
  readonly socFraction: number | null;
}

/** Every order of more than dust, where the tariffs leave room for a price. */
export function placedOrders(
  { home: book, store, homes, stores: count, slotsPerEpisode, firstSlots }: Records,
  dataset: Dataset,
): PlacedOrder[] {
  const { profiles } = dataset;
  const stores = storesOf(dataset).map((each, s) => ({ ...each, s }));
  const orders: PlacedOrder[] = [];
  book.orderKwh.forEach((orderKwh, row) => {
    const at = Math.floor(row / homes);
    const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + (at % slotsPerEpisode);
    const tariff = profiles.feedInTariffPerKwh[slot];
    const room = profiles.importPricePerKwh[slot] - tariff;
    if (Math.abs(orderKwh) < DUST_KWH || !(room > 0)) return;
    const own = stores.filter(({ owner }) => owner === row % homes);
    const capacityKwh = own.reduce((sum, { nominalKwh }) => sum + nominalKwh, 0);
    const storedKwh = own.reduce((sum, { s }) => sum + store.endEnergyKwh[at * count + s], 0);
    orders.push({
      hourOfDay: localTime(profiles.grid, slot).hourOfDay,
      buys: orderKwh > 0,
      priceShare: (book.orderPricePerKwh[row] - tariff) / room,
      socFraction: capacityKwh > 0 ? storedKwh / capacityKwh : null,
    });
  });
  return orders;
}
