/**
 * A device that moves energy in time, described slot by slot: what a car, a heat pump with its tank or
 * an appliance with a deadline comes to, in the words of {@link ../stores/store.ts}.
 *
 * @module
 */

import { quoted, shown } from "../text/shown.ts";

/** One value for each slot of the data set, or a single one that holds in all of them. */
export type DeviceColumn = Float64Array;

/** A device. Power is measured on its AC side. */
export interface Device {
  /** What it is, such as `car`; devices of a kind share a place in observations. */
  readonly kind: string;
  /** Names it within its home. */
  readonly name: string;
  /** What it can hold at all. [kWh] */
  readonly capacityKwh: number;
  /** Continuous rate at which stored energy is lost. [1/h] */
  readonly selfDischargePerHour: number;
  /** Share of stored energy that comes out, in (0, 1]. */
  readonly dischargeEfficiency: number;
  /** Price of energy that is supplied from outside where it lacks; `null` for none. [currency/kWh] */
  readonly unmetPricePerKwh: number | null;
  /** Largest charging power. [kW] */
  readonly chargeKw: DeviceColumn;
  /** Largest discharging power, as a magnitude. [kW] */
  readonly dischargeKw: DeviceColumn;
  /** Stored per kWh charged, above 0; a heat pump's coefficient of performance. */
  readonly chargeEfficiency: DeviceColumn;
  /** Least energy at the end of the slot. [kWh] */
  readonly leastKwh: DeviceColumn;
  /** Least energy at the end of the slot from which what is known can be met, ≥ least. [kWh] */
  readonly floorKwh: DeviceColumn;
  /** Most energy at the end of the slot, ≥ floor. [kWh] */
  readonly mostKwh: DeviceColumn;
  /** What the slot takes out: a trip, or heat. [kWh] */
  readonly drainKwh: DeviceColumn;
  /**
   * Slots from this one on whose columns are known in it, this one included, at least 1; if absent,
   * the present slot alone, or all where nothing changes from slot to slot.
   */
  readonly knownSlots?: DeviceColumn;
  /**
   * By slot, the chance that it leaves in it, given that it is there when the slot begins; absent
   * where departures are announced.
   */
  readonly leavingChance?: DeviceColumn;
}

/** Columns of a device. */
export const deviceColumns = [
  "chargeKw",
  "dischargeKw",
  "chargeEfficiency",
  "leastKwh",
  "floorKwh",
  "mostKwh",
  "drainKwh",
] as const;

/**
 * Checks that a device is possible over some slots.
 *
 * @param id Of the prosumer, for messages.
 * @throws {RangeError} Naming field, slot, value and prosumer.
 */
export function validateDevice(device: Device, slots: number, id: string): void {
  const { kind, name, unmetPricePerKwh } = device;
  const whose = `device ${quoted(name)} of prosumer ${shown(id)}`;
  const demand = (holds: boolean, field: string, rule: string, value: unknown, slot?: number) => {
    if (holds) return;
    const where = slot === undefined ? "" : `slot ${slot}, `;
    throw new RangeError(
      `${field} must be ${rule}, got ${shown(String(value))} (${where}${whose})`,
    );
  };
  demand(/^[a-z][a-zA-Z-]*$/.test(kind) && kind !== "battery", "kind", "letters, no battery", kind);
  const isPositive = (value: number) => value > 0 && value < Infinity;
  const isNonNegative = (value: number) => value >= 0 && value < Infinity;
  demand(isPositive(device.capacityKwh), "capacityKwh", "positive", device.capacityKwh);
  const { selfDischargePerHour, dischargeEfficiency } = device;
  demand(isNonNegative(selfDischargePerHour), "selfDischargePerHour", "≥ 0", selfDischargePerHour);
  const isShare = dischargeEfficiency > 0 && dischargeEfficiency <= 1;
  demand(isShare, "dischargeEfficiency", "in (0, 1]", dischargeEfficiency);
  const isPrice = unmetPricePerKwh === null || isNonNegative(unmetPricePerKwh);
  demand(isPrice, "unmetPricePerKwh", "≥ 0 or null", unmetPricePerKwh);
  for (const field of deviceColumns) {
    const values = device[field];
    const isWhole = values.length === 1 || values.length === slots;
    demand(isWhole, field, `1 or ${slots} values`, values.length);
    const isGood = field === "chargeEfficiency" ? isPositive : isNonNegative;
    const wrong = values.findIndex((value) => !isGood(value));
    const rule = field === "chargeEfficiency" ? "positive" : "≥ 0";
    demand(wrong < 0, field, rule, values[wrong], wrong);
  }
  const { knownSlots } = device;
  if (knownSlots !== undefined) {
    const isWhole = knownSlots.length === 1 || knownSlots.length === slots;
    demand(isWhole, "knownSlots", `1 or ${slots} values`, knownSlots.length);
    const wrong = knownSlots.findIndex((known) => !(known >= 1));
    demand(wrong < 0, "knownSlots", "at least 1", knownSlots[wrong], wrong);
  }
  const { leavingChance } = device;
  if (leavingChance !== undefined) {
    demand(
      leavingChance.length === slots,
      "leavingChance",
      `${slots} values`,
      leavingChance.length,
    );
    const wrong = leavingChance.findIndex((chance) => !(chance >= 0 && chance <= 1));
    demand(wrong < 0, "leavingChance", "in [0, 1]", leavingChance[wrong], wrong);
  }
  const isSupplied = unmetPricePerKwh !== null || device.drainKwh.every((kwh) => kwh === 0);
  demand(isSupplied, "unmetPricePerKwh", "a price where drainKwh is above 0", unmetPricePerKwh);
  const at = (field: (typeof deviceColumns)[number], slot: number) =>
    device[field][device[field].length === 1 ? 0 : slot];
  for (let slot = 0; slot < slots; slot++) {
    const floor = at("floorKwh", slot), most = at("mostKwh", slot);
    demand(floor >= at("leastKwh", slot), "floorKwh", "at least leastKwh", floor, slot);
    demand(most >= floor, "mostKwh", "at least floorKwh", most, slot);
    demand(most <= device.capacityKwh, "mostKwh", "at most capacityKwh", most, slot);
  }
}
