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
import { cellText, csvLine, rowsCsv } from "../text/csv.ts";
import { timestamp } from "../units.ts";
import type { MonthlyBill } from "./monthly_bills.ts";
import { type DeviceBill, pricesPaid } from "./device_bills.ts";
import type { ProsumerBill } from "./prosumer_bills.ts";
import type { Kpis } from "./kpis.ts";
import type { Records } from "./records.ts";
import { RESULT_COLUMNS, STORE_COLUMNS } from "./result_columns.ts";

/** Slots of a piece: a year in one piece would not fit into a string. */
const PIECE_SLOTS = 96;

/** `evaluation_results.csv`, in pieces of some slots; the first is the header. */
export function* resultsCsv(
  records: readonly Records[],
  dataset: Dataset,
): Generator<string, void, unknown> {
  yield csvLine(Object.keys(RESULT_COLUMNS));
  for (const book of records) {
    for (let episode = 0; episode < book.firstSlots.length; episode++) {
      yield* episodeRows(book, episode, dataset);
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

/** `stores.csv`: a row per policy, episode, slot and store, in pieces of some slots. */
export function* storesCsv(
  records: readonly Records[],
  dataset: Dataset,
): Generator<string, void, unknown> {
  yield csvLine([...STORE_COLUMNS]);
  const stores = storesOf(dataset);
  for (const book of records) {
    const prices = pricesPaid(book, dataset);
    for (let episode = 0; episode < book.firstSlots.length; episode++) {
      yield* storeRows(book, episode, dataset, stores, prices);
    }
  }
}

function* storeRows(
  { policy, store: book, homes, slotsPerEpisode, firstSlots }: Records,
  episode: number,
  { profiles, community: { prosumers, currency } }: Dataset,
  stores: readonly Store[],
  prices: Float64Array,
): Generator<string, void, unknown> {
  const columns = columnsOf(ledgerColumns, "store").map((name) => book[name as keyof typeof book]);
  let rows: string[] = [];
  for (let step = 0; step < slotsPerEpisode; step++) {
    const at = timestamp(profiles.grid, firstSlots[episode] + step);
    const index = episode * slotsPerEpisode + step;
    stores.forEach(({ owner, name, kind, unmetPricePerKwh }, s) => {
      const row = index * stores.length + s;
      const values = columns.map((column) => column[row]);
      const price = prices[index * homes + owner];
      const energyCost = book.powerKw[row] * profiles.grid.dtHours * price;
      const unmetCost = book.unmetKwh[row] * (unmetPricePerKwh ?? 0);
      rows.push(csvLine([
        ...[policy, episode, at, prosumers[owner].id, name, kind],
        ...values,
        ...[price, energyCost, unmetCost, currency],
      ]));
    });
    if ((step + 1) % PIECE_SLOTS !== 0 && step + 1 < slotsPerEpisode) continue;
    yield rows.join("");
    rows = [];
  }
}

function* episodeRows(
  records: Records,
  episode: number,
  dataset: Dataset,
): Generator<string, void, unknown> {
  const { home: book, store, homes, slotsPerEpisode, firstSlots } = records;
  const { profiles, community: { prosumers, currency } } = dataset;
  const stores = storesOf(dataset);
  const tariffs = tariffsOf(dataset);
  const ofHome = prosumers.map((_, i) =>
    stores.flatMap(({ owner, nominalKwh }, s) => owner === i ? [{ s, nominalKwh }] : [])
  );
  const columns = columnsOf(ledgerColumns, "home").map((name) => book[name as keyof typeof book]);
  const ids = prosumers.map(({ id }) => cellText(id));
  const policy = cellText(records.policy);
  let rows = "";
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = firstSlots[episode] + step;
    const at = timestamp(profiles.grid, slot);
    const index = episode * slotsPerEpisode + step;
    const price = valueText(records.community.clearingPricePerKwh[index]);
    const carbonKgPerKwh = profiles.carbonKgPerKwh[slot];
    const carbonPrice = records.rules.cost.carbonPricePerKg * carbonKgPerKwh;
    // In the order of RESULT_COLUMNS; what all homes have in common is put into words once.
    const before = `${policy},${episode},${at.slice(0, 10)},${step},${at},`;
    const after = tariffs.classes.map(({ importPricePerKwh, feedInTariffPerKwh }) =>
      csvLine([
        price,
        importPricePerKwh[slot],
        importPricePerKwh[slot] + carbonPrice,
        feedInTariffPerKwh[slot],
        carbonKgPerKwh,
        currency,
      ])
    );
    for (let i = 0; i < homes; i++) {
      let storedKwh = 0, capacityKwh = 0;
      for (const { s, nominalKwh } of ofHome[i]) {
        storedKwh += store.endEnergyKwh[index * stores.length + s];
        capacityKwh += nominalKwh;
      }
      rows += before + ids[i];
      for (const column of columns) rows += "," + valueText(column[index * homes + i]);
      rows += capacityKwh > 0 ? `,${storedKwh},${storedKwh / capacityKwh},` : ",,,";
      rows += after[tariffs.classOf[i]];
    }
    if ((step + 1) % PIECE_SLOTS !== 0 && step + 1 < slotsPerEpisode) continue;
    yield rows;
    rows = "";
  }
}

/** NaN is an empty cell. */
function valueText(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}
