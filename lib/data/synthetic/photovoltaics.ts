/**
 * Power of a roof's panels under a given weather.
 *
 * - Irradiance on the tilted plane: beam, isotropic diffuse and ground-reflected, Liu and Jordan
 *   (1963), `I = DNI·cos θ + DHI·(1 + cos β)/2 + GHI·ρ·(1 − cos β)/2`, ground albedo ρ = 0.2.
 * - Power: PVWatts 5 (Dobos, NREL/TP-6A20-62641, 2014): proportional to irradiance, falling with the
 *   cell's temperature, 14 % system losses, inverter efficiency 96 %.
 * - Cell temperature: `T + (NOCT − 20)/800·I` with a nominal operating temperature of 45 °C, in the
 *   place of PVWatts' thermal model (which has 45 °C for an open rack and 49 °C close to a roof).
 *
 * @module
 */

import { cos, sin } from "../../arithmetic.ts";
import type { Weather } from "./weather.ts";

/** A roof with panels. */
export interface Panels {
  /** Installed power at 1,000 W/m² and 25 °C. [kW] */
  readonly capacityKw: number;
  /** Slope against the horizontal. [°] */
  readonly tiltDeg: number;
  /** Where the slope faces, clockwise from north; 180 is south. [°] */
  readonly azimuthDeg: number;
}

const ALBEDO = 0.2;
/** PVWatts' for a premium module. [1/K] */
const TEMPERATURE_COEFFICIENT = -0.0035;
const SYSTEM_EFFICIENCY = 0.86 * 0.96;
/** Warming of the cell by irradiance. [K per W/m²] */
const CELL_WARMING = (45 - 20) / 800;
const RADIANS = Math.PI / 180;

/** Writes the AC power of every quarter-hour into `powerKw`. [kW] */
export function photovoltaicPower(panels: Panels, weather: Weather, powerKw: Float64Array): void {
  const { sunEast, sunNorth, sunUp, directNormal, diffuseHorizontal, globalHorizontal } = weather;
  const up = cos(panels.tiltDeg * RADIANS);
  const east = sin(panels.tiltDeg * RADIANS) * sin(panels.azimuthDeg * RADIANS);
  const north = sin(panels.tiltDeg * RADIANS) * cos(panels.azimuthDeg * RADIANS);
  for (let q = 0; q < powerKw.length; q++) {
    const cosine = east * sunEast[q] + north * sunNorth[q] + up * sunUp[q];
    const irradiance = directNormal[q] * Math.max(cosine, 0) +
      diffuseHorizontal[q] * (1 + up) / 2 + globalHorizontal[q] * ALBEDO * (1 - up) / 2;
    powerKw[q] = panelPower(panels.capacityKw, irradiance, weather.airTemperature[q]);
  }
}

/**
 * AC power of panels. [kW]
 *
 * @param capacityKw Installed power. [kW]
 * @param irradiance On their plane. [W/m²]
 * @param airTemperature Of the air. [°C]
 */
export function panelPower(capacityKw: number, irradiance: number, airTemperature: number): number {
  const cellTemperature = airTemperature + CELL_WARMING * irradiance;
  const efficiency = SYSTEM_EFFICIENCY * (1 + TEMPERATURE_COEFFICIENT * (cellTemperature - 25));
  return Math.min(capacityKw * efficiency * irradiance / 1000, capacityKw);
}
