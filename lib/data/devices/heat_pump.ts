/**
 * A heat pump with a tank and a back-up heater, by what it has to heat and how well it does so.
 *
 * The coefficient of performance follows from the temperatures of source and flow,
 *
 *     air:    COP = 7.045 + 0.1540 · T_source − 0.0876 · T_flow
 *     brine:  COP = 8.122 + 0.0986 · T_source − 0.0986 · T_flow        [°C], at least 1,
 *
 * which are the straight lines that *hplib* 1.9 (T. Tjaden, H. Hoops, K. Rösken, Hochschule Emden/Leer; MIT)
 * fits to the Heat Pump Keymark's measurements of speed-controlled heat pumps, rounded. Below 1 a heating
 * rod is better.
 *
 * @module
 */

import type { TimeGrid } from "../../units.ts";
import {
  demandAt,
  demandName,
  deviceName,
  type DevicePlace,
  isNonNegative,
  isPositive,
} from "./check.ts";

/** A heat pump. Power is measured on its AC side. */
export interface HeatPump {
  /** What it is. */
  readonly kind: "heat-pump";
  /** Names it within its home. */
  readonly name: string;
  /** Largest power of the compressor. [kW] */
  readonly maxPowerKw: number;
  /** Largest power of the back-up heater, which makes a kWh of heat of a kWh; 0 for none. [kW] */
  readonly backupKw: number;
  /** Heat that the tank can hold above the least temperature of use. [kWh] */
  readonly tankKwh: number;
  /** Continuous rate at which the tank loses its heat. [1/h] */
  readonly lossPerHour: number;
  /** Price of comfort that is missed. [currency/kWh of heat] */
  readonly unmetPricePerKwh: number;
  /** Heat demand, by slot. [kW] */
  readonly heatKw: Float64Array;
  /** Heat per kWh of the compressor, by slot. */
  readonly cop: Float64Array;
}

/** Where a heat pump takes its heat. */
export type HeatSource = "air" | "brine";

const COP = {
  air: { constant: 7.045, perSourceK: 0.154, perFlowK: 0.0876 },
  brine: { constant: 8.122, perSourceK: 0.0986, perFlowK: 0.0986 },
} as const;

/**
 * Coefficient of performance at the temperatures of source and flow. [°C]
 *
 * @example
 * ```ts
 * import { coefficientOfPerformance } from "./heat_pump.ts";
 * const cop = coefficientOfPerformance("air", 2, 35);
 * if (Math.abs(cop - 4.287) > 1e-9) throw new Error(`${cop}`);
 * ```
 */
export function coefficientOfPerformance(
  source: HeatSource,
  sourceC: number,
  flowC: number,
): number {
  const { constant, perSourceK, perFlowK } = COP[source];
  return Math.max(1, constant + perSourceK * sourceC - perFlowK * flowC);
}

/**
 * Checks that a heat pump is possible.
 *
 * @param id Of the prosumer, for messages.
 * @throws {RangeError} Naming field, value and place.
 */
export function validateHeatPump(
  pump: HeatPump,
  { slots }: TimeGrid,
  id: string,
  place: DevicePlace = (_field, slot) =>
    `${slot === undefined ? "" : `slot ${slot}, `}${deviceName(pump.name, id)}`,
): void {
  const demand = demandAt(place);
  demandName(demand, pump.name);
  const { maxPowerKw, backupKw, tankKwh, lossPerHour, unmetPricePerKwh, heatKw, cop } = pump;
  demand(isPositive(maxPowerKw), "maxPowerKw", "positive", maxPowerKw);
  demand(isNonNegative(backupKw), "backupKw", "≥ 0", backupKw);
  const remedy = "give it one, of the water in the pipes at least, or remove the heat pump";
  demand(isPositive(tankKwh), "tankKwh", "positive where there is heat demand", tankKwh, remedy);
  demand(isNonNegative(lossPerHour), "lossPerHour", "≥ 0", lossPerHour);
  demand(isNonNegative(unmetPricePerKwh), "unmetPricePerKwh", "≥ 0", unmetPricePerKwh);
  for (const field of ["heatKw", "cop"] as const) {
    demand(pump[field].length === slots, field, `${slots} values`, pump[field].length);
  }
  const cold = heatKw.findIndex((kw) => !isNonNegative(kw));
  demand(cold < 0, "heatKw", "a number of at least 0", heatKw[cold], "correct it", cold);
  const idle = cop.findIndex((value) => !isPositive(value));
  const floor = "a back-up heater alone has a COP of 1";
  demand(idle < 0, "cop", "a number above 0", cop[idle], floor, idle);
}
