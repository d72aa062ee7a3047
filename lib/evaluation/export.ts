/**
 * Evaluations as text: `evaluation_results.csv`, one row per policy, episode, slot and prosumer;
 * `summary.csv`, one row per policy; `prosumers.csv`, one row per policy and prosumer. Numbers keep
 * all their digits.
 *
 * @module
 */

import type { Community } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import { type Cell, csvLine, rowsCsv } from "../text/csv.ts";
import { timestamp } from "../units.ts";
import type { ProsumerBill } from "./prosumer_bills.ts";
import type { Kpis } from "./kpis.ts";
import type { Records } from "./records.ts";
import { RESULT_COLUMNS } from "./results.ts";

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

function episodeRows(records: Records, episode: number, dataset: Dataset): string {
  const { columns: book, prosumers: count, slotsPerEpisode, firstSlots } = records;
  const { profiles, community: { prosumers, currency } } = dataset;
  const rows: string[] = [];
  for (let step = 0; step < slotsPerEpisode; step++) {
    const slot = firstSlots[episode] + step;
    const at = timestamp(profiles.grid, slot);
    const price = records.clearingPricePerKwh[episode * slotsPerEpisode + step];
    for (let i = 0; i < count; i++) {
      const row = (episode * slotsPerEpisode + step) * count + i;
      const battery = prosumers[i].battery;
      const ordered = book.orderKwh[row] !== 0;
      const values: Record<string, Cell> = {
        policy: records.policy,
        episode,
        date: at.slice(0, 10),
        slot: step,
        timestamp: at,
        prosumer: prosumers[i].id,
        loadKw: book.loadKw[row],
        pvKw: book.pvKw[row],
        batteryKw: book.batteryKw[row],
        curtailedKw: book.curtailedKw[row],
        unservedKw: book.unservedKw[row],
        energyKwh: battery === null ? null : book.energyKwh[row],
        socFraction: battery === null ? null : book.energyKwh[row] / battery.capacityKwh,
        netKwh: book.netKwh[row],
        orderKwh: book.orderKwh[row],
        orderPricePerKwh: ordered ? book.orderPricePerKwh[row] : null,
        tradedKwh: book.tradedKwh[row],
        gridKwh: book.gridKwh[row],
        clearingPricePerKwh: Number.isNaN(price) ? null : price,
        importPricePerKwh: profiles.importPricePerKwh[slot],
        feedInTariffPerKwh: profiles.feedInTariffPerKwh[slot],
        carbonKgPerKwh: profiles.carbonKgPerKwh[slot],
        bill: book.bill[row],
        emissionsKg: book.emissionsKg[row],
        cost: book.cost[row],
        interventionKwh: book.interventionKwh[row],
        currency,
      };
      rows.push(csvLine(Object.keys(RESULT_COLUMNS).map((name) => values[name])));
    }
  }
  return rows.join("");
}
