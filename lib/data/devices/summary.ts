/**
 * Devices beside batteries in figures, and what looks like a mistake in them.
 *
 * @module
 */

import type { TimeGrid } from "../../units.ts";
import type { Prosumer } from "../community.ts";
import { isBySlot } from "./home_device.ts";
import { neededKwh } from "./needs.ts";

/** A device beside a battery in figures. */
export interface DeviceSummary {
  /** Whose it is. */
  readonly prosumer: string;
  /** Names it within its home. */
  readonly name: string;
  /** What it is. */
  readonly kind: string;
  /** What it can hold. [kWh] */
  readonly capacityKwh: number;
  /** Its largest power. [kW] */
  readonly powerKw: number;
  /** Electricity that it needs over the data; `null` where it is described slot by slot. [kWh] */
  readonly neededKwh: number | null;
  /** Sessions, or runs; `null` where it has none. */
  readonly times: number | null;
}

/** A home's devices in figures. */
export function deviceSummaries({ id, devices = [] }: Prosumer, grid: TimeGrid): DeviceSummary[] {
  const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
  return devices.map((device) => {
    const base = { prosumer: id, name: device.name, kind: device.kind };
    if (isBySlot(device)) {
      const { capacityKwh, chargeKw } = device;
      return { ...base, capacityKwh, powerKw: largest(chargeKw), neededKwh: null, times: null };
    }
    const needed = { neededKwh: neededKwh(device, grid) };
    switch (device.kind) {
      case "car": {
        const { capacityKwh, maxChargeKw: powerKw, sessions: { length: times } } = device;
        return { ...base, capacityKwh, powerKw, ...needed, times };
      }
      case "heat-pump": {
        const { tankKwh: capacityKwh, maxPowerKw: powerKw } = device;
        return { ...base, capacityKwh, powerKw, ...needed, times: null };
      }
      case "appliance": {
        const { maxPowerKw: powerKw, runs } = device;
        const capacityKwh = runs.reduce((most, { energyKwh }) => Math.max(most, energyKwh), 0);
        return { ...base, capacityKwh, powerKw, ...needed, times: runs.length };
      }
    }
  });
}

/** More than a car, a heat pump or an appliance of a home needs in a year. [kWh] */
const MOST_YEARLY_KWH: Readonly<Record<string, number>> = {
  "car": 10_000,
  "heat-pump": 20_000,
  "appliance": 2000,
};
/** Days from which on a year is told from them: seasons differ. */
const LEAST_DAYS = 300;

/** What of devices over so many days may be a mistake, each in a sentence. */
export function doubtsAboutDevices(devices: readonly DeviceSummary[], days: number): string[] {
  return devices.flatMap(({ prosumer, name, kind, neededKwh, times }) => {
    const whose = `${name} of ${prosumer}`;
    if (kind === "car" && times === 0) return [`${whose} is never at home; has it sessions?`];
    const yearlyKwh = (neededKwh ?? 0) * 365 / days, mostKwh = MOST_YEARLY_KWH[kind];
    if (days < LEAST_DAYS || !(yearlyKwh > mostKwh)) return [];
    return [
      `${whose} needs ${Math.round(yearlyKwh)} kWh a year, more than ${mostKwh}; are these watts?`,
    ];
  });
}
