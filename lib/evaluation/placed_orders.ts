/**
 * The orders in the books, with what was known when they were placed.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { DUST_KWH, localTime } from "../units.ts";
import type { Records } from "./records.ts";

/** An order. */
export interface PlacedOrder {
  /** Local time of the slot's start. [h] */
  readonly hourOfDay: number;
  /** Whether it buys. */
  readonly buys: boolean;
  /** Place of its price between the feed-in tariff (0) and the import price (1). */
  readonly priceShare: number;
  /** How full the battery was at the end of the slot; `null` without a battery. */
  readonly socFraction: number | null;
}

/** Every order of more than dust, where the tariffs leave room for a price. */
export function placedOrders(
  { columns: book, prosumers: count, slotsPerEpisode, firstSlots }: Records,
  { community, profiles }: Dataset,
): PlacedOrder[] {
  const orders: PlacedOrder[] = [];
  book.orderKwh.forEach((orderKwh, row) => {
    const at = Math.floor(row / count);
    const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + (at % slotsPerEpisode);
    const tariff = profiles.feedInTariffPerKwh[slot];
    const room = profiles.importPricePerKwh[slot] - tariff;
    if (Math.abs(orderKwh) < DUST_KWH || !(room > 0)) return;
    const battery = community.prosumers[row % count].battery;
    orders.push({
      hourOfDay: localTime(profiles.grid, slot).hourOfDay,
      buys: orderKwh > 0,
      priceShare: (book.orderPricePerKwh[row] - tariff) / room,
      socFraction: battery === null ? null : book.energyKwh[row] / battery.capacityKwh,
    });
  });
  return orders;
}
