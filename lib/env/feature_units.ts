/**
 * Units of features and columns, as the ends of their names say.
 *
 * @module
 */

/** Units by the end of a name; what has none of these is a share, a sign or a point on a circle. */
const UNITS: readonly (readonly [end: string, unit: string])[] = [
  ["KgPerKwh", "kg/kWh"],
  ["PerKwh", "currency/kWh"],
  ["Kwh", "kWh"],
  ["Kw", "kW"],
  ["daysLeft", "d"],
  ["hoursToNeed", "h"],
];

/**
 * Unit of a feature; `""` for none.
 *
 * @example
 * ```ts
 * import { unitOf } from "./feature_units.ts";
 * if (unitOf("carbonKgPerKwh.ahead6h") !== "kg/kWh") throw new Error("a mass by energy");
 * if (unitOf("battery.chargeLimitKw") !== "kW") throw new Error("a power");
 * ```
 */
export function unitOf(feature: string): string {
  const name = feature.replace(/\.ahead\w+$/, "");
  return UNITS.find(([end]) => name.endsWith(end))?.[1] ?? "";
}
