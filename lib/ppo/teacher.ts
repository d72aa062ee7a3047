/**
 * What a policy that needs no training would say where a learner is now: the aim of imitation.
 *
 * @module
 */

import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { numbersOfCurves } from "../policies/curve_numbers.ts";
import { dynamicProgrammingPolicy } from "../policies/dynamic_programming.ts";
import { measureForecastErrors } from "../policies/forecast_errors.ts";

/** Writes the teacher's numbers; NaN where a home has no store to speak of. `[rows × numbers]` */
export type Teach = (numbers: Float64Array) => void;

/**
 * The dynamic programme of every home for itself, which reckons with errors of forecasts as they were
 * in the episodes that are trained on.
 *
 * @param env The environment; the teacher speaks between its slots.
 * @param firstSlots First slots of the episodes.
 */
export function createTeacher(env: EnergyMarketEnv, firstSlots: readonly number[]): Teach {
  const noise = measureForecastErrors(env.world, firstSlots);
  const act = dynamicProgrammingPolicy({ noise }).begin(env);
  if (typeof act !== "function") throw new Error("a teacher has to decide at once");
  return (numbers) => {
    const { decision } = env;
    decision.numbers.fill(NaN);
    act(env.observation, decision);
    numbersOfCurves(env.world, decision);
    numbers.set(decision.numbers);
  };
}
