/**
 * Trade-offs: what less CO2, or a lower peak, costs.
 *
 * A sweep raises the price of CO2, or of the peak, and looks at what a policy then pays for energy
 * alone: bill, wear, unserved load and final energy, without the charges that were swept. Where a
 * policy answers to prices, its points trace the front of what can be had for what.
 *
 * @module
 */

import { marginalCarbon } from "../data/marginal_carbon.ts";
import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import type { Records } from "../evaluation/records.ts";
import { HOURS_PER_DAY } from "../units.ts";

/** What is swept: the price of CO2 by average or by marginal intensity, or that of the peak. */
export type Sweep = "carbon" | "marginal-carbon" | "peak";

/** All sweeps, in the order of the panels. */
export const sweepNames: readonly Sweep[] = ["carbon", "marginal-carbon", "peak"];

/** Prices of CO2 in a sweep. [currency/kg] */
export const CARBON_PRICES_PER_KG: readonly number[] = [
  0,
  0.1,
  0.2,
  0.25,
  0.3,
  0.4,
  0.6,
  0.8,
  1.2,
  1.6,
];

/** Prices of an episode's peak in a sweep. [currency/kW] */
export const PEAK_PRICES_PER_KW: readonly number[] = [
  0,
  0.05,
  0.2,
  0.3,
  0.4,
  0.6,
  0.8,
  1.2,
  1.6,
  2.4,
];

/** A point of a front, a row of `pareto.csv`. */
export interface TradeOff {
  /** What was swept. */
  readonly sweep: Sweep;
  /** The policy. */
  readonly policy: string;
  /** Price of CO2 at this point. [currency/kg] */
  readonly carbonPricePerKg: number;
  /** Price of an episode's peak at this point. [currency/kW] */
  readonly peakPricePerKw: number;
  /** Cost without the charges on CO2 and peak. [currency/d] */
  readonly energyCostPerDay: number;
  /** CO2 of every prosumer's own imports, as it is charged. [kg/d] */
  readonly emissionsKgPerDay: number;
  /** The same imports by average intensity, whichever is charged. [kg/d] */
  readonly averageEmissionsKgPerDay: number;
  /** By marginal intensity. [kg/d] */
  readonly marginalEmissionsKgPerDay: number;
  /** Mean over episodes of the highest net import. [kW] */
  readonly meanPeakKw: number;
}

/** The configurations of a sweep, in the order of its prices. */
export function sweepConfigs(config: EnvironmentConfig, sweep: Sweep): EnvironmentConfig[] {
  const { cost } = config;
  switch (sweep) {
    case "carbon":
    case "marginal-carbon":
      return CARBON_PRICES_PER_KG.map((carbonPricePerKg) => ({
        ...config,
        cost: { ...cost, carbonPricePerKg },
      }));
    case "peak":
      return PEAK_PRICES_PER_KW.map((peakPricePerKw) => ({
        ...config,
        cost: { ...cost, peakPricePerKw },
      }));
  }
}

/** The data set as a sweep charges its CO2. */
export function sweptDataset(dataset: Dataset, sweep: Sweep): Dataset {
  if (sweep !== "marginal-carbon") return dataset;
  const { profiles } = dataset;
  const carbonKgPerKwh = marginalCarbon(profiles.carbonKgPerKwh);
  return { ...dataset, profiles: { ...profiles, carbonKgPerKwh } };
}

/** CO2 of every prosumer's own imports by an intensity. [kg/d] */
export function emissionsKgPerDay(
  { home: { gridKwh }, homes, firstSlots, slotsPerEpisode }: Records,
  intensityKgPerKwh: Float64Array,
  dtHours: number,
): number {
  let kg = 0;
  gridKwh.forEach((kwh, at) => {
    const played = Math.floor(at / homes), episode = Math.floor(played / slotsPerEpisode);
    const slot = firstSlots[episode] + played % slotsPerEpisode;
    kg += Math.max(0, kwh) * intensityKgPerKwh[slot];
  });
  return kg * HOURS_PER_DAY / (firstSlots.length * slotsPerEpisode * dtHours);
}

/**
 * The point at which a policy stands under a configuration.
 *
 * @param dataset With average intensity, whichever is charged.
 */
export function tradeOff(
  sweep: Sweep,
  kpis: Kpis,
  records: Records,
  { profiles }: Dataset,
  config: EnvironmentConfig,
): TradeOff {
  const { carbonKgPerKwh, grid: { dtHours } } = profiles;
  const { carbonPricePerKg, peakPricePerKw } = config.cost;
  const peakCharge = (peakPricePerKw * kpis.meanPeakKw) / config.episodeDays;
  return {
    sweep,
    policy: kpis.policy,
    carbonPricePerKg,
    peakPricePerKw,
    energyCostPerDay: kpis.costPerDay - peakCharge -
      carbonPricePerKg * kpis.contractualEmissionsKgPerDay,
    emissionsKgPerDay: kpis.contractualEmissionsKgPerDay,
    averageEmissionsKgPerDay: emissionsKgPerDay(records, carbonKgPerKwh, dtHours),
    marginalEmissionsKgPerDay: emissionsKgPerDay(
      records,
      marginalCarbon(carbonKgPerKwh),
      dtHours,
    ),
    meanPeakKw: kpis.meanPeakKw,
  };
}
