/**
 * What a slot comes to, summed over the community: the figures that are watched while a day is
 * played. Costs, bills and CO2 are sums from the start of the day on.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { Records } from "../evaluation/records.ts";
import { storesOf } from "../stores/stores.ts";
import { localTime, timestamp } from "../units.ts";

/** One slot of the community under one policy. */
export interface SlotOutcome {
  /** Demand, served or not. [kW] */
  readonly loadKw: number;
  /** Available PV, used or not. [kW] */
  readonly pvKw: number;
  /** Stores together, charging > 0. [kW] */
  readonly storesKw: number;
  /** Unused PV. [kWh] */
  readonly curtailedKwh: number;
  /** Unserved load. [kWh] */
  readonly unservedKwh: number;
  /** Net import; export is negative. [kW] */
  readonly gridKw: number;
  /** Traded in the auction. [kWh] */
  readonly volumeKwh: number;
  /** Clearing price; `null` without trade. [currency/kWh] */
  readonly clearingPricePerKwh: number | null;
  /** State of charge at the end of the slot, mean over batteries; `null` without any. */
  readonly socFraction: number | null;
  /** Decisions that the filter or the community limit changed. */
  readonly interventions: number;
  /** Battery energy by which they were changed. [kWh] */
  readonly interventionKwh: number;
  /** Everything that the community is charged, so far. [currency] */
  readonly cost: number;
  /** Bills alone, so far. [currency] */
  readonly bill: number;
  /** CO2 of the community's net imports (physical), so far. [kg] */
  readonly emissionsKg: number;
}

/** What the world is like in a slot, whatever the policy. */
export interface SlotConditions {
  /** Slots of the day that are done, this one included. */
  readonly step: number;
  /** Start of the slot, ISO 8601. */
  readonly timestamp: string;
  /** Local time of the slot's start. [h] */
  readonly hourOfDay: number;
  /** Retail price of imported energy. [currency/kWh] */
  readonly importPricePerKwh: number;
  /** Price paid for exported energy. [currency/kWh] */
  readonly feedInTariffPerKwh: number;
  /** Carbon intensity of imported energy. [kg/kWh] */
  readonly carbonKgPerKwh: number;
  /** Largest import of the community; `null` for no limit. [kW] */
  readonly importLimitKw: number | null;
  /** Largest export of the community; `null` for no limit. [kW] */
  readonly exportLimitKw: number | null;
  /** Available ÷ installed PV of the community; `null` without any. */
  readonly sunFraction: number | null;
}

/** Conditions of step `step` (from 0) of the day that begins at `firstSlot`. */
export function slotConditions(
  { community, profiles }: Dataset,
  firstSlot: number,
  step: number,
): SlotConditions {
  const { grid } = profiles;
  const slot = firstSlot + step;
  const installedKw = community.prosumers.reduce((sum, { pvCapacityKw }) => sum + pvCapacityKw, 0);
  let pvKw = 0;
  for (let k = slot; k < profiles.pvKw.length; k += grid.slots) pvKw += profiles.pvKw[k];
  return {
    step: step + 1,
    timestamp: timestamp(grid, slot),
    hourOfDay: localTime(grid, slot).hourOfDay,
    importPricePerKwh: profiles.importPricePerKwh[slot],
    feedInTariffPerKwh: profiles.feedInTariffPerKwh[slot],
    carbonKgPerKwh: profiles.carbonKgPerKwh[slot],
    importLimitKw: finiteOrNull(profiles.gridImportLimitKw[slot]),
    exportLimitKw: finiteOrNull(profiles.gridExportLimitKw[slot]),
    sunFraction: installedKw > 0 ? pvKw / installedKw : null,
  };
}

/**
 * Step `step` (from 0) of a day's books.
 *
 * @param before The report of the step before; absent for the first.
 */
export function slotOutcome(
  { home: book, store, community, homes: count, stores, firstSlots }: Records,
  dataset: Dataset,
  step: number,
  before?: SlotOutcome,
): SlotOutcome {
  const { profiles } = dataset;
  const { dtHours } = profiles.grid;
  const sumOf = (values: ArrayLike<number>, each: number) => {
    let total = 0;
    for (let row = step * each; row < (step + 1) * each; row++) total += values[row];
    return total;
  };
  const sum = (values: ArrayLike<number>) => sumOf(values, count);
  let interventions = 0, socSum = 0, batteries = 0;
  storesOf(dataset).forEach(({ kind, nominalKwh }, s) => {
    const k = step * stores + s;
    if (store.reasons[k] !== 0) interventions++;
    if (kind !== "battery") return;
    batteries++;
    socSum += store.endEnergyKwh[k] / nominalKwh;
  });
  const gridKwh = sum(book.gridKwh);
  const price = community.clearingPricePerKwh[step];
  const traded = book.tradedKwh.subarray(step * count, (step + 1) * count);
  return {
    loadKw: sum(book.loadKw),
    pvKw: sum(book.pvKw),
    storesKw: sum(book.storesKw),
    curtailedKwh: sum(book.curtailedKw) * dtHours,
    unservedKwh: sum(book.unservedKw) * dtHours,
    gridKw: gridKwh / dtHours,
    volumeKwh: traded.reduce((total, kwh) => total + Math.max(0, kwh), 0),
    clearingPricePerKwh: Number.isNaN(price) ? null : price,
    socFraction: batteries === 0 ? null : socSum / batteries,
    interventions,
    interventionKwh: sumOf(store.interventionKwh, stores),
    cost: (before?.cost ?? 0) + sum(book.cost),
    bill: (before?.bill ?? 0) + sum(book.bill),
    emissionsKg: (before?.emissionsKg ?? 0) +
      Math.max(0, gridKwh) * profiles.carbonKgPerKwh[firstSlots[0] + step],
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
