/**
 * One episode from the books as rows in time, for one household or for the whole community.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { HOURS_PER_DAY, localTime } from "../units.ts";
import { byHour } from "./by_hour.ts";
import { storesOf } from "../stores/stores.ts";
import type { Records } from "./records.ts";

/** One slot. */
export interface EnergySlot {
  /** Hours since the midnight with which the episode begins. [h] */
  readonly hour: number;
  /** Demand, served or not. [kW] */
  readonly loadKw: number;
  /** Available PV, used or not. [kW] */
  readonly pvKw: number;
  /** Power of all stores; charging > 0. [kW] */
  readonly storesKw: number;
  /** Bought from or (< 0) sold to peers; 0 for a community, where it cancels out. [kW] */
  readonly tradedKw: number;
  /** From the grid, or (< 0) to it. [kW] */
  readonly gridKw: number;
  /** Load that was not served. [kW] */
  readonly unservedKw: number;
  /** PV that was not used. [kW] */
  readonly curtailedKw: number;
  /** Stored share of the capacity at the end of the slot; `null` without a store. */
  readonly socFraction: number | null;
  /** Clearing price; `null` where nothing was traded. [currency/kWh] */
  readonly clearingPricePerKwh: number | null;
  /** Retail price. [currency/kWh] */
  readonly importPricePerKwh: number;
  /** Retail price and the price of the CO2 of imports. [currency/kWh] */
  readonly ceilingPerKwh: number;
  /** Price of exported energy. [currency/kWh] */
  readonly feedInTariffPerKwh: number;
}

/** An episode of one household or of the community. */
export interface EnergyDay {
  /** Household, or the community. */
  readonly name: string;
  /** Length of a slot. [h] */
  readonly dtHours: number;
  /** Slot by slot. */
  readonly slots: readonly EnergySlot[];
}

/** Which episode of the books, and whose. */
export interface EnergyDayOptions {
  /** Number of the episode; 0 if absent. */
  readonly episode?: number;
  /** Id of a household; the whole community if absent. */
  readonly prosumer?: string;
}

/**
 * An episode as rows in time.
 *
 * @throws {RangeError} If there is no such household.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { rulePolicy } from "../policies/rule_based.ts";
 * import { energyDay } from "./energy_day.ts";
 * import { play } from "./records.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 1 });
 * const options = { dataset, config, firstSlots: [0], seed: 1 };
 * const day = energyDay(await play(options, rulePolicy("grid-only")), dataset);
 * if (day.slots.length !== 24 || day.slots[5].tradedKw !== 0) throw new Error("a day alone");
 * ```
 */
export function energyDay(
  records: Records,
  dataset: Dataset,
  { episode = 0, prosumer }: EnergyDayOptions = {},
): EnergyDay {
  const { home: book, homes: count, slotsPerEpisode, firstSlots } = records;
  const { community, profiles } = dataset;
  const { dtHours } = profiles.grid;
  const members = membersOf(community.prosumers.map(({ id }) => id), prosumer);
  const stores = storesOf(dataset).map((store, s) => ({ ...store, s }))
    .filter(({ owner }) => members.includes(owner));
  const capacityKwh = stores.reduce((sum, { nominalKwh }) => sum + nominalKwh, 0);
  const slots = Array.from({ length: slotsPerEpisode }, (_, step): EnergySlot => {
    const at = episode * slotsPerEpisode + step;
    const slot = firstSlots[episode] + step;
    const price = records.community.clearingPricePerKwh[at];
    const storedKwh = stores.reduce(
      (sum, { s }) => sum + records.store.endEnergyKwh[at * records.stores + s],
      0,
    );
    const sum = (name: keyof Records["home"]) =>
      members.reduce((total, i) => total + book[name][at * count + i], 0);
    return {
      hour: localTime(profiles.grid, firstSlots[episode]).hourOfDay + step * dtHours,
      loadKw: sum("loadKw"),
      pvKw: sum("pvKw"),
      storesKw: sum("storesKw"),
      tradedKw: prosumer === undefined ? 0 : sum("tradedKwh") / dtHours,
      gridKw: sum("gridKwh") / dtHours,
      unservedKw: sum("unservedKw"),
      curtailedKw: sum("curtailedKw"),
      socFraction: capacityKwh > 0 ? storedKwh / capacityKwh : null,
      clearingPricePerKwh: Number.isNaN(price) ? null : price,
      importPricePerKwh: profiles.importPricePerKwh[slot],
      ceilingPerKwh: profiles.importPricePerKwh[slot] +
        records.rules.cost.carbonPricePerKg * profiles.carbonKgPerKwh[slot],
      feedInTariffPerKwh: profiles.feedInTariffPerKwh[slot],
    };
  });
  return { name: prosumer ?? "The community", dtHours, slots };
}

/** Every episode of the books as rows in time. */
export function energyDays(
  records: Records,
  dataset: Dataset,
  options: Pick<EnergyDayOptions, "prosumer"> = {},
): EnergyDay[] {
  return records.firstSlots.map((_, episode) =>
    energyDay(records, dataset, { ...options, episode })
  );
}

/** Median of a quantity over days at each time of day, and its quartiles. */
export function hourlySpread(
  days: readonly EnergyDay[],
  value: (slot: EnergySlot) => number,
): { x: number; y: number; low: number; high: number }[] {
  const slots = days.flatMap((day) =>
    day.slots.map((slot) => ({ ...slot, hourOfDay: slot.hour % HOURS_PER_DAY }))
  );
  return byHour(slots, value).map(({ hourOfDay, median, lowerQuartile, upperQuartile }) => (
    { x: hourOfDay, y: median, low: lowerQuartile, high: upperQuartile }
  ));
}

/** Energy of one quantity over the day. [kWh] */
export function dayKwh(
  { slots, dtHours }: EnergyDay,
  powerKw: (slot: EnergySlot) => number,
): number {
  return slots.reduce((sum, slot) => sum + powerKw(slot), 0) * dtHours;
}

/** Largest |what comes in − what goes out| of a slot, as the balance of power demands 0. [kW] */
export function balanceErrorKw({ slots }: EnergyDay): number {
  return Math.max(...slots.map((slot) =>
    Math.abs(
      slot.gridKw + slot.tradedKw + slot.pvKw - slot.curtailedKw - slot.storesKw -
        (slot.loadKw - slot.unservedKw),
    )
  ));
}

function membersOf(ids: readonly string[], prosumer: string | undefined): number[] {
  if (prosumer === undefined) return ids.map((_, i) => i);
  const index = ids.indexOf(prosumer);
  if (index < 0) throw new RangeError(`no prosumer "${prosumer}"; there are ${ids.join(", ")}`);
  return [index];
}
