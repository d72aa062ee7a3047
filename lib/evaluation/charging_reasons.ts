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
import { chargeLimitKw, requiredChargeKw, type Store } from "../stores/store.ts";
import { initialEnergyKwh, storesOf } from "../stores/stores.ts";
import { localTime } from "../units.ts";
import type { Records } from "./records.ts";

/** Why something charges. */
export const chargingReasonNames = ["must", "sun", "neighbours", "price"] as const;

const REASONS = chargingReasonNames.length;

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
  const { slotsPerEpisode, firstSlots } = records;
  const { grid } = dataset.profiles;
  const stores = storesOf(dataset);
  const nothing = () => new Float64Array(REASONS);
  const sums = new Map<string, Float64Array>();
  const counts = new Map<number, number>();
  firstSlots.forEach((first, episode) => {
    for (let step = 0; step < slotsPerEpisode; step++) {
      const { hourOfDay } = localTime(grid, first + step);
      counts.set(hourOfDay, (counts.get(hourOfDay) ?? 0) + 1);
      const powers = reasonsInSlot(records, dataset, stores, episode, step);
      stores.forEach(({ kind }, s) => {
        const key = `${kind} ${hourOfDay}`;
        const sum = sums.get(key) ?? nothing();
        sums.set(key, sum);
        for (let k = 0; k < REASONS; k++) sum[k] += powers[s * REASONS + k];
      });
    }
  });
  const kinds = [...new Set(stores.filter(waits).map(({ kind }) => kind))].sort();
  const times = [...counts.keys()].sort((a, b) => a - b);
  return kinds.flatMap((kind) =>
    times.map((hourOfDay) => {
      const sum = sums.get(`${kind} ${hourOfDay}`) ?? nothing();
      const entries = chargingReasonNames.map((name, k) => [name, sum[k] / counts.get(hourOfDay)!]);
      return { kind, hourOfDay, powerKw: Object.fromEntries(entries) };
    })
  );
}

/**
 * Power that each store charges for each reason in a slot; 0 of batteries. `[stores × reasons]` [kW]
 *
 * @param stores Those of the data set.
 */
export function reasonsInSlot(
  { home, store: book, homes, slotsPerEpisode, firstSlots, rules }: Records,
  { profiles: { grid } }: Dataset,
  stores: readonly Store[],
  episode: number,
  step: number,
): Float64Array {
  const count = stores.length;
  const at = episode * slotsPerEpisode + step;
  const first = firstSlots[episode], slot = first + step;
  const powers = new Float64Array(count * REASONS);
  const free = new Float64Array(homes);
  stores.forEach((store, s) => {
    const powerKw = Math.max(0, book.powerKw[at * count + s]);
    free[store.owner] += powerKw;
    if (!waits(store)) return;
    const energyKwh = step === 0
      ? initialEnergyKwh(store, first, rules.initialSoc)
      : book.endEnergyKwh[(at - 1) * count + s];
    const mostKw = chargeLimitKw(store, slot, energyKwh, store.nominalKwh);
    const needed = requiredChargeKw(store, slot, energyKwh, store.nominalKwh, mostKw);
    powers[s * REASONS] = Math.min(needed, powerKw);
    free[store.owner] -= powers[s * REASONS];
  });
  stores.forEach((store, s) => {
    const powerKw = book.powerKw[at * count + s];
    if (!waits(store) || !(powerKw > 0)) return;
    const row = at * homes + store.owner;
    const usedKw = home.loadKw[row] - home.unservedKw[row];
    const surplusKw = Math.max(0, home.pvKw[row] - home.curtailedKw[row] - usedKw);
    const boughtKw = Math.max(0, home.tradedKwh[row]) / grid.dtHours;
    const all = free[store.owner], rest = powerKw - powers[s * REASONS];
    const sun = all > 0 ? Math.min(1, surplusKw / all) : 0;
    const neighbours = all > 0 ? Math.min(1 - sun, boughtKw / all) : 0;
    [rest * sun, rest * neighbours, rest * (1 - sun - neighbours)]
      .forEach((kw, k) => powers[s * REASONS + 1 + k] = kw);
  });
  return powers;
}
