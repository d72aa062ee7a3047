/**
 * The community's connection to the grid: its limits, and the CO2 of what it imports.
 *
 * @module
 */

/** Powers of one community in one slot; the limits change them in place. [kW], `[prosumers]` each */
export interface CommunityPowers {
  /** Demand, ≥ 0. */
  readonly loadKw: Float64Array;
  /** Available PV, ≥ 0. */
  readonly pvKw: Float64Array;
  /** Battery power, charging > 0. */
  readonly batteryKw: Float64Array;
  /** Load that is not served, ≥ 0. */
  readonly unservedKw: Float64Array;
  /** PV that is not used, ≥ 0. */
  readonly curtailedKw: Float64Array;
}

/**
 * Projects a community's powers onto its connection limits, in place.
 *
 * Over the import limit, charging is reduced pro rata, then load is shed pro rata; over the export
 * limit, discharging is reduced pro rata, then PV is curtailed pro rata. The limit holds at the
 * common connection: behind it energy still flows between prosumers, also what the market has not
 * matched, which is settled at the tariffs. Sets `unservedKw` and
 * `curtailedKw` of prosumers `from` to `to` (exclusive) and changes their `batteryKw`.
 *
 * @returns Whether a limit was exceeded and powers were changed.
 */
export function applyCommunityLimit(
  powers: CommunityPowers,
  importLimitKw: number,
  exportLimitKw: number,
  from: number = 0,
  to: number = powers.loadKw.length,
): boolean {
  const { loadKw, pvKw, batteryKw, unservedKw, curtailedKw } = powers;
  let load = 0, pv = 0, charging = 0, discharging = 0;
  for (let i = from; i < to; i++) {
    load += loadKw[i];
    pv += pvKw[i];
    if (batteryKw[i] > 0) charging += batteryKw[i];
    else discharging -= batteryKw[i];
    unservedKw[i] = 0;
    curtailedKw[i] = 0;
  }
  const netKw = load - pv + charging - discharging;
  if (netKw > importLimitKw) {
    const excess = netKw - importLimitKw;
    const kept = excess < charging ? 1 - excess / charging : 0;
    const shed = excess > charging ? Math.min(1, (excess - charging) / load) : 0;
    for (let i = from; i < to; i++) {
      if (batteryKw[i] > 0) batteryKw[i] *= kept;
      unservedKw[i] = loadKw[i] * shed;
    }
    return true;
  }
  if (-netKw > exportLimitKw) {
    const excess = -netKw - exportLimitKw;
    const kept = excess < discharging ? 1 - excess / discharging : 0;
    const curtailed = excess > discharging ? Math.min(1, (excess - discharging) / pv) : 0;
    for (let i = from; i < to; i++) {
      if (batteryKw[i] < 0) batteryKw[i] *= kept;
      curtailedKw[i] = pvKw[i] * curtailed;
    }
    return true;
  }
  return false;
}

/**
 * CO2 of an energy flow from the grid; exports earn no credit. [kg]
 *
 * Of one prosumer's flow it is the *contractual* figure, of the community's net flow the *physical*
 * one; the two are never added or mixed.
 *
 * @example
 * ```ts
 * import { emissionsKg } from "./grid.ts";
 * if (emissionsKg(2, 0.4) !== 0.8 || emissionsKg(-2, 0.4) !== 0) throw new Error("imports only");
 * ```
 */
export function emissionsKg(gridKwh: number, carbonKgPerKwh: number): number {
  return gridKwh > 0 ? gridKwh * carbonKgPerKwh : 0;
}
