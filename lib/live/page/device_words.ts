/**
 * What a car, a heat pump or an appliance is and does, in words.
 *
 * @module
 */

import type { DeviceSlot, HomeDevice } from "../session.ts";

const NAMES: Readonly<Record<string, string>> = {
  "car": "a car",
  "heat-pump": "a heat pump with a tank",
  "appliance": "an appliance",
};

const REASONS: Readonly<Record<NonNullable<DeviceSlot["reason"]>, string>> = {
  must: "as it must",
  sun: "from its sun",
  neighbours: "from neighbours",
  price: "for the price",
};

/** The device, and what it does now if that is known. */
export function deviceInWords({ kind, capacityKwh }: HomeDevice, now?: DeviceSlot): string {
  const name = `${NAMES[kind] ?? `a ${kind}`} of ${capacityKwh.toFixed(1)} kWh`;
  if (now === undefined) return name;
  return `${name} (${stateInWords(kind, now)})`;
}

/** What it does, such as `62 %, charging 3.2 kW for the price`. */
export function stateInWords(
  kind: string,
  { share, powerKw, isThere, reason }: DeviceSlot,
): string {
  if (!isThere) return kind === "car" ? "away" : "waiting";
  const full = `${Math.round(100 * share)} %`;
  if (powerKw > 0.005) {
    const why = reason === null ? "" : ` ${REASONS[reason]}`;
    return `${full}, charging ${powerKw.toFixed(1)} kW${why}`;
  }
  return powerKw < -0.005 ? `${full}, giving ${(-powerKw).toFixed(1)} kW` : full;
}
