/**
 * Key performance indicators of a policy, per day of one community where not said otherwise.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { audit } from "./audit.ts";
import type { Records } from "./records.ts";

/** One row of `summary.csv` and `summary.json`. */
export interface Kpis {
  /** The policy. */
  readonly policy: string;
  /** Days it was judged on. */
  readonly days: number;
  /** Everything that the community is charged, as in the reward. [currency/d] */
  readonly costPerDay: number;
  /** Cost of `grid-only` on the same days − cost. [currency/d] */
  readonly savingPerDay: number;
  /** Saving ÷ cost of `grid-only`; `null` where that is not positive. */
  readonly savingFraction: number | null;
  /** Bills alone. [currency/d] */
  readonly billPerDay: number;
  /** CO2 of every prosumer's own imports. [kg/d] */
  readonly contractualEmissionsKgPerDay: number;
  /** CO2 of the community's net imports. [kg/d] */
  readonly physicalEmissionsKgPerDay: number;
  /** Net import of the community. [kWh/d] */
  readonly importKwhPerDay: number;
  /** Net export of the community. [kWh/d] */
  readonly exportKwhPerDay: number;
  /** Energy traded in the market. [kWh/d] */
  readonly tradedKwhPerDay: number;
  /** Unused PV. [kWh/d] */
  readonly curtailedKwhPerDay: number;
  /** Unserved load. [kWh/d] */
  readonly unservedKwhPerDay: number;
  /** Share of the served load that was not imported. */
  readonly selfSufficiency: number;
  /** Share of the available PV that was neither exported nor curtailed. */
  readonly selfConsumption: number;
  /** Mean over episodes of the highest net import. [kW] */
  readonly meanPeakKw: number;
  /** Highest net import of all. [kW] */
  readonly highestPeakKw: number;
  /** Full cycles of the mean battery: discharged energy ÷ capacity. [1/d] */
  readonly batteryCyclesPerDay: number;
  /** Mean price of traded energy; `null` without trade. [currency/kWh] */
  readonly meanClearingPricePerKwh: number | null;
  /** Share of slots with a clearing price. */
  readonly pricedSlotFraction: number;
  /** Traded ÷ tradable energy, the smaller of all surpluses and all deficits; `null` if none. */
  readonly marketEfficiency: number | null;
  /** Prosumers that pay more than under `grid-only`, over all days together. */
  readonly prosumersWorseOff: number;
  /** Share of decisions that the filter or the community limit changed. */
  readonly interventionFraction: number;
  /** Battery energy by which they were changed. [kWh/d] */
  readonly interventionKwhPerDay: number;
  /** Violated conditions after the filter, see {@linkcode audit}; 0 in a sound run. */
  readonly residualViolations: number;
}

/**
 * Indicators of a policy's books.
 *
 * @param reference Books of `grid-only` on the same days.
 */
