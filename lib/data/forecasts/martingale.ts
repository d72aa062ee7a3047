/**
 * Errors that evolve as those of real forecasts do: for each target slot the error is a sum of
 * innovations, revealed one by one as the slot comes nearer and correlated over target slots. So
 * successive issues converge to the truth, and averaging old ones gains nothing: what is known only
 * later is noise to them.
 *
 * Innovations are those of a stationary first-order autoregression X with variance 1 and correlation φ
 * from slot to slot. What is known of X(t) in slot s is φ^(t − s)·X(s), and the relative error of a
 * forecast made in s for t is the rest,
 *
 *     e(s, t) = σ·(X(t) − φ^(t − s)·X(s)),    Var e = σ²·(1 − φ^(2(t − s))),
 *
 * that is, 0 for the slot itself and σ for one far ahead. A forecast is truth × max(0, 1 + e).
 *
 * Source: D. C. Heath and P. L. Jackson, Modeling the evolution of demand forecasts with application to
 * safety stock analysis in production/distribution systems, IIE Transactions 26(3), 1994.
 *
 * @module
 */

import { exp, log } from "../../arithmetic.ts";
import { stream } from "../../random.ts";
import type { ForecastConfig } from "./config.ts";

/** Errors of all series. */
export interface ErrorProcess {
  /**
   * Writes the relative errors of a series' forecast, by lead.
   *
   * @param offset Where the series begins, see {@linkcode ErrorProcess.offsetOf}.
   * @param issueSlot Slot in which the forecast is made.
   */
  write(offset: number, issueSlot: number, leads: number, errors: Float64Array): void;
  /** The relative error of the forecast made in `issueSlot` for the slot `lead` ahead. */
  at(offset: number, issueSlot: number, lead: number): number;
  /** Where the path of a series begins under a seed. */
  offsetOf(seed: number, series: number): number;
}

/** Paths begin within so many slots of one long path; a power of two. */
const BEGINNINGS = 1 << 16;

/** Prepares errors over `slots` slots. */
export function errorProcess(
  { error: sigma, correlationPerHour, currentSlot }: ForecastConfig,
  dtHours: number,
  slots: number,
): ErrorProcess {
  const correlation = exp(dtHours * log(correlationPerHour));
  // Where even the current slot is a forecast, it was made in the slot before.
  const late = currentSlot === "measured" ? 0 : 1;
  const path = autoregression(BEGINNINGS + slots + late, correlation);
  const known = new Float64Array(slots + late + 1).fill(1);
  for (let lead = 1; lead < known.length; lead++) known[lead] = known[lead - 1] * correlation;
  const errorAt = (offset: number, issueSlot: number, lead: number) => {
    const now = offset + issueSlot;
    return sigma * (path[now + late + lead] - known[lead + late] * path[now]);
  };
  return {
    at: errorAt,
    write(offset, issueSlot, leads, errors) {
      for (let lead = 0; lead < leads; lead++) errors[lead] = errorAt(offset, issueSlot, lead);
    },
    offsetOf(seed, series) {
      // Mixes both with the finaliser of MurmurHash3 (A. Appleby, public domain).
      let hash = Math.imul(seed, 0x9e3779b1) ^ Math.imul(series + 2, 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      return (hash ^ (hash >>> 16)) & (BEGINNINGS - 1);
    },
  };
}

/** The path made last: environments by the thousand err alike. */
let latest: { readonly correlation: number; readonly path: Float64Array } = {
  correlation: NaN,
  path: new Float64Array(),
};

/** The first `length` values of the one first-order autoregression with variance 1. */
export function autoregression(length: number, correlation: number): Float64Array {
  if (correlation !== latest.correlation || length > latest.path.length) {
    latest = { correlation, path: drawPath(length, correlation) };
  }
  return latest.path.subarray(0, length);
}

function drawPath(length: number, correlation: number): Float64Array {
  const random = stream(0, "forecast", "path");
  const innovation = Math.sqrt(1 - correlation * correlation);
  const path = new Float64Array(length);
  path[0] = random.normal();
  for (let t = 1; t < length; t++) {
    path[t] = correlation * path[t - 1] + innovation * random.normal();
  }
  return path;
}
