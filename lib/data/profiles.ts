/**
 * A data set in memory: the community's devices and, column by column, what happens in each slot.
 *
 * @module
 */

import { slotsPerDay, type TimeGrid, timestamp } from "../units.ts";
import { quoted } from "../text/shown.ts";
import type { Charges } from "./priced.ts";
import type { Tariff } from "./tariffs.ts";
import { type Community, type Prosumer, validateCommunity } from "./community.ts";
import { type DevicePlaces, validateDevices } from "./devices/home_device.ts";
import { type Network, validateNetwork } from "../network/network.ts";

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
  /** Price paid for exported energy, per slot. [currency/kWh] */
  readonly feedInTariffPerKwh: Float64Array;
  /** Carbon intensity of imported energy, per slot. [kg/kWh] */
  readonly carbonKgPerKwh: Float64Array;
  /** Largest import of the whole community, per slot; `Infinity` for none, 0 is an outage. [kW] */
  readonly gridImportLimitKw: Float64Array;
  /** Largest export of the whole community, per slot; `Infinity` for none. [kW] */
  readonly gridExportLimitKw: Float64Array;
  /**
   * Reactive power of the load of prosumer `i` in slot `t` at `[i × slots + t]`, inductive > 0; only
   * where there is a network, absent for none. [kvar]
   */
  readonly reactiveKvar?: Float64Array;
}

/** A community and its profiles. */
export interface Dataset {
  /** Who takes part, and with which devices. */
  readonly community: Community;
  /** What happens in each slot. */
  readonly profiles: Profiles;
  /** Tariffs of homes that name a class; those of all others are columns of the profiles. */
  readonly tariffs?: Readonly<Record<string, Tariff>>;
  /** The feeder that the homes are on; absent where only their connection is known. */
  readonly network?: Network;
  /** What homes are charged by the month, where prices come from a configuration. */
  readonly charges?: Charges;
  /** What was taken otherwise than the files have it, and what of them is not used, in words. */
  readonly notes?: readonly string[];
}

/** Whole days in the data set. */
export function wholeDays(dataset: Dataset): number {
  const { grid } = dataset.profiles;
  return Math.floor(grid.slots / slotsPerDay(grid.dtHours));
}

/** Says where a value of a column stands, for messages; `prosumer` is absent in shared columns. */
export type Place = (column: string, slot: number, prosumer?: Prosumer) => string;

/**
 * Checks that a data set is complete and physically possible.
 *
 * @param dataset What to check.
 * @param place Names the place of a wrong value; prosumer, slot and time if absent.
 * @param devicePlaces Names the places of devices' fields; device and prosumer if absent.
 * @throws {RangeError} If it is not; the message names the column, the place and the value.
 */
export function validateDataset(
  { community, profiles, tariffs = {}, network }: Dataset,
  place: Place = (_column, slot, prosumer) =>
    `${prosumer === undefined ? "" : `prosumer ${prosumer.id}, `}slot ${slot}, ` +
    timestamp(profiles.grid, slot),
  devicePlaces?: DevicePlaces,
): void {
  validateCommunity(community);
  const { grid } = profiles;
  slotsPerDay(grid.dtHours);
  if (grid.slots < 1) throw new RangeError("profiles have no slots; at least one is needed");
  const check = (name: ColumnName, least: number, owners: readonly (Prosumer | undefined)[]) =>
    checkColumn(name, profiles[name], grid.slots, least, owners, place);
  const shared = [undefined];
  checkTariffs(community.prosumers, tariffs, grid.slots);
  for (const prosumer of community.prosumers) validateDevices(prosumer, grid, devicePlaces);
  check("loadKw", 0, community.prosumers);
  check("pvKw", 0, community.prosumers);
  check("importPricePerKwh", -Infinity, shared);
  check("feedInTariffPerKwh", -Infinity, shared);
  check("carbonKgPerKwh", 0, shared);
  check("gridImportLimitKw", 0, shared);
  check("gridExportLimitKw", 0, shared);
  if (profiles.reactiveKvar !== undefined) {
    const { reactiveKvar } = profiles;
    checkColumn("reactiveKvar", reactiveKvar, grid.slots, -Infinity, community.prosumers, place);
    if (network === undefined) {
      throw new RangeError("reactiveKvar needs a network; add network.json or remove its columns");
    }
  }
  if (network !== undefined) validateNetwork(network, community.prosumers.map(({ id }) => id));
}

/** Every home's class of tariff must be there, slot by slot. */
function checkTariffs(
  prosumers: readonly Prosumer[],
  tariffs: Readonly<Record<string, Tariff>>,
  slots: number,
): void {
  for (const { id, tariffClass } of prosumers) {
    if (tariffClass === undefined || Object.hasOwn(tariffs, tariffClass)) continue;
    throw new RangeError(
      `tariffClass must be one of ${Object.keys(tariffs).join(", ") || "no classes"}, got ` +
        `${quoted(tariffClass)} (prosumer ${id})`,
    );
  }
  for (const [name, tariff] of Object.entries(tariffs)) {
    for (const column of ["importPricePerKwh", "feedInTariffPerKwh"] as const) {
      const values = tariff[column];
      const wrong = values.findIndex((value) => !Number.isFinite(value));
      if (values.length === slots && wrong < 0) continue;
      throw new RangeError(
        `tariff ${quoted(name)}, ${column} must be ${slots} finite numbers, got ` +
          (wrong < 0 ? `${values.length}` : `${values[wrong]} (slot ${wrong})`),
      );
    }
  }
}

type ColumnName = Exclude<keyof Profiles, "grid" | "reactiveKvar">;

function checkColumn(
  name: ColumnName | "reactiveKvar",
  values: Float64Array,
  slots: number,
  least: number,
  owners: readonly (Prosumer | undefined)[],
  place: Place,
): void {
  const length = owners.length * slots;
  if (values.length !== length) {
    throw new RangeError(`${name} must have ${length} values, got ${values.length}`);
  }
  const mayBeInfinite = name.endsWith("LimitKw");
  for (let index = 0; index < length; index++) {
    const value = values[index];
    if (value >= least && (mayBeInfinite || Number.isFinite(value))) continue;
    const bound = least === 0 ? "a number of at least 0" : "a finite number";
    const where = place(name, index % slots, owners[Math.floor(index / slots)]);
    throw new RangeError(`${name} must be ${bound}, got ${value} (${where})`);
  }
}
