/**
 * How far forecasts erred in weeks that are past: what a policy learns from data that the rules of the
 * game do not tell.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import { HOURS_PER_DAY, slotsPerDay } from "../units.ts";

/** Errors over the day ahead. */
export interface ForecastErrors {
  /** Standard deviation of a home's load, mean over homes in the square. [kW] */
  readonly loadKw: number;
  /** Standard deviation of all homes' sun together, as a share of what was forecast. */
  readonly sunShare: number;
}

/** How far back a policy looks that is calibrated when an episode begins. [d] */
const PAST_DAYS = 28;

/** Forecasts that are looked at; more change little. */
const ISSUES = 128;

/** Seed of the forecasts that are looked at, whatever an environment plays just now. */
const SEED = 0;

/**
 * Measures forecasts against what came, at moments spread evenly over episodes.
 *
 * @param firstSlots First slots of the episodes.
 * @param seed Seed of the forecasts; one of its own, whatever an environment plays, if left out.
 */
export function measureForecastErrors(
  { forecaster, loads, homes, dataset: { profiles: { grid } }, slotsPerEpisode }: World,
  firstSlots: readonly number[],
  seed: number = SEED,
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
      forecaster.write(seed, home, slot, leads, loadKw, pvKw);
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

/**
 * The same in the weeks before the episode of community `c`, which are known when it begins; `null`
 * where no stretch as long as an episode lies before it.
 */
export function pastForecastErrors(world: World, c: number): ForecastErrors | null {
  const { state, slotsPerEpisode, dataset: { profiles: { grid } } } = world;
  const firstSlot = state.firstSlot[c];
  const most = Math.max(1, Math.floor(PAST_DAYS * slotsPerDay(grid.dtHours) / slotsPerEpisode));
  const count = Math.min(most, Math.floor(firstSlot / slotsPerEpisode));
  if (count === 0) return null;
  const firstSlots = Array.from({ length: count }, (_, k) => firstSlot - (k + 1) * slotsPerEpisode);
  return measureForecastErrors(world, firstSlots, state.seed);
}
