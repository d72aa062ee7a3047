/**
 * Evaluations as text: `evaluation_results.csv`, one row per policy, episode, slot and prosumer;
 * `summary.csv`, one row per policy; `prosumers.csv`, one row per policy and prosumer; `bills.csv`, one
 * row per policy, prosumer and month. Numbers keep all their digits.
 *
 * @module
 */

import type { Community } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import { tariffsOf } from "../data/tariffs.ts";
import { columnsOf, ledgerColumns } from "../env/columns.ts";
import type { Store } from "../stores/store.ts";
import { storesOf } from "../stores/stores.ts";
import { type Cell, csvLine, rowsCsv } from "../text/csv.ts";
import { timestamp } from "../units.ts";
import type { MonthlyBill } from "./monthly_bills.ts";
import { type DeviceBill, pricesPaid } from "./device_bills.ts";
import type { ProsumerBill } from "./prosumer_bills.ts";
import type { Kpis } from "./kpis.ts";
import type { Records } from "./records.ts";
import { RESULT_COLUMNS, STORE_COLUMNS } from "./result_columns.ts";

/** `evaluation_results.csv`, in pieces of one episode; the first is the header. */
export function* resultsCsv(
  records: readonly Records[],
  dataset: Dataset,
): Generator<string, void, unknown> {
  yield csvLine(Object.keys(RESULT_COLUMNS));
  for (const book of records) {
    for (let episode = 0; episode < book.firstSlots.length; episode++) {
      yield episodeRows(book, episode, dataset);
    }
  }
}

/** What costs are in: the last column of every table. */
type Currency = Pick<Community, "currency">;

/** `summary.csv`; what does not exist is an empty cell. */
export function summaryCsv(summary: readonly Kpis[], { currency }: Currency): string {
  return rowsCsv(summary.map((row) => ({ ...row, currency })));
}

/** `prosumers.csv`: a row per policy and prosumer. */
export function billsCsv(bills: readonly ProsumerBill[], { currency }: Currency): string {
  return rowsCsv(bills.map((row) => ({ ...row, currency })));
}

/** `bills.csv`: a row per policy, prosumer and month. */
export function monthsCsv(bills: readonly MonthlyBill[], { currency }: Currency): string {
  return rowsCsv(bills.map((row) => ({ ...row, currency })));
}

/** `devices.csv`: a row per policy, prosumer and device, its load and sun among them. */
export function devicesCsv(bills: readonly DeviceBill[], { currency }: Currency): string {
  return rowsCsv(bills.map((row) => ({ ...row, currency })));
}

/** `stores.csv`: a row per policy, episode, slot and store, in pieces of one episode. */
export function* storesCsv(
  records: readonly Records[],
  dataset: Dataset,
): Generator<string, void, unknown> {
  yield csvLine([...STORE_COLUMNS]);
  const stores = storesOf(dataset);
  for (const book of records) {
    const prices = pricesPaid(book, dataset);
    for (let episode = 0; episode < book.firstSlots.length; episode++) {
      yield storeRows(book, episode, dataset, stores, prices);
    }
  }
}

function storeRows(
  { policy, store: book, homes, slotsPerEpisode, firstSlots }: Records,
  episode: number,
  { profiles, community: { prosumers, currency } }: Dataset,
  stores: readonly Store[],
  prices: Float64Array,
): string {
  const names = columnsOf(ledgerColumns, "store");
  const rows: string[] = [];
  for (let step = 0; step < slotsPerEpisode; step++) {
    const at = timestamp(profiles.grid, firstSlots[episode] + step);
    const index = episode * slotsPerEpisode + step;
    stores.forEach(({ owner, name, kind, unmetPricePerKwh }, s) => {
      const row = index * stores.length + s;
      const values = names.map((column) => book[column as keyof typeof book][row]);
      const price = prices[index * homes + owner];
      const energyCost = book.powerKw[row] * profiles.grid.dtHours * price;
      const unmetCost = book.unmetKwh[row] * (unmetPricePerKwh ?? 0);
      rows.push(csvLine([
        ...[policy, episode, at, prosumers[owner].id, name, kind],
        ...values,
        ...[price, energyCost, unmetCost, currency],
      ]));
    });
  }
  return rows.join("");
}

function episodeRows(records: Records, episode: number, dataset: Dataset): string {
  const { home: book, store, homes, slotsPerEpisode, firstSlots } = records;
  const { profiles, community: { prosumers, currency } } = dataset;
  const stores = storesOf(dataset);
  const tariffs = tariffsOf(dataset);
  const ofHome = prosumers.map((_, i) =>
    stores.flatMap(({ owner, nominalKwh }, s) => owner === i ? [{ s, nominalKwh }] : [])
  );
  const names = columnsOf(ledgerColumns, "home");
  const rows: string[] = [];
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = firstSlots[episode] + step;
    const at = timestamp(profiles.grid, slot);
    const index = episode * slotsPerEpisode + step;
    for (let i = 0; i < homes; i++) {
      const tariff = tariffs.classes[tariffs.classOf[i]];
      const storedKwh = ofHome[i].reduce(
        (sum, { s }) => sum + store.endEnergyKwh[index * stores.length + s],
        0,
      );
      const capacityKwh = ofHome[i].reduce((sum, { nominalKwh }) => sum + nominalKwh, 0);
      const values: Record<string, Cell> = {
        policy: records.policy,
        episode,
        date: at.slice(0, 10),
        slot: step,
        timestamp: at,
        prosumer: prosumers[i].id,
        ...Object.fromEntries(
          names.map((name) => [name, orNull(book[name as keyof typeof book][index * homes + i])]),
        ),
        storedKwh: capacityKwh > 0 ? storedKwh : null,
        socFraction: capacityKwh > 0 ? storedKwh / capacityKwh : null,
        clearingPricePerKwh: orNull(records.community.clearingPricePerKwh[index]),
        importPricePerKwh: tariff.importPricePerKwh[slot],
        ceilingPerKwh: tariff.importPricePerKwh[slot] +
          records.rules.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot],
        feedInTariffPerKwh: tariff.feedInTariffPerKwh[slot],
        carbonKgPerKwh: profiles.carbonKgPerKwh[slot],
        currency,
      };
      rows.push(csvLine(Object.keys(RESULT_COLUMNS).map((name) => values[name])));
    }
  }
  return rows.join("");
}

/** NaN is an empty cell. */
function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
