/**
 * What may come in the place of what is forecast: the forecast of now, with the errors that the forecasts
 * of the latest days turned out to have.
 *
 * For day k back, what was forecast at this time of day is held against what came, home by home and
 * lead by lead; loads are moved by the difference, sun is scaled by the ratio. So scenarios err as far,
 * and alike among homes and hours, as the forecaster at hand does, whichever it is, and read nothing
 * but the past. Where it has not erred, all are the forecast.
 *
 * @module
 */

import type { World } from "../env/world.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { forecastOutlook, type Outlook } from "./outlook.ts";

/** Below this a forecast of sun says nothing about a ratio. [kW] */
const LEAST_SUN_KW = 0.01;

/** The most by which sun is scaled. */
const MOST_SUN_RATIO = 3;

/**
 * Scenarios of community `c`, one for each of the latest days whose forecasts have come true or not by
 * now; the forecast alone where there is no such day yet.
 *
 * @param slots How far they look.
 * @param count The most that are wanted.
 */
export function scenarioOutlooks(
  world: World,
  c: number,
  slots: number,
  count: number,
): readonly Outlook[] {
  const base = forecastOutlook(world, c, slots);
  const perDay = Math.round(HOURS_PER_DAY / world.dataset.profiles.grid.dtHours);
  const issues: number[] = [];
  // The last slot of the latest one is the slot before this.
  for (let back = Math.ceil(slots / perDay) * perDay; issues.length < count; back += perDay) {
    if (back > base.firstSlot) break;
    issues.push(base.firstSlot - back);
  }
  if (issues.length === 0) return [base];
  return issues.map((issue) => withErrorsOf(world, base, issue));
}

/** The forecast, with the errors of the one of slot `issue`. */
function withErrorsOf({ forecaster, state, homes, loads }: World, base: Outlook, issue: number) {
  const { slots } = base;
  const loadKw = base.loadKw.slice(), pvKw = base.pvKw.slice();
  const load = new Float64Array(slots), pv = new Float64Array(slots);
  for (let home = 0; home < homes; home++) {
    forecaster.write(state.seed, home, issue, slots, load, pv);
    for (let t = 0; t < slots; t++) {
      const at = t * homes + home, came = (issue + t) * homes + home;
      loadKw[at] = Math.max(0, loadKw[at] + loads.loadKw[came] - load[t]);
      if (pv[t] >= LEAST_SUN_KW) {
        pvKw[at] *= Math.min(MOST_SUN_RATIO, loads.pvKw[came] / pv[t]);
      }
    }
  }
  return { ...base, loadKw, pvKw };
}
