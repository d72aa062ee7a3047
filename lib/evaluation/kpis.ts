/**
 * Key performance indicators of a policy, per day of one community where not said otherwise. Their
 * equations, units and sources are in one table, `docs/kpis.md`.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { storesOf } from "../stores/stores.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { audit } from "./audit.ts";
import { gini, prosumerBills } from "./prosumer_bills.ts";
import { type Bound, capturedShare } from "./bound.ts";
import { clippedSum, dailyWindow, oneMinusLoadFactor, ramping } from "./citylearn_kpis.ts";
import { communityFlows } from "./community_flows.ts";
import { type PriceIndicators, priceIndicators } from "./price_indicators.ts";
import type { CostRecords, Records } from "./records.ts";
import { mean } from "./statistics.ts";

/** One row of `summary.csv` and `summary.json`. */
export interface Kpis extends PriceIndicators {
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
  /** Saving ÷ saving of the optimum; `null` where that is unknown or not positive. */
  readonly captured: number | null;
  /** Cost − cost of the optimum: welfare lost; `null` where that is unknown. [currency/d] */
  readonly welfareLostPerDay: number | null;
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
  /** Share of the served load that was not imported; `null` where none was served. */
  readonly selfSufficiency: number | null;
  /** Share of the available PV that was neither exported nor curtailed; `null` without any. */
  readonly selfConsumption: number | null;
  /** Mean over episodes of the highest net import. [kW] */
  readonly meanPeakKw: number;
  /** Highest net import of all. [kW] */
  readonly highestPeakKw: number;
  /** Mean change of net import between slots, up or down. [kW] */
  readonly rampingKw: number;
  /** Mean ÷ highest import of an episode, mean over those that import; `null` if none does. */
  readonly loadFactor: number | null;
  /** Full cycles of the mean battery: discharged energy ÷ capacity; `null` without any. [1/d] */
  readonly batteryCyclesPerDay: number | null;
  /** Mean price of traded energy; `null` without trade. [currency/kWh] */
  readonly meanClearingPricePerKwh: number | null;
  /** Share of slots with a clearing price. */
  readonly pricedSlotFraction: number;
  /** Prosumers that are charged more than under `grid-only`, over all days together. */
  readonly prosumersWorseOff: number;
  /** The prosumer whose cost changes least in its favour. */
  readonly worstProsumer: string;
  /** How its cost changes against `grid-only`; a loss is positive. [currency/d] */
  readonly worstProsumerCostChangePerDay: number;
  /** Gini coefficient of the prosumers' savings; `null` where nothing is saved. */
  readonly savingsGini: number | null;
  /** Share of decisions that the filter or the community limit changed. */
  readonly interventionFraction: number;
  /** Battery energy by which they were changed. [kWh/d] */
  readonly interventionKwhPerDay: number;
  /** Violated conditions after the filter, see {@linkcode audit}; 0 in a sound run. */
  readonly residualViolations: number;
  /** Cost by CityLearn: every home's net energy at the import price, exports free. [currency/d] */
  readonly cityLearnCostPerDay: number;
  /** CO2 by CityLearn: every home's net energy, exports free. [kg/d] */
  readonly cityLearnEmissionsKgPerDay: number;
  /** Ramping by CityLearn: rises of the community's net import within episodes. [kWh/d] */
  readonly cityLearnRampingKwhPerDay: number;
  /** 1 − load factor by CityLearn, mean over days; `null` if no day imports. */
  readonly cityLearnOneMinusLoadFactor: number | null;
  /** Time to decide for the whole community once; the one figure that differs between runs. [µs] */
  readonly microsecondsPerDecision: number;
}

/** In currency: less than this more is no loss. */
const NEGLIGIBLE = 1e-6;

/**
 * Indicators of a policy's books.
 *
 * @param reference What `grid-only` cost on the same days.
 * @param bound The optimum of the same days, or `null` where it is not known.
 */
