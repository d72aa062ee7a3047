/**
 * Model-predictive control: in every slot, plan ahead on the forecasts that the agents see, do the
 * first step, and plan anew.
 *
 * Tariffs, carbon intensity and connection limits are taken as announced; loads and sun as forecast,
 * the current slot as measured where the configuration says so; departures as far as they are announced,
 * and beyond that what cars and heat pumps did before. What is stored at the end of a plan
 * is worth what the end of an episode would be worth there. With perfect forecasts and a horizon to
 * the end of the episode it reaches the optimum. Each plan starts to be solved where the one before
 * ended ({@link ./warm_start.ts}).
 *
 * | policy | plans |
 * | --- | --- |
 * | `mpc` | the community as a whole: one controller that knows every store |
 * | `mpc-local` | each home by itself, as if it could only deal with the grid, without knowing the others or the limits of the common connection; it still plays in the market |
 * | `mpc-scenarios` | the community as a whole, for the mean of several scenarios: the only one that reckons with errors of forecasts ({@link ./scenarios.ts}) |
 *
 * Where a plan takes longer than it may, the last one goes on, and how often that was is told at the end
 * of the episode; the first of an episode takes its time.
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";
import { forecastOutlook, type Outlook } from "./outlook.ts";
import { makeScenarioPlans, type Plan } from "./plan.ts";
import { decidePlan } from "./planned_curves.ts";
import { createPlanner } from "./planner.ts";
import type { Policy } from "./policy.ts";
import { scenarioOutlooks } from "./scenarios.ts";
import type { Solver } from "./solver.ts";

/** How far and how widely the controller looks. */
export interface MpcOptions {
  /** Whether it plans for all homes together, as it does if this is left out. */
  readonly central?: boolean;
  /** Slots that are planned, the current one included; two days if left out, with scenarios one. */
  readonly horizonSlots?: number;
  /** Scenarios that it plans for; the forecast alone if left out. */
  readonly scenarios?: number;
  /** Longest time for one plan of a community; {@linkcode SECONDS_AT_MOST} if left out. [s] */
  readonly secondsAtMost?: number;
  /** Told at the end of episodes how many plans ran out of time; nobody if left out. */
  readonly warn?: (message: string) => void;
}

/** Longest time for a plan, far more than one takes: results do not depend on it. [s] */
export const SECONDS_AT_MOST = 30;

/**
 * A model-predictive controller.
 *
 * @throws {RangeError} If `horizonSlots` or `scenarios` is not a whole number of at least 1, or
 * `secondsAtMost` is not positive.
 */
export function mpcPolicy(
  solver: Solver,
  { central = true, horizonSlots, scenarios, secondsAtMost = SECONDS_AT_MOST, warn }: MpcOptions =
    {},
): Policy {
  requireWhole("horizonSlots", horizonSlots === Infinity ? 1 : horizonSlots);
  requireWhole("scenarios", scenarios);
  if (!(secondsAtMost > 0)) {
    throw new RangeError(`secondsAtMost must be positive, got ${secondsAtMost}`);
  }
  const name = scenarios !== undefined ? "mpc-scenarios" : central ? "mpc" : "mpc-local";
  return {
    name,
    observes: false,
    begin({ world, communities, slotsPerEpisode }) {
      const { dtHours } = world.dataset.profiles.grid;
      const days = scenarios === undefined ? 2 : 1;
      const horizon = horizonSlots ?? Math.round(days * HOURS_PER_DAY / dtHours);
      const planner = createPlanner(world, { trades: central, community: central });
      const kept: { plan: Plan; outlook: Outlook; slot: number }[] = [];
      let late = 0;
      return async (_observation, decision) => {
        const slots = Math.min(horizon, slotsPerEpisode - world.state.step);
        const sets = Array.from(
          { length: communities },
          (_, c) =>
            scenarios === undefined
              ? [forecastOutlook(world, c, slots)]
              : scenarioOutlooks(world, c, slots, scenarios),
        );
        // Without a last plan that could go on, this one takes its time.
        const canGoOn = kept.length > 0 &&
          kept.every(({ outlook, slot }) => slot + 1 < outlook.slots);
        const made = await makeScenarioPlans(planner, sets, solver, {
          before: kept.map(({ plan }) => plan),
          ...(canGoOn && { secondsAtMost }),
        });
        made.forEach((plan, c) => {
          if (plan === null) {
            kept[c].slot++;
            late++;
          } else kept[c] = { plan, outlook: sets[c][0], slot: 0 };
          decidePlan(world, decision, c, kept[c].plan, kept[c].slot, kept[c].outlook);
        });
        if (late === 0 || world.state.step < slotsPerEpisode - 1) return;
        warn?.(
          `warning: ${name} ran out of its ${secondsAtMost} s in ${late} of ` +
            `${communities * slotsPerEpisode} plans; the last plan went on there`,
        );
        late = 0;
      };
    },
  };
}

function requireWhole(what: string, value: number | undefined): void {
  if (value === undefined || (value >= 1 && value % 1 === 0)) return;
  throw new RangeError(`${what} must be a whole number of at least 1, got ${value}`);
}
