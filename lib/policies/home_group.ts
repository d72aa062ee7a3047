/**
 * Homes that reckon as one on the sum of their forecasts: all of a community, or each by itself.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import type { ForecastErrors } from "./forecast_errors.ts";
import type { Outlook } from "./outlook.ts";

/** Cells of the room of their stores: steps of a value curve, of which the market takes 41. */
export const CELLS = 40;

/** Homes that reckon as one, and their stores. */
export interface Group {
  readonly firstHome: number;
  readonly endHome: number;
  readonly firstStore: number;
  readonly endStore: number;
}

/** All homes together, or each by itself. */
export function groupsOf(world: World, alone: boolean): readonly Group[] {
  const { homes } = world;
  return alone
    ? Array.from({ length: homes }, (_, i) => homeGroup(world, i, i + 1))
    : [homeGroup(world, 0, homes)];
}

/** Homes from one up to another (exclusive). */
export function homeGroup({ firstStore }: World, firstHome: number, endHome: number): Group {
  return {
    firstHome,
    endHome,
    firstStore: firstStore[firstHome],
    endStore: firstStore[endHome],
  };
}

/** Classes of tariffs of a group's homes. */
export function classesOf({ tariffs }: World, { firstHome, endHome }: Group): Iterable<number> {
  return new Set(tariffs.classOf.subarray(firstHome, endHome));
}

/** Forecast of a group's net load, and how far it may err: sun for all alike, loads not. */
export function netLoad(
  { config, homes, dataset }: World,
  outlook: Outlook,
  { firstHome, endHome }: Group,
  lead: number,
  noise: boolean | ForecastErrors,
) {
  const { dtHours } = dataset.profiles.grid;
  const { error } = config.forecast;
  let load = 0, sun = 0, squares = 0;
  for (let i = lead * homes + firstHome; i < lead * homes + endHome; i++) {
    load += outlook.loadKw[i];
    sun += outlook.pvKw[i];
    squares += outlook.loadKw[i] ** 2;
  }
  const [sunKw, loadKw] = typeof noise === "boolean"
    ? [error * sun, error * Math.sqrt(squares)]
    : [noise.sunShare * sun, noise.loadKw * Math.sqrt(endHome - firstHome)];
  return {
    netKwh: (load - sun) * dtHours,
    deviationKwh: noise === false ? 0 : dtHours * Math.hypot(sunKw, loadKw),
  };
}
