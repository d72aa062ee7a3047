/**
 * The forecaster of a data set, by its configuration.
 *
 * | model | load | sun |
 * | --- | --- | --- |
 * | `historical` | {@link ./historical.ts}: the past alone | truth with an evolving error |
 * | `martingale` | truth with an evolving error of each home | the same |
 * | `independent` | {@link ./independent.ts}: truth with an error drawn afresh at every issue | the same |
 *
 * Evolving errors are those of {@link ./martingale.ts}. The sun's is one of the weather, common to
 * all, and a small one of each home: 90 and 10 % of the variance. An error of 0 is the truth, in
 * every model.
 *
 * @module
 */

import type { LoadsBySlot } from "../loads_by_slot.ts";
import type { TimeGrid } from "../../units.ts";
import type { ForecastConfig } from "./config.ts";
import type { Forecaster } from "./forecaster.ts";
import { historicalForecaster } from "./historical.ts";
import { independentForecaster } from "./independent.ts";
import { errorProcess } from "./martingale.ts";

/** What forecasts are made of. */
export interface ForecastSource {
  /** Load and sun by slot. `[slots × homes]` */
  readonly loads: LoadsBySlot;
  /** Number of homes. */
  readonly homes: number;
  /** The slots. */
  readonly grid: TimeGrid;
}

/** Series of errors: the weather's, then each home's sun and load. */
const WEATHER_SERIES = -1;
const WEATHER_SHARE = Math.sqrt(0.9), OWN_SHARE = Math.sqrt(0.1);

/**
 * Prepares forecasts up to `horizonSlots` ahead, the current slot included.
 *
 * @example The current slot is measured
 * ```ts
 * import { createForecaster } from "./create.ts";
 * import { forecastConfigSchema } from "./config.ts";
 * const loads = { loadKw: Float64Array.of(1, 2, 3), pvKw: Float64Array.of(0, 1, 0) };
 * const grid = { startMs: 0, utcOffsetMinutes: 0, dtHours: 1, slots: 3 };
 * const source = { loads, homes: 1, grid };
 * const forecaster = createForecaster(source, forecastConfigSchema.parse(undefined), 2);
 * const loadKw = new Float64Array(2), pvKw = new Float64Array(2);
 * forecaster.write(7, 0, 1, 2, loadKw, pvKw);
 * if (loadKw[0] !== 2 || pvKw[0] !== 1) throw new Error("measured");
 * ```
 */
export function createForecaster(
  { loads, homes, grid }: ForecastSource,
  config: ForecastConfig,
  horizonSlots: number,
): Forecaster {
  if (config.model === "independent") {
    return independentForecaster(loads, homes, config, grid.dtHours, horizonSlots);
  }
  const { loadKw: truth, pvKw: sun } = loads;
  const errors = errorProcess(config, grid.dtHours, grid.slots);
  const past = config.model === "historical" && config.error > 0
    ? historicalForecaster(truth, homes, grid, config.currentSlot === "measured")
    : null;
  const weather = new Float64Array(horizonSlots);
  // All homes read one forecast of the weather.
  let readSeed = NaN, readSlot = NaN, readLeads = 0;

  function readWeather(seed: number, issueSlot: number, leads: number): void {
    if (seed === readSeed && issueSlot === readSlot && leads <= readLeads) return;
    errors.write(errors.offsetOf(seed, WEATHER_SERIES), issueSlot, leads, weather);
    [readSeed, readSlot, readLeads] = [seed, issueSlot, leads];
  }

  return {
    write(seed, home, issueSlot, leads, loadKw, pvKw, at = 0) {
      readWeather(seed, issueSlot, leads);
      const series = errors.offsetOf(seed, 2 * home);
      for (let lead = 0, k = issueSlot * homes + home; lead < leads; lead++, k += homes) {
        if (!(sun[k] > 0)) {
          pvKw[at + lead] = 0;
          continue;
        }
        const own = OWN_SHARE * errors.at(series, issueSlot, lead);
        const share = 1 + WEATHER_SHARE * weather[lead] + own;
        pvKw[at + lead] = share > 0 ? sun[k] * share : 0;
      }
      if (past !== null) return past.write(home, issueSlot, leads, loadKw, at);
      const ofLoad = errors.offsetOf(seed, 2 * home + 1);
      for (let lead = 0, k = issueSlot * homes + home; lead < leads; lead++, k += homes) {
        loadKw[at + lead] = truth[k] * Math.max(0, 1 + errors.at(ofLoad, issueSlot, lead));
      }
    },
  };
}
