/**
 * A data set in memory: the community's devices and, column by column, what happens in each slot.
 *
 * @module
 */

import { slotsPerDay, type TimeGrid, timestamp } from "../units.ts";
import { type Community, validateCommunity } from "./community.ts";

/** What happens, slot by slot. */
export interface Profiles {
  /** The slots. */
  readonly grid: TimeGrid;
  /** Load of prosumer `i` in slot `t` at `[i × slots + t]`, ≥ 0. [kW] */
  readonly loadKw: Float64Array;
  /** Available PV of prosumer `i` in slot `t` at `[i × slots + t]`, ≥ 0. [kW] */
  readonly pvKw: Float64Array;
  /** Retail price of imported energy, per slot. [currency/kWh] */
  readonly importPricePerKwh: Float64Array;
  /** Price paid for exported energy, per slot, at most the import price. [currency/kWh] */
  readonly feedInTariffPerKwh: Float64Array;
  /** Carbon intensity of imported energy, per slot. [kg/kWh] */
  readonly carbonKgPerKwh: Float64Array;
  /** Largest import of the whole community, per slot; `Infinity` for none, 0 is an outage. [kW] */
  readonly gridImportLimitKw: Float64Array;
  /** Largest export of the whole community, per slot; `Infinity` for none. [kW] */
  readonly gridExportLimitKw: Float64Array;
}

/** A community and its profiles. */
export interface Dataset {
  /** Who takes part, and with which devices. */
  readonly community: Community;
  /** What happens in each slot. */
  readonly profiles: Profiles;
}

/** Whole days in the data set. */
export function wholeDays(dataset: Dataset): number {
  const { grid } = dataset.profiles;
  return Math.floor(grid.slots / slotsPerDay(grid.dtHours));
}

/**
 * Checks that a data set is complete and physically possible.
 *
 * @throws {RangeError} If it is not; the message names the column, the slot and the value.
 */
export function validateDataset({ community, profiles }: Dataset): void {
  validateCommunity(community);
  const { prosumers } = community;
  const { grid } = profiles;
  slotsPerDay(grid.dtHours);
  if (grid.slots < 1) throw new RangeError("profiles have no slots; at least one is needed");
  const owner = (index: number) => `prosumer ${prosumers[Math.floor(index / grid.slots)].id}, `;
  const perProsumer = prosumers.length * grid.slots;
  checkColumn("loadKw", profiles.loadKw, perProsumer, 0, grid, owner);
  checkColumn("pvKw", profiles.pvKw, perProsumer, 0, grid, owner);
  checkColumn("importPricePerKwh", profiles.importPricePerKwh, grid.slots, -Infinity, grid);
  checkColumn("feedInTariffPerKwh", profiles.feedInTariffPerKwh, grid.slots, -Infinity, grid);
  checkColumn("carbonKgPerKwh", profiles.carbonKgPerKwh, grid.slots, 0, grid);
  checkColumn("gridImportLimitKw", profiles.gridImportLimitKw, grid.slots, 0, grid);
  checkColumn("gridExportLimitKw", profiles.gridExportLimitKw, grid.slots, 0, grid);
  for (let t = 0; t < grid.slots; t++) {
    const importPrice = profiles.importPricePerKwh[t];
    const tariff = profiles.feedInTariffPerKwh[t];
    if (importPrice < tariff) {
      throw new RangeError(
        `importPricePerKwh must be at least feedInTariffPerKwh, got ${importPrice} below ` +
          `${tariff} (slot ${t}, ${timestamp(grid, t)})`,
      );
    }
  }
}

function checkColumn(
  name: string,
  values: Float64Array,
  length: number,
  least: number,
  grid: TimeGrid,
  owner: (index: number) => string = () => "",
): void {
  if (values.length !== length) {
    throw new RangeError(`${name} must have ${length} values, got ${values.length}`);
  }
  const mayBeInfinite = name.endsWith("LimitKw");
  for (let index = 0; index < length; index++) {
    const value = values[index];
    if (value >= least && (mayBeInfinite || Number.isFinite(value))) continue;
    const slot = index % grid.slots;
    const bound = least === 0 ? "a number of at least 0" : "a finite number";
    throw new RangeError(
      `${name} must be ${bound}, got ${value} (${owner(index)}slot ${slot}, ` +
        `${timestamp(grid, slot)})`,
    );
  }
}
