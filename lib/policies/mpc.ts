/**
 * Model-predictive control: in every slot, plan to the end of the episode on the forecasts that the
 * agents see, do the first step, and plan anew.
 *
 * Tariffs, carbon intensity and connection limits are taken as announced; loads and PV as forecast,
 * the current slot as measured where the configuration says so. With perfect forecasts and a
 * horizon to the end of the episode it reaches the optimum.
 *
 * | policy | plans |
 * | --- | --- |
 * | `mpc` | the community as a whole: one controller that commands every battery |
 * | `mpc-local` | each home by itself, as if it could only deal with the grid, without knowing the others or the limits of the common connection; it still places truthful orders |
 *
 * @module
 */

import { forecastFactor, WEATHER_SERIES } from "../data/forecast.ts";
import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Basis } from "./linear_program.ts";
import { makePlans } from "./plan.ts";
import { createPlanner, type Outlook } from "./planner.ts";
import type { Policy } from "./policy.ts";
import type { Solver } from "./solver.ts";
import { writeTruthfulAction } from "./truthful.ts";

/** How far and how widely the controller looks. */
export interface MpcOptions {
  /** Whether it plans for all homes together, as it does if this is left out. */
  readonly central?: boolean;
  /**
   * Slots that are planned, the current one included; to the end of the episode if left out. The
   * final-energy rule is applied at the end of what is planned.
   */
  readonly horizonSlots?: number;
}

/**
 * A model-predictive controller.
 *
 * @throws {RangeError} If `horizonSlots` is not a whole number of at least 1.
 */
export function mpcPolicy(
  solver: Solver,
  { central = true, horizonSlots = Infinity }: MpcOptions = {},
): Policy {
  if (!(horizonSlots >= 1) || (horizonSlots % 1 !== 0 && horizonSlots !== Infinity)) {
    throw new RangeError(`horizonSlots must be a whole number of at least 1, got ${horizonSlots}`);
  }
  return {
    name: central ? "mpc" : "mpc-local",
    begin(env) {
      const { dataset, config, communities, prosumers, rows } = env;
      const planner = createPlanner(dataset, config, { trades: central, community: central });
      let starts: readonly Basis[] = [];
      return async (observation, actions) => {
        const outlooks = Array.from({ length: communities }, (_, c) => {
          return forecastOutlook(env, c, horizonSlots);
        });
        const plans = await makePlans(planner, outlooks, solver, starts);
        starts = plans.map(({ nextStart }) => nextStart);
        for (let row = 0; row < rows; row++) {
          const c = Math.floor(row / prosumers), i = row % prosumers;
          const { loadKw, pvKw } = outlooks[c];
          const powerKw = plans[c].batteryKw[i];
          const netLoadKw = loadKw[i] - pvKw[i];
          const span = config.batteryAction;
          writeTruthfulAction(actions, row, observation, span, powerKw, netLoadKw, true);
        }
      };
    },
  };
}

/** What community `c` looks forward to: the same forecasts as in the agents' observations. */
function forecastOutlook(env: EnergyMarketEnv, c: number, horizonSlots: number): Outlook {
  const { dataset: { profiles }, prosumers, state, observer: { forecaster } } = env;
  const slots = Math.min(horizonSlots, env.slotsPerEpisode - state.step);
  const firstSlot = state.firstSlot[c] + state.step;
  const loadKw = new Float64Array(slots * prosumers), pvKw = new Float64Array(slots * prosumers);
  for (let lead = 0; lead < slots; lead++) {
    const factor = (series: number) =>
      forecastFactor(forecaster, state.seed, series, firstSlot, lead);
    const weather = factor(WEATHER_SERIES);
    for (let i = 0; i < prosumers; i++) {
      const slot = i * profiles.grid.slots + firstSlot + lead;
      loadKw[lead * prosumers + i] = profiles.loadKw[slot] * factor(i);
      pvKw[lead * prosumers + i] = profiles.pvKw[slot] * weather;
    }
  }
  const rows = (values: Float64Array) => values.subarray(c * prosumers, (c + 1) * prosumers);
  return {
    firstSlot,
    slots,
    loadKw,
    pvKw,
    energyKwh: rows(state.energyKwh),
    capacityKwh: rows(state.capacityKwh),
    initialEnergyKwh: rows(state.initialEnergyKwh),
    finalPricePerKwh: state.highestImportPricePerKwh[c],
    peakKw: state.peakKw[c],
    lastNetKw: state.step === 0 ? null : state.lastNetKw[c],
  };
}
