/**
 * One step of CityLearn 2.4's battery (`citylearn/energy_model.py`), for reproducing its results.
 *
 * It differs from {@link ./battery.ts}: the charging headroom is not divided by the efficiency, so
 * the battery only approaches full; a discharge is limited with the efficiency of the step before;
 * efficiency follows the requested power, not the delivered one; self-discharge is a share per step.
 *
 * @module
 */

import type { Curve } from "../data/community.ts";
import { interpolate } from "./curve.ts";

/** Parameters as CityLearn names them. */
export interface CityLearnBattery {
  /** Capacity when new. [kWh] */
  readonly capacityKwh: number;
  /** Rated power of both directions. [kW] */
  readonly nominalPowerKw: number;
  /** Share of the capacity that may be discharged. */
  readonly depthOfDischarge: number;
  /** Share of stored energy lost per step. */
  readonly standbyLossPerStep: number;
  /** Fraction of the capacity lost per full cycle. */
  readonly capacityLossCoefficient: number;
  /** Round-trip efficiency by |power| ÷ rated power. */
  readonly powerEfficiencyCurve: Curve;
  /** Available share of rated power by state of charge. */
  readonly capacityPowerCurve: Curve;
}

/** State between steps. */
export interface CityLearnBatteryState {
  /** Stored energy ÷ capacity when new. */
  readonly soc: number;
  /** Faded capacity. [kWh] */
  readonly capacityKwh: number;
  /** One-way efficiency of the step before. */
  readonly efficiency: number;
  /** AC energy of the step, charging > 0. [kWh] */
  readonly energyBalanceKwh: number;
}

/** State after a request of AC energy, charging > 0. [kWh] */
export function stepCityLearnBattery(
  battery: CityLearnBattery,
  state: CityLearnBatteryState,
  requestKwh: number,
  dtHours: number,
): CityLearnBatteryState {
  const { capacityKwh: newKwh, nominalPowerKw } = battery;
  const storedKwh = Math.max(0, state.soc * newKwh * (1 - battery.standbyLossPerStep));
  const mostKwh = nominalPowerKw * dtHours *
    interpolate(battery.capacityPowerCurve, storedKwh / newKwh);
  const powerShare = Math.min(Math.abs(requestKwh), mostKwh) / (nominalPowerKw * dtHours);
  const efficiency = Math.sqrt(interpolate(battery.powerEfficiencyCurve, powerShare));
  const usableKwh = (state.soc - (1 - battery.depthOfDischarge)) * newKwh * state.efficiency;
  const acKwh = requestKwh >= 0
    ? Math.min(mostKwh, state.capacityKwh - storedKwh, requestKwh)
    : Math.max(-mostKwh, -usableKwh, requestKwh);
  const nextKwh = acKwh >= 0
    ? Math.min(storedKwh + acKwh * efficiency, newKwh)
    : Math.max(0, storedKwh + acKwh / efficiency);
  const change = nextKwh - storedKwh;
  const energyBalanceKwh = acKwh >= 0 ? change / efficiency : change * efficiency;
  const fadeKwh = (battery.capacityLossCoefficient * newKwh * Math.abs(energyBalanceKwh)) /
    (2 * state.capacityKwh);
  return {
    soc: nextKwh / newKwh,
    capacityKwh: state.capacityKwh - fadeKwh,
    efficiency,
    energyBalanceKwh,
  };
}
