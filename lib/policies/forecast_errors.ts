/**
 * How far forecasts erred in weeks that are past: what a policy learns from data that the rules of the
 * game do not tell.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import { HOURS_PER_DAY } from "../units.ts";

/** Errors over the day ahead. */
export interface ForecastErrors {
  /** Standard deviation of a home's load, mean over homes in the square. [kW] */
  readonly loadKw: number;
  /** Standard deviation of all homes' sun together, as a share of what was forecast. */
  readonly sunShare: number;
}

/** Forecasts that are looked at; more change little. */
const ISSUES = 128;

/** Seed of the forecasts that are looked at, whatever an environment plays just now. */
const SEED = 0;

/**
 * Measures forecasts against what came, at moments spread evenly over episodes.
 *
 * @param firstSlots First slots of the episodes.
 */
export function measureForecastErrors(
  { forecaster, loads, homes, dataset: { profiles: { grid } }, slotsPerEpisode }: World,
  firstSlots: readonly number[],
): ForecastErrors {
  const leads = Math.min(slotsPerEpisode, Math.round(HOURS_PER_DAY / grid.dtHours));
  const loadKw = new Float64Array(leads), pvKw = new Float64Array(leads);
  const sunError = new Float64Array(leads), sun = new Float64Array(leads);
  let loadSquares = 0, count = 0, sunSquares = 0, sunErrors = 0;
  for (let k = 0; k < ISSUES; k++) {
    const at = k / ISSUES * firstSlots.length, episode = Math.floor(at);
    const step = Math.floor((at - episode) * (slotsPerEpisode - leads + 1));
    const slot = firstSlots[episode] + step;
    sunError.fill(0);
    sun.fill(0);
    for (let home = 0; home < homes; home++) {
      forecaster.write(SEED, home, slot, leads, loadKw, pvKw);
      for (let lead = 1; lead < leads; lead++) {
        const cell = (slot + lead) * homes + home;
        loadSquares += (loadKw[lead] - loads.loadKw[cell]) ** 2;
        count++;
        sunError[lead] += pvKw[lead] - loads.pvKw[cell];
        sun[lead] += pvKw[lead];
      }
    }
    for (let lead = 1; lead < leads; lead++) {
      sunErrors += sunError[lead] ** 2;
      sunSquares += sun[lead] ** 2;
    }
  }
  return {
    loadKw: count > 0 ? Math.sqrt(loadSquares / count) : 0,
    sunShare: sunSquares > 0 ? Math.sqrt(sunErrors / sunSquares) : 0,
  };
}
