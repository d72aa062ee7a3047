/**
 * Who charges when, and why: the power of what waits for energy by kind and hour of the day, split by what
 * it charges for.
 *
 * | reason | what it is |
 * | --- | --- |
 * | `must` | what had to be charged in that slot: a departure, a deadline, heat that was drawn |
 * | `sun` | the home's own sun beyond its load |
 * | `neighbours` | energy of other homes |
 * | `price` | the grid's energy, in a slot that was worth it |
 *
 * What of a home's charging is not a must is shared out by the last three in that order, alike for its
 * devices.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { waits } from "../policies/charging_rules.ts";
import { chargeLimitKw, requiredChargeKw } from "../stores/store.ts";
import { initialEnergyKwh, storesOf } from "../stores/stores.ts";
import { localTime } from "../units.ts";
import type { Records } from "./records.ts";

/** Why something charges. */
export const chargingReasonNames = ["must", "sun", "neighbours", "price"] as const;

/** One of them. */
export type ChargingReason = (typeof chargingReasonNames)[number];

/** Mean charging of all devices of a kind in an hour of the day. */
export interface ChargingHour {
  /** What charges. */
  readonly kind: string;
  /** Local time of the slot's start. [h] */
  readonly hourOfDay: number;
  /** Mean power by reason. [kW] */
  readonly powerKw: Readonly<Record<ChargingReason, number>>;
}

/** Charging by kind and time of day, in the order of kinds and hours. */
export function chargingReasons(records: Records, dataset: Dataset): ChargingHour[] {
  const { home, store: book, homes, slotsPerEpisode, firstSlots, rules } = records;
  const { grid } = dataset.profiles;
  const stores = storesOf(dataset);
  const hours = new Map<string, { kind: string; hourOfDay: number; sums: number[] }>();
  const counts = new Map<number, number>();
  firstSlots.forEach((first, episode) => {
    const energyKwh = stores.map((store) => initialEnergyKwh(store, first, rules.initialSoc));
    for (let step = 0; step < slotsPerEpisode; step++) {
      const at = episode * slotsPerEpisode + step, slot = first + step;
      const { hourOfDay } = localTime(grid, slot);
      counts.set(hourOfDay, (counts.get(hourOfDay) ?? 0) + 1);
      const must = stores.map((store, s) => {
        if (!waits(store)) return 0;
        const mostKw = chargeLimitKw(store, slot, energyKwh[s], store.nominalKwh);
        const needed = requiredChargeKw(store, slot, energyKwh[s], store.nominalKwh, mostKw);
        return Math.min(needed, Math.max(0, book.powerKw[at * stores.length + s]));
      });
      const free = new Float64Array(homes);
      stores.forEach((store, s) => {
        const powerKw = book.powerKw[at * stores.length + s];
        energyKwh[s] = book.endEnergyKwh[at * stores.length + s];
        if (powerKw > 0) free[store.owner] += powerKw - must[s];
      });
      stores.forEach((store, s) => {
        const powerKw = book.powerKw[at * stores.length + s];
        if (!waits(store) || !(powerKw > 0)) return;
        const row = at * homes + store.owner;
        const usedKw = home.loadKw[row] - home.unservedKw[row];
        const surplusKw = Math.max(0, home.pvKw[row] - home.curtailedKw[row] - usedKw);
        const boughtKw = Math.max(0, home.tradedKwh[row]) / grid.dtHours;
        const all = free[store.owner], rest = powerKw - must[s];
        const sun = all > 0 ? Math.min(1, surplusKw / all) : 0;
        const neighbours = all > 0 ? Math.min(1 - sun, boughtKw / all) : 0;
        const key = `${store.kind} ${hourOfDay}`;
        const hour = hours.get(key) ??
          { kind: store.kind, hourOfDay, sums: chargingReasonNames.map(() => 0) };
        hours.set(key, hour);
        [must[s], rest * sun, rest * neighbours, rest * (1 - sun - neighbours)]
          .forEach((kw, k) => hour.sums[k] += kw);
      });
    }
  });
  const kinds = [...new Set(stores.filter(waits).map(({ kind }) => kind))].sort();
  const times = [...counts.keys()].sort((a, b) => a - b);
  return kinds.flatMap((kind) =>
    times.map((hourOfDay) => {
      const sums = hours.get(`${kind} ${hourOfDay}`)?.sums ?? chargingReasonNames.map(() => 0);
      return {
        kind,
        hourOfDay,
        powerKw: Object.fromEntries(
          chargingReasonNames.map((name, k) => [name, sums[k] / counts.get(hourOfDay)!]),
        ) as Record<ChargingReason, number>,
      };
    })
  );
}
