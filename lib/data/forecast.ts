/**
 * Noisy forecasts of load and PV.
 *
 * A forecast made in slot *s* for slot *t* is `truth(t) × max(0, 1 + error·g(lead)·ε(s, t))`:
 *
 * - ε(s, ·) is a standard normal AR(1) process over target slots, drawn afresh for every slot of
 *   issue, so that two successive forecasts cannot be solved for the truth;
 * - g rises from 0 for a measured current slot to 1 as 1 − e^(−lead / 3 h);
 * - load errs for every prosumer by itself; PV errs alike for all, who read one weather forecast.
 *
 * Errors are a pure function of seed, series, slot of issue and lead. All policies, in whatever
 * order and batch they run, therefore see the same forecasts.
 *
 * @module
 */

import { type Stream, stream } from "../random.ts";

/** How forecasts err. */
export interface ForecastConfig {
  /** Standard deviation of the relative error at long lead; 0 forecasts the truth. */
  readonly error: number;
  /** Correlation of the error between target slots one hour apart, in [0, 1). */
  readonly correlationPerHour: number;
  /** Whether the current slot is measured or is itself a forecast, the harder option. */
  readonly currentSlot: "measured" | "forecast";
}

/** Series number of the weather, whose errors all PV shares; loads count from 0. */
export const WEATHER_SERIES: number = -1;

const RISE_HOURS = 3;
/** A long AR(1) path of which every forecast reads a window; a power of two. */
const PATH_LENGTH = 1 << 16;

/** Source of forecast errors. */
export interface Forecaster {
  /** error·g(lead), by lead in slots. */
  readonly gain: Float64Array;
  /** The AR(1) path; window `[offset, offset + horizon)` is ε(s, ·). */
  readonly path: Float64Array;
}

/**
 * Prepares forecasts up to `horizonSlots` ahead.
 *
 * @example
 * ```ts
 * import { createForecaster, forecastFactor } from "./forecast.ts";
 * const config = { error: 0.2, correlationPerHour: 0.8, currentSlot: "measured" } as const;
 * const forecaster = createForecaster(config, 1, 24);
 * const now = forecastFactor(forecaster, 7, 0, 100, 0);
 * if (now !== 1) throw new Error("the current slot is measured");
 * ```
 */
export function createForecaster(
  config: ForecastConfig,
  dtHours: number,
  horizonSlots: number,
): Forecaster {
  const measured = config.currentSlot === "measured" ? 0 : 1;
  const gain = Float64Array.from({ length: horizonSlots }, (_, lead) => {
    return config.error * -Math.expm1((-(lead + measured) * dtHours) / RISE_HOURS);
  });
  const correlation = config.correlationPerHour ** dtHours;
  return { gain, path: autoregressivePath(PATH_LENGTH + horizonSlots, correlation) };
}

/** Forecast ÷ truth of a series, made in slot `issueSlot` for `lead` slots later. */
export function forecastFactor(
  forecaster: Forecaster,
  seed: number,
  series: number,
  issueSlot: number,
  lead: number,
): number {
  const offset = errorOffset(seed, series, issueSlot);
  return Math.max(0, 1 + forecaster.gain[lead] * forecaster.path[offset + lead]);
}

/** Where in the path the errors of one series and slot of issue begin. */
export function errorOffset(seed: number, series: number, issueSlot: number): number {
  // Mixes the three numbers with the finaliser of MurmurHash3 (A. Appleby, public domain).
  let hash = Math.imul(seed, 0x9e3779b1) ^ Math.imul(series + 2, 0x85ebca6b) ^
    Math.imul(issueSlot + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (PATH_LENGTH - 1);
}

function autoregressivePath(length: number, correlation: number): Float64Array {
  const random: Stream = stream(0, "forecast", "path");
  const innovation = Math.sqrt(1 - correlation * correlation);
  const path = new Float64Array(length);
  path[0] = random.normal();
  for (let t = 1; t < length; t++) {
    path[t] = correlation * path[t - 1] + innovation * random.normal();
  }
  return path;
}
