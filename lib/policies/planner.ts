/**
 * What plans are made from: a community with its linear batteries, and what is known, or thought to
 * be, of the slots to come.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { slotBatteries } from "../env/state.ts";
import { linearBatteries, type LinearBattery } from "./linear_battery.ts";

/** What a planner takes into account. */
export interface PlanScope {
  /** Whether homes trade. */
  readonly trades: boolean;
  /** Whether it knows what concerns all homes together: connection limits, peaks and ramps. */
  readonly community: boolean;
}

/** A community, its rules, and what is taken into account of them. */
export interface Planner {
  /** Community and profiles; of these only tariffs, carbon intensity and limits are read. */
  readonly dataset: Dataset;
  /** Rules of the game. */
  readonly config: EnvironmentConfig;
  /** What is taken into account. */
  readonly scope: PlanScope;
  /** The batteries. */
  readonly batteries: readonly LinearBattery[];
}

/** What is known, or thought to be, when a plan is made. */
export interface Outlook {
  /** First planned slot in the data set. */
  readonly firstSlot: number;
  /** Planned slots. */
  readonly slots: number;
  /** Load to come. `[slots × prosumers]` [kW] */
  readonly loadKw: Float64Array;
  /** Available PV to come. `[slots × prosumers]` [kW] */
  readonly pvKw: Float64Array;
  /** Stored energy. `[prosumers]` [kWh] */
  readonly energyKwh: Float64Array;
  /** Capacity after fading. `[prosumers]` [kWh] */
  readonly capacityKwh: Float64Array;
  /** Stored energy up to which the end of the plan is charged. `[prosumers]` [kWh] */
  readonly initialEnergyKwh: Float64Array;
  /** What each kWh less than that costs. [currency/kWh] */
  readonly finalPricePerKwh: number;
  /** Highest net import of the episode so far. [kW] */
  readonly peakKw: number;
  /** Net import of the slot before; `null` at the start of an episode. [kW] */
  readonly lastNetKw: number | null;
}

/** Prepares planning. */
export function createPlanner(
  dataset: Dataset,
  config: EnvironmentConfig,
  scope: PlanScope,
): Planner {
  return { dataset, config, scope, batteries: linearBatteries(slotBatteries(dataset)) };
}
