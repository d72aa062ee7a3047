/**
 * Configuration of the environment: every rule of the game that is not in the data set.
 *
 * Prices are in the data set's currency.
 *
 * @module
 */

import { z } from "zod";
import type { ForecastConfig } from "../data/forecast.ts";

/** Rules of the auction. */
export interface MarketConfig {
  /** Where in the clearing interval the price lies: 0 at its lower end, 1 at its upper. */
  readonly priceWeight: number;
  /** Paid by the buyer and by the seller on every traded kWh. [currency/kWh] */
  readonly networkFeePerKwh: number;
}

/** What counts as cost beside the bill. */
export interface CostConfig {
  /** Price of CO2 from imported energy. [currency/kg] */
  readonly carbonPricePerKg: number;
  /** Battery wear. [currency/kWh discharged] */
  readonly wearPricePerKwh: number;
  /** Value of lost load. [currency/kWh unserved] */
  readonly lostLoadPricePerKwh: number;
  /** Charge on the episode's highest community import. [currency/kW] */
  readonly peakPricePerKw: number;
  /** Charge on each change of community net import between slots. [currency/kW] */
  readonly rampPricePerKw: number;
}

/** Every rule of the game that is not in the data set. */
export interface EnvironmentConfig {
  /** Whole days in an episode. */
  readonly episodeDays: number;
  /** State of charge at the start of an episode: 0 is socMin, 1 is socMax. */
  readonly initialSoc: number;
  /**
   * What the battery action spans: the interval that is feasible in the slot, or rated power (the
   * classic formulation), where requests that are infeasible are cut.
   */
  readonly batteryAction: "feasible" | "rated";
  /** How forecasts err. */
  readonly forecast: ForecastConfig;
  /** Rules of the auction. */
  readonly market: MarketConfig;
  /** What counts as cost beside the bill. */
  readonly cost: CostConfig;
}

const nonNegative = z.number().min(0);
const fraction = z.number().min(0).max(1);

/** Schema of an {@linkcode EnvironmentConfig}; parsing fills in the reference set-up. */
export const environmentConfigSchema: z.ZodType<EnvironmentConfig> = z.strictObject({
  episodeDays: z.int().min(1).max(366).default(1),
  initialSoc: fraction.default(0.5),
  batteryAction: z.enum(["feasible", "rated"]).default("feasible"),
  forecast: z.strictObject({
    error: nonNegative.max(2).default(0.2),
    correlationPerHour: z.number().min(0).lt(1).default(0.8),
    currentSlot: z.enum(["measured", "forecast"]).default("measured"),
  }).prefault({}),
  market: z.strictObject({
    priceWeight: fraction.default(0.5),
    networkFeePerKwh: nonNegative.default(0),
  }).prefault({}),
  cost: z.strictObject({
    // About the price of EU emission allowances in 2024 and 2025, 60 to 80 EUR per tonne.
    carbonPricePerKg: nonNegative.default(0.075),
    wearPricePerKwh: nonNegative.default(0.01),
    // Households in the EU: about 1.5 to 23 EUR/kWh (CEPA for ACER, 2018).
    lostLoadPricePerKwh: nonNegative.default(10),
    peakPricePerKw: nonNegative.default(0),
    rampPricePerKw: nonNegative.default(0),
  }).prefault({}),
});

/** The reference set-up. */
export const defaultEnvironmentConfig: EnvironmentConfig = environmentConfigSchema.parse({});