export function kpis(
  records: Records,
  reference: CostRecords,
  dataset: Dataset,
  bound: Bound | null = null,
): Kpis {
  const { home: book, store: storeBook, slotsPerEpisode, firstSlots } = records;
  const { clearingPricePerKwh } = records.community;
  const { dtHours } = dataset.profiles.grid;
  const days = (firstSlots.length * slotsPerEpisode * dtHours) / HOURS_PER_DAY;
  const perDay = (total: number) => total / days;
  const flows = communityFlows(records, dataset);
  const unserved = sum(book.unservedKw) * dtHours;
  const curtailed = sum(book.curtailedKw) * dtHours;
  const served = sum(book.loadKw) * dtHours - unserved;
  const pv = sum(book.pvKw) * dtHours;
  const cost = sum(book.cost), alone = sum(reference.home.cost);
  const optimum = bound === null ? null : sum(bound.cost);
  const priced = clearingPricePerKwh.filter((price) => !Number.isNaN(price)).length;
  const bills = prosumerBills(records, reference, dataset);
  const cycles = fullCycles(records, dataset);
  const worst = bills.reduce((a, b) => (b.costChangePerDay > a.costChangePerDay ? b : a));
  return {
    policy: records.policy,
    days,
    costPerDay: perDay(cost),
    savingPerDay: perDay(alone - cost),
    savingFraction: alone > 0 ? 1 - cost / alone : null,
    captured: optimum === null ? null : capturedShare({ alone, cost, optimum }),
    welfareLostPerDay: optimum === null ? null : perDay(cost - optimum),
    billPerDay: perDay(sum(book.bill)),
    contractualEmissionsKgPerDay: perDay(sum(book.emissionsKg)),
    physicalEmissionsKgPerDay: perDay(flows.emissionsKg),
    importKwhPerDay: perDay(flows.importKwh),
    exportKwhPerDay: perDay(flows.exportKwh),
    tradedKwhPerDay: perDay(flows.tradedKwh),
    curtailedKwhPerDay: perDay(curtailed),
    unservedKwhPerDay: perDay(unserved),
    selfSufficiency: served > 0 ? 1 - flows.importKwh / served : null,
    selfConsumption: pv > 0 ? 1 - (flows.exportKwh + curtailed) / pv : null,
    ...gridIndicators(flows.netKwh, dtHours),
    batteryCyclesPerDay: cycles === null ? null : perDay(cycles),
    meanClearingPricePerKwh: flows.tradedKwh > 0 ? flows.turnover / flows.tradedKwh : null,
    pricedSlotFraction: priced / clearingPricePerKwh.length,
    ...priceIndicators(records, dataset, bound),
    prosumersWorseOff: bills.filter((bill) => bill.costChangePerDay * days > NEGLIGIBLE).length,
    worstProsumer: worst.prosumer,
    worstProsumerCostChangePerDay: worst.costChangePerDay,
    savingsGini: gini(bills.map(({ costChangePerDay }) => -costChangePerDay)),
    interventionFraction: shareOf(storeBook.reasons, (bits) => bits !== 0),
    interventionKwhPerDay: perDay(sum(storeBook.interventionKwh)),
    residualViolations: audit(records, dataset).total,
    ...cityLearnIndicators(records, dataset, flows.netKwh, days),
    microsecondsPerDecision: records.microsecondsPerDecision,
  };
}

/** Cost of the community in every episode. [currency] */
export function episodeCosts(
  { home, homes, slotsPerEpisode, firstSlots }: CostRecords,
): number[] {
  const costs = new Array<number>(firstSlots.length).fill(0);
  const rowsPerEpisode = slotsPerEpisode * homes;
  home.cost.forEach((cost, row) => costs[Math.floor(row / rowsPerEpisode)] += cost);
  return costs;
}

/** How the community strains the grid. */
function gridIndicators(netKwh: readonly Float64Array[], dtHours: number) {
  const peaksKw = netKwh.map((net) => Math.max(0, ...net) / dtHours);
  const changesKw = netKwh.map((net) => ramping(net, true) / (net.length - 1) / dtHours);
  const loadFactors = netKwh.flatMap((net, k) =>
    peaksKw[k] > 0 ? [mean(net.map((e) => Math.max(0, e))) / dtHours / peaksKw[k]] : []
  );
  return {
    meanPeakKw: mean(peaksKw),
    highestPeakKw: Math.max(...peaksKw),
    rampingKw: mean(changesKw),
    loadFactor: loadFactors.length === 0 ? null : mean(loadFactors),
  };
}

/** Discharged energy ÷ capacity, over all batteries together; `null` where there is none. */
function fullCycles({ store, stores: count }: Records, dataset: Dataset): number | null {
  const stores = storesOf(dataset);
  const isBattery = stores.map(({ kind }) => kind === "battery");
  const capacityKwh = stores.reduce(
    (total, { nominalKwh }, s) => total + (isBattery[s] ? nominalKwh : 0),
    0,
  );
  let discharged = 0;
  store.powerKw.forEach((kw, k) => discharged += isBattery[k % count] ? Math.max(0, -kw) : 0);
  return capacityKwh > 0 ? (discharged * dataset.profiles.grid.dtHours) / capacityKwh : null;
}

function cityLearnIndicators(
  { home, homes, slotsPerEpisode, firstSlots }: Records,
  { profiles }: Dataset,
  netKwh: readonly Float64Array[],
  days: number,
) {
  const slotOf = (row: number) => {
    const step = Math.floor(row / homes);
    return firstSlots[Math.floor(step / slotsPerEpisode)] + (step % slotsPerEpisode);
  };
  const rated = (rate: Float64Array) => clippedSum(home.netKwh, (row) => rate[slotOf(row)]);
  const window = dailyWindow(profiles.grid.dtHours);
  const factors = netKwh.map((net) => oneMinusLoadFactor(net, window)).filter((x) => x !== null);
  return {
    cityLearnCostPerDay: rated(profiles.importPricePerKwh) / days,
    cityLearnEmissionsKgPerDay: rated(profiles.carbonKgPerKwh) / days,
    cityLearnRampingKwhPerDay: netKwh.reduce((total, net) => total + ramping(net), 0) / days,
    cityLearnOneMinusLoadFactor: factors.length === 0 ? null : mean(factors),
  };
}

/** Share of values that hold; 0 of none. */
function shareOf(values: Float64Array, holds: (value: number) => boolean): number {
  return values.length === 0 ? 0 : values.filter(holds).length / values.length;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
