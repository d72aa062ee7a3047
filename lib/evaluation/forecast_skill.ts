/**
 * How good the forecasts are that agents, rules and planners read: the mean absolute error by lead, of
 * a home and of the community, beside two that anybody can make without a model,
 *
 *     now:        load and sun stay as they were last known
 *     yesterday:  they are what they were a day before (two days, where that is not known yet)
 *
 * over all slots of the episodes in which such a forecast could be made and looked up afterwards. For
 * a home it is the mean over homes; for the community the error of the sum.
 *
 * @module
 */

import { createForecaster } from "../data/forecasts/create.ts";
import { loadsBySlot } from "../data/loads_by_slot.ts";
import { slotsPerDay } from "../units.ts";
import type { PlayOptions } from "./records.ts";

/** Leads that are looked at. [h] */
export const SKILL_LEADS_HOURS: readonly number[] = [1, 2, 4, 8, 12, 24];

/** Errors at one lead, a row of `forecast_skill.csv`. */
export interface ForecastSkill {
  /** What is forecast. */
  readonly series: "load" | "sun";
  /** Whose. */
  readonly scope: "home" | "community";
  /** From the slot in which the forecast is made to its target. [h] */
  readonly leadHours: number;
  /** Mean absolute error of the forecast. [kW] */
  readonly forecastMaeKw: number;
  /** That of the load or sun known last. [kW] */
  readonly nowMaeKw: number;
  /** That of the day before. [kW] */
  readonly yesterdayMaeKw: number;
}

/** Who forecasts. */
const SOURCES = ["forecast", "now", "yesterday"] as const;

/**
 * Errors of the forecasts of these episodes.
 *
 * @example With forecasts that do not err, nothing is missed
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { environmentConfigSchema } from "../env/config.ts";
 * import { forecastSkill } from "./forecast_skill.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 7, dtHours: 1 });
 * const config = environmentConfigSchema.parse({ episodeDays: 1, forecast: { error: 0 } });
 * const skill = forecastSkill({ dataset, config, firstSlots: [48], seed: 7 });
 * if (skill.some(({ forecastMaeKw }) => forecastMaeKw !== 0)) throw new Error("the truth");
 * if (!(skill[0].yesterdayMaeKw > 0)) throw new Error("no day is like the one before");
 * ```
 */
export function forecastSkill(
  { dataset: { community, profiles }, config, firstSlots, seed }: PlayOptions,
): ForecastSkill[] {
  const { grid } = profiles;
  const perDay = slotsPerDay(grid.dtHours);
  const homes = community.prosumers.length;
  const loads = loadsBySlot(profiles);
  const leads = SKILL_LEADS_HOURS.map((hours) => Math.round(hours / grid.dtHours));
  const horizon = 1 + Math.max(...leads);
  const forecaster = createForecaster({ loads, homes, grid }, config.forecast, horizon);
  const forecasts = { load: new Float64Array(horizon), sun: new Float64Array(horizon) };
  const truths = { load: loads.loadKw, sun: loads.pvKw } as const;
  // What is known of the slot itself: measured, or the slot before.
  const age = config.forecast.currentSlot === "measured" ? 0 : 1;
  const sums = (["load", "sun"] as const).map((series) => ({
    series,
    leads: leads.map(() => ({
      count: 0,
      home: { forecast: 0, now: 0, yesterday: 0 },
      community: { forecast: 0, now: 0, yesterday: 0 },
    })),
  }));

  for (const first of firstSlots) {
    for (let issue = first; issue < first + config.episodeDays * perDay; issue++) {
      const known = issue - age;
      const most = Math.min(horizon, grid.slots - issue);
      const together = leads.map(() => ({
        load: { forecast: 0, now: 0, yesterday: 0 },
        sun: { forecast: 0, now: 0, yesterday: 0 },
      }));
      const counts = (lead: number) => lead < most && dayBefore(issue + lead, known) >= 0;
      for (let home = 0; home < homes; home++) {
        forecaster.write(seed, home, issue, most, forecasts.load, forecasts.sun);
        for (const { series, leads: rows } of sums) {
          const truth = (slot: number) => truths[series][slot * homes + home];
          leads.forEach((lead, k) => {
            if (!counts(lead)) return;
            const target = issue + lead;
            const errors = {
              forecast: forecasts[series][lead] - truth(target),
              now: truth(known) - truth(target),
              yesterday: truth(dayBefore(target, known)) - truth(target),
            };
            for (const source of SOURCES) {
              rows[k].home[source] += Math.abs(errors[source]) / homes;
              together[k][series][source] += errors[source];
            }
          });
        }
      }
      for (const { series, leads: rows } of sums) {
        leads.forEach((lead, k) => {
          if (!counts(lead)) return;
          rows[k].count++;
          for (const source of SOURCES) {
            rows[k].community[source] += Math.abs(together[k][series][source]);
          }
        });
      }
    }
  }
  return sums.flatMap(({ series, leads: rows }) =>
    (["home", "community"] as const).flatMap((scope) =>
      rows.flatMap(({ count, ...row }, k) =>
        count === 0 ? [] : [{
          series,
          scope,
          leadHours: SKILL_LEADS_HOURS[k],
          forecastMaeKw: row[scope].forecast / count,
          nowMaeKw: row[scope].now / count,
          yesterdayMaeKw: row[scope].yesterday / count,
        }]
      )
    )
  );

  function dayBefore(target: number, known: number): number {
    const slot = target - perDay;
    return slot <= known ? slot : slot - perDay;
  }
}
