/**
 * What a policy that needs no training would say where a learner is now: the aim of imitation.
 *
 * @module
 */

import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import { numbersOfCurves } from "../policies/curve_numbers.ts";
import { dynamicProgrammingPolicy } from "../policies/dynamic_programming.ts";
import { measureForecastErrors } from "../policies/forecast_errors.ts";

/** What a teacher says, which it overwrites when it is asked again. */
export interface Lesson {
  /** Its numbers, NaN where a home has no store to speak of. `[homes × numbers]` */
  readonly numbers: Float64Array;
  /** How much each of them counts. `[homes × numbers]` */
  readonly weights: Float64Array;
}

/** Asks the teacher. */
export type Teach = () => Lesson;

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
  const { decision, world } = env;
  const numbers = new Float64Array(decision.numbers.length);
  const weights = new Float64Array(decision.numbers.length).fill(1);
  return () => {
    decision.numbers.fill(NaN);
    act(env.observation, decision);
    numbersOfCurves(world, decision, weights);
    numbers.set(decision.numbers);
    return { numbers, weights };
  };
}