export function kpis(
  records: Records,
  reference: Records,
  dataset: Dataset,
  config: EnvironmentConfig,
): Kpis {
  const { columns: book, slotsPerEpisode } = records;
  const { dtHours } = dataset.profiles.grid;
  const flows = communityFlows(records, dataset);
  const days = (records.firstSlots.length * slotsPerEpisode * dtHours) / HOURS_PER_DAY;
  const perDay = (total: number) => total / days;
  const load = sum(book.loadKw) * dtHours;
  const pv = sum(book.pvKw) * dtHours;
  const unserved = sum(book.unservedKw) * dtHours;
  const curtailed = sum(book.curtailedKw) * dtHours;
  const discharged = book.batteryKw.reduce((total, kw) => total + Math.max(0, -kw), 0) * dtHours;
  const capacity = dataset.community.prosumers.reduce(
    (total, { battery }) => total + (battery?.capacityKwh ?? 0),
    0,
  );
  const cost = sum(book.cost), alone = sum(reference.columns.cost);
  const costsAlone = prosumerCosts(reference);
  const priced = records.clearingPricePerKwh.filter((price) => !Number.isNaN(price)).length;
  return {
    policy: records.policy,
    days,
    costPerDay: perDay(cost),
    savingPerDay: perDay(alone - cost),
    savingFraction: alone > 0 ? 1 - cost / alone : null,
    billPerDay: perDay(sum(book.bill)),
    contractualEmissionsKgPerDay: perDay(sum(book.emissionsKg)),
    physicalEmissionsKgPerDay: perDay(flows.emissionsKg),
    importKwhPerDay: perDay(flows.importKwh),
    exportKwhPerDay: perDay(flows.exportKwh),
    tradedKwhPerDay: perDay(flows.tradedKwh),
    curtailedKwhPerDay: perDay(curtailed),
    unservedKwhPerDay: perDay(unserved),
    selfSufficiency: load > unserved ? 1 - flows.importKwh / (load - unserved) : 0,
    selfConsumption: pv > 0 ? 1 - (flows.exportKwh + curtailed) / pv : 0,
    meanPeakKw: sum(flows.peakKw) / flows.peakKw.length,
    highestPeakKw: Math.max(...flows.peakKw),
    batteryCyclesPerDay: capacity > 0 ? perDay(discharged / capacity) : 0,
    meanClearingPricePerKwh: flows.tradedKwh > 0 ? flows.turnover / flows.tradedKwh : null,
    pricedSlotFraction: priced / records.clearingPricePerKwh.length,
    marketEfficiency: flows.tradableKwh > 0 ? flows.tradedKwh / flows.tradableKwh : null,
    prosumersWorseOff: prosumerCosts(records).filter((own, i) => own > costsAlone[i] + 1e-6).length,
    interventionFraction: book.reasons.filter((bits) => bits !== 0).length / book.reasons.length,
    interventionKwhPerDay: perDay(sum(book.interventionKwh)),
    residualViolations: audit(records, dataset, config).total,
  };
}

/** Cost of every prosumer over all episodes. [currency] */
export function prosumerCosts({ columns, prosumers }: Records): number[] {
  const costs = new Array<number>(prosumers).fill(0);
  columns.cost.forEach((cost, row) => costs[row % prosumers] += cost);
  return costs;
}

/** Cost of the community in every episode. [currency] */
export function episodeCosts(
  { columns, prosumers, slotsPerEpisode, firstSlots }: Records,
): number[] {
  const costs = new Array<number>(firstSlots.length).fill(0);
  const rowsPerEpisode = slotsPerEpisode * prosumers;
  columns.cost.forEach((cost, row) => costs[Math.floor(row / rowsPerEpisode)] += cost);
  return costs;
}

function communityFlows(records: Records, { profiles }: Dataset) {
  const { columns: book, prosumers, slotsPerEpisode, firstSlots } = records;
  const { dtHours } = profiles.grid;
  const flows = {
    importKwh: 0,
    exportKwh: 0,
    emissionsKg: 0,
    tradedKwh: 0,
    tradableKwh: 0,
    turnover: 0,
    peakKw: firstSlots.map(() => 0),
  };
  for (let slot = 0; slot < records.clearingPricePerKwh.length; slot++) {
    const episode = Math.floor(slot / slotsPerEpisode);
    const carbon = profiles.carbonKgPerKwh[firstSlots[episode] + (slot % slotsPerEpisode)];
    let grid = 0, traded = 0, deficit = 0, surplus = 0;
    for (let row = slot * prosumers; row < (slot + 1) * prosumers; row++) {
      grid += book.gridKwh[row];
      traded += Math.max(0, book.tradedKwh[row]);
      deficit += Math.max(0, book.netKwh[row]);
      surplus += Math.max(0, -book.netKwh[row]);
    }
    flows.importKwh += Math.max(0, grid);
    flows.exportKwh += Math.max(0, -grid);
    flows.emissionsKg += Math.max(0, grid) * carbon;
    flows.tradedKwh += traded;
    flows.tradableKwh += Math.min(deficit, surplus);
    if (traded > 0) flows.turnover += traded * records.clearingPricePerKwh[slot];
    flows.peakKw[episode] = Math.max(flows.peakKw[episode], grid / dtHours);
  }
  return flows;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
