/**
 * Forecasts with errors drawn afresh at every issue, as the first edition had them; kept for comparison.
 * (Averaging old issues removes such errors, which no real forecast allows.)
 *
 * A forecast made in slot *s* for slot *t* is `truth(t) × max(0, 1 + error·g(lead)·ε(s, t))`:
 *
 * - ε(s, ·) is a standard normal AR(1) process over target slots, drawn afresh for every slot of
 *   issue, so that two successive forecasts cannot be solved for the truth;
 * - g rises from 0 for a measured current slot to 1 as 1 − e^(−lead / 3 h);
 * - load errs for every home by itself; sun errs alike for all, who read one weather forecast.
 *
 * Errors are a pure function of seed, series, slot of issue and lead. All policies, in whatever
 * order and batch they run, therefore see the same forecasts.
 *
 * @module
 */

import { exp, expm1, log } from "../../arithmetic.ts";
import type { LoadsBySlot } from "../loads_by_slot.ts";
import type { ForecastConfig } from "./config.ts";
import type { Forecaster } from "./forecaster.ts";
import { autoregression } from "./martingale.ts";

/** Series number of the weather, whose errors all sun shares; loads count from 0. */
const WEATHER_SERIES = -1;

const RISE_HOURS = 3;
/** A long AR(1) path of which every forecast reads a window; a power of two. */
const PATH_LENGTH = 1 << 16;

/**
 * Prepares forecasts up to `horizonSlots` ahead.
 *
 * @param loads Load and sun by slot. `[slots × homes]`
 */
export function independentForecaster(
  { loadKw: loads, pvKw: pvs }: LoadsBySlot,
  homes: number,
  config: ForecastConfig,
  dtHours: number,
  horizonSlots: number,
): Forecaster {
  const measured = config.currentSlot === "measured" ? 0 : 1;
  const gain = Float64Array.from({ length: horizonSlots }, (_, lead) => {
    return config.error * -expm1((-(lead + measured) * dtHours) / RISE_HOURS);
  });
  const path = autoregression(
    PATH_LENGTH + horizonSlots,
    exp(dtHours * log(config.correlationPerHour)),
  );
  return {
    write(seed, home, issueSlot, leads, loadKw, pvKw, at = 0) {
      const own = errorOffset(seed, home, issueSlot);
      const weather = errorOffset(seed, WEATHER_SERIES, issueSlot);
      let cell = issueSlot * homes + home;
      for (let lead = 0; lead < leads; lead++, cell += homes) {
        loadKw[at + lead] = loads[cell] * factor(gain[lead], path[own + lead]);
        pvKw[at + lead] = pvs[cell] * factor(gain[lead], path[weather + lead]);
      }
    },
  };
}

/** Forecast ÷ truth. */
function factor(gain: number, error: number): number {
  return Math.max(0, 1 + gain * error);
}

/** Where in the path the errors of one series and slot of issue begin. */
function errorOffset(seed: number, series: number, issueSlot: number): number {
  // Mixes the three numbers with the finaliser of MurmurHash3 (A. Appleby, public domain).
  let hash = Math.imul(seed, 0x9e3779b1) ^ Math.imul(series + 2, 0x85ebca6b) ^
    Math.imul(issueSlot + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (PATH_LENGTH - 1);
}
