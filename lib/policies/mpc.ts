/**
 * Model-predictive control: in every slot, plan ahead on the forecasts that the agents see, do the
 * first step, and plan anew.
 *
 * Tariffs, carbon intensity and connection limits are taken as announced; loads and sun as forecast,
 * the current slot as measured where the configuration says so; departures as far as they are announced,
 * and beyond that what cars and heat pumps did before. What is stored at the end of a plan
 * is worth what the end of an episode would be worth there. With perfect forecasts and a horizon to
 * the end of the episode it reaches the optimum.
 *
 * | policy | plans |
 * | --- | --- |
 * | `mpc` | the community as a whole: one controller that knows every store |
 * | `mpc-local` | each home by itself, as if it could only deal with the grid, without knowing the others or the limits of the common connection; it still plays in the market |
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";
import type { Basis } from "./linear_program.ts";
import { forecastOutlook } from "./outlook.ts";
import { makePlans } from "./plan.ts";
import { decidePlan } from "./planned_curves.ts";
import { createPlanner } from "./planner.ts";
import type { Policy } from "./policy.ts";
import type { Solver } from "./solver.ts";

/** How far and how widely the controller looks. */
export interface MpcOptions {
  /** Whether it plans for all homes together, as it does if this is left out. */
  readonly central?: boolean;
  /** Slots that are planned, the current one included; two days if left out. */
  readonly horizonSlots?: number;
}

/** Hours that are planned where nothing else is said. [h] */
const HORIZON_HOURS = 2 * HOURS_PER_DAY;

/**
 * A model-predictive controller.
 *
 * @throws {RangeError} If `horizonSlots` is not a whole number of at least 1.
 */
export function mpcPolicy(
  solver: Solver,
  { central = true, horizonSlots }: MpcOptions = {},
): Policy {
  if (
    horizonSlots !== undefined &&
    (!(horizonSlots >= 1) || (horizonSlots % 1 !== 0 && horizonSlots !== Infinity))
  ) {
    throw new RangeError(`horizonSlots must be a whole number of at least 1, got ${horizonSlots}`);
  }
  return {
    name: central ? "mpc" : "mpc-local",
    begin({ world, communities, slotsPerEpisode }) {
      const { dtHours } = world.dataset.profiles.grid;
      const horizon = horizonSlots ?? Math.round(HORIZON_HOURS / dtHours);
      const planner = createPlanner(world, { trades: central, community: central });
      let starts: readonly Basis[] = [];
      return async (_observation, decision) => {
        const slots = Math.min(horizon, slotsPerEpisode - world.state.step);
        const outlooks = Array.from(
          { length: communities },
          (_, c) => forecastOutlook(world, c, slots),
        );
        const plans = await makePlans(planner, outlooks, solver, starts);
        starts = plans.map(({ nextStart }) => nextStart);
        plans.forEach((plan, c) => decidePlan(world, decision, c, plan, 0, outlooks[c]));
      };
    },
  };
}
