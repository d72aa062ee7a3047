/**
 * Who takes part in the market: households and their devices.
 *
 * @module
 */

import { quoted, shown } from "../text/shown.ts";
import type { HomeDevice } from "./devices/home_device.ts";

/** Points (x, y) with rising x; linear between them and constant beyond the ends. */
export type Curve = readonly (readonly [x: number, y: number])[];

/** Parameters of a battery. Power is measured on the AC side. */
export interface Battery {
  /** Capacity when new. [kWh] */
  readonly capacityKwh: number;
  /** Largest charging power. [kW] */
  readonly maxChargeKw: number;
  /** Largest discharging power, as a magnitude. [kW] */
  readonly maxDischargeKw: number;
  /** Share of charged energy that is stored, in (0, 1]. */
  readonly chargeEfficiency: number;
  /** Share of stored energy that comes out, in (0, 1]. */
  readonly dischargeEfficiency: number;
  /** Continuous rate at which stored energy is lost. [1/h] */
  readonly selfDischargePerHour: number;
  /** Least state of charge that discharging may reach, as a fraction of the capacity. */
  readonly socMin: number;
  /** Largest state of charge that charging may reach, as a fraction of the capacity. */
  readonly socMax: number;
  /**
   * State of charge that episodes begin with, as a fraction of the capacity, within socMin and socMax;
   * absent for the share that the environment's `initialSoc` says.
   */
  readonly initialSoc?: number;
  /** Round-trip efficiency by |power| ÷ rated power; replaces both efficiencies. */
  readonly roundTripEfficiencyByPower?: Curve;
  /** Available share of rated power by state of charge at the start of the slot. */
  readonly powerShareBySoc?: Curve;
  /** Fraction of the capacity lost per full cycle; absent for none. */
  readonly capacityLossCoefficient?: number;
}

/** A household. */
export interface Prosumer {
  /** Names its columns and its rows in results: letters, digits, `_` and `-`; unique. */
  readonly id: string;
  /** Installed PV; 0 for none. [kW] */
  readonly pvCapacityKw: number;
  /** Its battery, or `null`. */
  readonly battery: Battery | null;
  /** What else can move energy in time; absent for nothing. */
  readonly devices?: readonly HomeDevice[];
  /** Its class of tariff in the data set's `tariffs`; absent for the common tariff. */
  readonly tariffClass?: string;
}

/** The households that trade with each other behind one grid connection. */
export interface Community {
  /** Title in tables and charts. */
  readonly name: string;
  /** ISO 4217 code of the money in all prices. */
  readonly currency: string;
  /** In the order of the profile columns. */
  readonly prosumers: readonly Prosumer[];
}

/**
 * Checks that every device is physically possible and every id unique.
 *
 * @throws {RangeError} Naming the field, the value and the prosumer.
 */
export function validateCommunity({ prosumers, currency }: Community): void {
  if (prosumers.length === 0) {
    throw new RangeError("community.prosumers is empty; a community needs at least one prosumer");
  }
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new RangeError(
      `currency must be a three-letter code such as EUR, got ${quoted(currency)}`,
    );
  }
  const seen = new Set<string>();
  for (const { id, pvCapacityKw, battery } of prosumers) {
    // Composed, so that the same letters are the same id.
    if (!/^[\p{L}\p{M}\p{N}_-]+$/u.test(id) || id !== id.normalize("NFC")) {
      throw new RangeError(`prosumer id must be letters, digits, "_" and "-", got ${quoted(id)}`);
    }
    if (seen.has(id)) throw new RangeError(`prosumer id must be unique, got ${quoted(id)} twice`);
    seen.add(id);
    require(pvCapacityKw >= 0 && pvCapacityKw < Infinity, id, "pvCapacityKw", pvCapacityKw, "≥ 0");
    if (battery !== null) validateBattery(battery, id);
  }
}

/**
 * A home as a file describes it: its id in composed letters, and without a battery if that holds
 * nothing.
 */
export function prosumerOf({ id, battery, ...rest }: Prosumer): Prosumer {
  return {
    ...rest,
    id: id.normalize("NFC"),
    battery: battery?.capacityKwh === 0 ? null : battery,
  };
}

function validateBattery(battery: Battery, id: string): void {
  const field = (name: keyof Battery, holds: (value: number) => boolean, rule: string) => {
    const value = battery[name] as number;
    require(Number.isFinite(value) && holds(value), id, `battery.${name}`, value, rule);
  };
  field("capacityKwh", (x) => x > 0, "positive");
  field("maxChargeKw", (x) => x >= 0, "≥ 0");
  field("maxDischargeKw", (x) => x >= 0, "≥ 0");
  field("chargeEfficiency", (x) => x > 0 && x <= 1, "in (0, 1]");
  field("dischargeEfficiency", (x) => x > 0 && x <= 1, "in (0, 1]");
  field("selfDischargePerHour", (x) => x >= 0, "≥ 0");
  field("socMin", (x) => x >= 0 && x <= 1, "in [0, 1]");
  field("socMax", (x) => x > battery.socMin && x <= 1, "above socMin and at most 1");
  if (battery.initialSoc !== undefined) {
    field("initialSoc", (x) => x >= battery.socMin && x <= battery.socMax, "in [socMin, socMax]");
  }
  if (battery.capacityLossCoefficient !== undefined) {
    field("capacityLossCoefficient", (x) => x >= 0 && x < 1, "in [0, 1)");
  }
  for (const name of ["roundTripEfficiencyByPower", "powerShareBySoc"] as const) {
    const curve = battery[name];
    if (curve === undefined) continue;
    const rising = curve.every(([x], k) => k === 0 || x > curve[k - 1][0]);
    const least = name === "powerShareBySoc" ? 0 : Number.MIN_VALUE;
    const inRange = curve.every(([x, y]) => Number.isFinite(x) && y >= least && y <= 1);
    require(
      curve.length > 0 && rising && inRange,
      id,
      `battery.${name}`,
      JSON.stringify(curve),
      "points [x, y] with rising x and y in (0, 1]",
    );
  }
  const efficiency = battery.roundTripEfficiencyByPower;
  require(
    efficiency === undefined || morePowerMovesMore(efficiency),
    id,
    "battery.roundTripEfficiencyByPower",
    JSON.stringify(efficiency),
    "a curve along which more AC power stores more and draws more; make it less steep",
  );
}

/**
 * Whether x·√η(x) and x/√η(x) rise: 2η ± x·η′ ≥ 0, which is linear on a segment and hence true on
 * all of it if it is at both ends.
 */
function morePowerMovesMore(efficiency: Curve): boolean {
  return efficiency.every(([x1, y1], k) => {
    if (k === 0) return true;
    const [x0, y0] = efficiency[k - 1];
    const slope = Math.abs((y1 - y0) / (x1 - x0));
    return 2 * y0 >= x0 * slope && 2 * y1 >= x1 * slope;
  });
}

function require(holds: boolean, id: string, field: string, value: unknown, rule: string): void {
  if (holds) return;
  throw new RangeError(
    `${field} must be ${rule}, got ${shown(String(value))} (prosumer ${shown(id)})`,
  );
}
