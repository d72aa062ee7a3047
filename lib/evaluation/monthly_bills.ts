/**
 * What every home pays, month by month, as a supplier would write it: energy from the grid and from
 * neighbours, energy sold to both, charges, and the total.
 *
 *     total = gridCost − feedInCredit + neighbourCost − feeRefund + charges + elsewhereCost
 *
 * A bill holds money that changes hands, that for energy which a car or a heat pump lacked and had from
 * elsewhere included. What the reward counts beside it (a price of CO2, wear, what stores hold at the
 * end) is in `prosumers.csv`.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { tariffsOf } from "../data/tariffs.ts";
import { storesOf } from "../stores/stores.ts";
import { HOURS_PER_DAY, timestamp } from "../units.ts";
import type { Records } from "./records.ts";

/** One row of `bills.csv`. */
export interface MonthlyBill {
  /** The policy. */
  readonly policy: string;
  /** The rule by which energy is shared. */
  readonly mechanism: string;
  /** The household. */
  readonly prosumer: string;
  /** Local month, such as `2025-06`. */
  readonly month: string;
  /** Days of it that were played. [d] */
  readonly days: number;
  /** Energy from the grid. [kWh] */
  readonly boughtFromGridKwh: number;
  /** Energy from other homes. [kWh] */
  readonly boughtFromNeighboursKwh: number;
  /** Energy to the grid. [kWh] */
  readonly soldToGridKwh: number;
  /** Energy to other homes. [kWh] */
  readonly soldToNeighboursKwh: number;
  /** Energy from the grid at the home's own tariff. [currency] */
  readonly gridCost: number;
  /** What the grid pays for energy. [currency] */
  readonly feedInCredit: number;
  /** Paid to neighbours and for the network between, received < 0. [currency] */
  readonly neighbourCost: number;
  /** Network fee given back for trades nearby. [currency] */
  readonly feeRefund: number;
  /** What is charged for peaks and by the month. [currency] */
  readonly charges: number;
  /** Energy that stores lacked and had from elsewhere, such as a public charger. [currency] */
  readonly elsewhereCost: number;
  /** The bill. [currency] */
  readonly total: number;
  /** CO2 of the home's own imports (contractual). [kg] */
  readonly emissionsKg: number;
}

/** Sums of a month that grow while the books are read; days are slots until then. */
type Sums = {
  -readonly [Name in keyof Omit<MonthlyBill, "policy" | "mechanism" | "prosumer" | "month">]:
    number;
};

/** A row per home and month, homes in the order of the community. */
export function monthlyBills(records: Records, dataset: Dataset): MonthlyBill[] {
  const { home: book, homes, slotsPerEpisode, firstSlots, policy, rules } = records;
  const { profiles: { grid }, community: { prosumers } } = dataset;
  const { classes, classOf } = tariffsOf(dataset);
  const elsewhere = elsewhereCosts(records, dataset);
  const months = new Map<string, Sums[]>();
  firstSlots.forEach((first, episode) => {
    for (let step = 0; step < slotsPerEpisode; step++) {
      const slot = first + step;
      const month = timestamp(grid, slot).slice(0, 7);
      let sums = months.get(month);
      if (sums === undefined) months.set(month, sums = prosumers.map(nothing));
      for (let i = 0, row = (episode * slotsPerEpisode + step) * homes; i < homes; i++, row++) {
        const { importPricePerKwh, feedInTariffPerKwh } = classes[classOf[i]];
        const ofGrid = book.gridKwh[row], traded = book.tradedKwh[row];
        const gridCost = Math.max(0, ofGrid) * importPricePerKwh[slot];
        const feedInCredit = Math.max(0, -ofGrid) * feedInTariffPerKwh[slot];
        const sum = sums[i];
        sum.days++;
        sum.boughtFromGridKwh += Math.max(0, ofGrid);
        sum.boughtFromNeighboursKwh += Math.max(0, traded);
        sum.soldToGridKwh += Math.max(0, -ofGrid);
        sum.soldToNeighboursKwh += Math.max(0, -traded);
        sum.gridCost += gridCost;
        sum.feedInCredit += feedInCredit;
        sum.neighbourCost += book.bill[row] - gridCost + feedInCredit - book.charges[row];
        sum.feeRefund += book.feeRefund[row];
        sum.charges += book.charges[row];
        sum.elsewhereCost += elsewhere[row];
        sum.total += book.bill[row] - book.feeRefund[row] + elsewhere[row];
        sum.emissionsKg += book.emissionsKg[row];
      }
    }
  });
  const { mechanism } = rules.market;
  return prosumers.flatMap(({ id: prosumer }, i) =>
    [...months].map(([month, sums]) => ({
      policy,
      mechanism,
      prosumer,
      month,
      ...sums[i],
      days: sums[i].days * grid.dtHours / HOURS_PER_DAY,
    }))
  );
}

/**
 * What homes pay elsewhere for energy that their stores lacked, at the price of each store.
 * `[episodes × slots × homes]` [currency]
 */
export function elsewhereCosts(records: Records, dataset: Dataset): Float64Array {
  const { store: { unmetKwh }, home: { bill }, homes, stores: count } = records;
  const costs = new Float64Array(bill.length);
  storesOf(dataset).forEach(({ owner, unmetPricePerKwh }, s) => {
    if (unmetPricePerKwh === null) return;
    for (let k = s, row = owner; k < unmetKwh.length; k += count, row += homes) {
      costs[row] += unmetPricePerKwh * unmetKwh[k];
    }
  });
  return costs;
}

function nothing(): Sums {
  return {
    days: 0,
    boughtFromGridKwh: 0,
    boughtFromNeighboursKwh: 0,
    soldToGridKwh: 0,
    soldToNeighboursKwh: 0,
    gridCost: 0,
    feedInCredit: 0,
    neighbourCost: 0,
    feeRefund: 0,
    charges: 0,
    elsewhereCost: 0,
    total: 0,
    emissionsKg: 0,
  };
}
