/**
 * Bills split by device: what a home pays for its load, its sun and each of its stores, at the price that
 * its meter paid or earned in the slot.
 *
 * The price paid is what energy costs the home in the slot by its energy through the meter: (bill + rent −
 * charges) ÷ net energy. Where a part of its sun meets a part of its load, both are counted at it. So the
 * shares of all that a home has sum to its bill and its rent, but for charges of peaks and months, which no
 * device causes alone.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { tariffsOf } from "../data/tariffs.ts";
import { storesOf } from "../stores/stores.ts";
import { DUST_KWH, HOURS_PER_DAY } from "../units.ts";
import type { Records } from "./records.ts";

/** One row of `devices.csv`. */
export interface DeviceBill {
  /** The policy. */
  readonly policy: string;
  /** The household. */
  readonly prosumer: string;
  /** Name of the device, `load` or `sun`. */
  readonly device: string;
  /** What it is. */
  readonly kind: string;
  /** Energy that it takes at the meter. [kWh/d] */
  readonly takenKwhPerDay: number;
  /** Energy that it gives. [kWh/d] */
  readonly givenKwhPerDay: number;
  /** What that costs at the price paid, earnings < 0. [currency/d] */
  readonly energyCostPerDay: number;
  /** Mean price of what it takes; `null` where it takes nothing. [currency/kWh] */
  readonly meanPricePerKwh: number | null;
  /** Stored energy that was supplied from outside because it lacked. [kWh/d] */
  readonly unmetKwhPerDay: number;
  /** What that cost. [currency/d] */
  readonly unmetCostPerDay: number;
  /** Slots in which it lacked: of a car, departures that were missed. */
  readonly unmetSlots: number;
}

/** Price that each home's meter paid in each slot. `[episodes × slots × homes]` [currency/kWh] */
export function pricesPaid(records: Records, dataset: Dataset): Float64Array {
  const { home: { bill, rent, charges, netKwh }, homes, slotsPerEpisode, firstSlots, community } =
    records;
  const { classes, classOf } = tariffsOf(dataset);
  return netKwh.map((net, row) => {
    if (Math.abs(net) > DUST_KWH) return (bill[row] + rent[row] - charges[row]) / net;
    const at = Math.floor(row / homes);
    const price = community.clearingPricePerKwh[at];
    const slot = firstSlots[Math.floor(at / slotsPerEpisode)] + at % slotsPerEpisode;
    return Number.isNaN(price) ? classes[classOf[row % homes]].importPricePerKwh[slot] : price;
  });
}

/** Whether some home has more than a battery, so that its bill is worth splitting. */
export function hasDevices({ community: { prosumers } }: Dataset): boolean {
  return prosumers.some(({ devices = [] }) => devices.length > 0);
}

/** Bills in the order of the community: load, sun, and the stores of each home. */
export function deviceBills(records: Records, dataset: Dataset): DeviceBill[] {
  const { community: { prosumers }, profiles: { grid: { dtHours } } } = dataset;
  const { home, store, homes, policy } = records;
  const stores = storesOf(dataset);
  const prices = pricesPaid(records, dataset);
  const slots = prices.length / homes;
  const days = slots * dtHours / HOURS_PER_DAY;
  const sumsOf = (owner: number, powerKw: (at: number) => number) => {
    let taken = 0, given = 0, cost = 0, paid = 0;
    for (let at = 0; at < slots; at++) {
      const kwh = powerKw(at) * dtHours, price = prices[at * homes + owner];
      if (kwh > 0) taken += kwh;
      else given -= kwh;
      if (kwh > 0) paid += kwh * price;
      cost += kwh * price;
    }
    return {
      takenKwhPerDay: taken / days,
      givenKwhPerDay: given / days,
      energyCostPerDay: cost / days,
      meanPricePerKwh: taken > 0 ? paid / taken : null,
    };
  };
  const nothing = { unmetKwhPerDay: 0, unmetCostPerDay: 0, unmetSlots: 0 };
  return prosumers.flatMap(({ id }, i): DeviceBill[] => {
    const named = { policy, prosumer: id };
    const row = (at: number) => at * homes + i;
    const load = (at: number) => home.loadKw[row(at)] - home.unservedKw[row(at)];
    const sun = (at: number) => home.curtailedKw[row(at)] - home.pvKw[row(at)];
    return [
      { ...named, device: "load", kind: "load", ...sumsOf(i, load), ...nothing },
      { ...named, device: "sun", kind: "sun", ...sumsOf(i, sun), ...nothing },
      ...stores.flatMap(({ owner, name, kind, unmetPricePerKwh }, s): DeviceBill[] => {
        if (owner !== i) return [];
        const cell = (at: number) => at * stores.length + s;
        let unmet = 0, unmetSlots = 0;
        for (let at = 0; at < slots; at++) {
          unmet += store.unmetKwh[cell(at)];
          if (store.unmetKwh[cell(at)] > DUST_KWH) unmetSlots++;
        }
        return [{
          ...named,
          device: name,
          kind,
          ...sumsOf(i, (at) => store.powerKw[cell(at)]),
          unmetKwhPerDay: unmet / days,
          unmetCostPerDay: unmet * (unmetPricePerKwh ?? 0) / days,
          unmetSlots,
        }];
      }),
    ];
  });
}
