/**
 * The forecaster of a data set, by its configuration.
 *
 * @module
 */

import type { LoadsBySlot } from "../loads_by_slot.ts";
import type { ForecastConfig } from "./config.ts";
import type { Forecaster } from "./forecaster.ts";
import { independentForecaster } from "./independent.ts";

/** What forecasts are made of. */
export interface ForecastSource {
  /** Load and sun by slot. `[slots × homes]` */
  readonly loads: LoadsBySlot;
  /** Number of homes. */
  readonly homes: number;
  /** Length of a slot. [h] */
  readonly dtHours: number;
}

/** Prepares forecasts up to `horizonSlots` ahead, the current slot included. */
export function createForecaster(
  { loads, homes, dtHours }: ForecastSource,
  config: ForecastConfig,
  horizonSlots: number,
): Forecaster {
  return independentForecaster(loads, homes, config, dtHours, horizonSlots);
}
