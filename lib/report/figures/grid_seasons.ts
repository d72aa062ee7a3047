/**
 * What the community takes from the grid and gives to it, season by season.
 *
 * @module
 */

import { byHour } from "../../evaluation/by_hour.ts";
import type { CommunitySlot, Results } from "../../evaluation/results.ts";
import type { Figure } from "../figure.ts";
import { policyStyle } from "../palette.ts";
import { comparedPolicies, type FigureOptions, rounded, slotsOf, SPREAD } from "./common.ts";
import { type Line, lines } from "./lines.ts";

/** Seasons of the north by the months in which they begin: December, March, June, September. */
const SEASONS: readonly Season[] = ["winter", "spring", "summer", "autumn"];

/** A season. */
export type Season = "winter" | "spring" | "summer" | "autumn";

/** The season of a local day such as `2025-06-21`. */
export function seasonOf(day: string): Season {
  return SEASONS[Math.floor(Number(day.slice(5, 7)) % 12 / 3)];
}

/** Net import by time of day, a chart for each season that the results hold. */
export function gridSeasons(results: Results, options: FigureOptions): Figure {
  const policies = comparedPolicies(results, options, ["grid-only", "self-consumption"]);
  const slots = new Map(policies.map((policy) => [policy, slotsOf(results, policy, options)]));
  const held = SEASONS.filter((season) =>
    slots.get(policies[0])!.some(({ day }) => seasonOf(day) === season)
  );
  const within = (policy: string, season: string) =>
    slots.get(policy)!.filter(({ day }) => seasonOf(day) === season);
  const charts = held.map((season) => ({
    title: season,
    lines: policies.map((policy, k) => lineOf(policy, within(policy, season), k === 0)),
  }));
  const values = charts.flatMap(({ lines }) => lines).flatMap(({ points }) =>
    points.flatMap(({ y, low, high }) => [y ?? 0, low ?? 0, high ?? 0])
  );
  const domain = [Math.min(0, ...values), Math.max(0, ...values)] as const;
  const imports = held.map((season) =>
    `${rounded(importPerDay(within(policies[0], season), results))} kWh in ${season}`
  );
  return lines(
    charts.map((chart) => ({
      ...chart,
      y: { label: "net import [kW]", domain },
      rules: [0],
      height: 200,
    })),
    {
      title: `${policies[0]} imports a day ${imports.join(", ")}`,
      subtitle: "Mean over the days of a season by time of day; export is negative.",
      description: "Net import of the community by time of day in a chart per season, a line for " +
        "each policy.",
      x: { kind: "clock", label: "" },
      spread: `${policies[0]}, ${SPREAD}`,
      columns: 2,
    },
  );
}

function lineOf(policy: string, slots: readonly CommunitySlot[], withBand: boolean): Line {
  return {
    label: policy,
    style: policyStyle(policy),
    shape: "step",
    points: byHour(slots, ({ gridKw }) => gridKw).map((hour) => ({
      x: hour.hourOfDay,
      y: hour.mean,
      ...(withBand && { low: hour.lowerQuartile, high: hour.upperQuartile }),
    })),
  };
}

function importPerDay(slots: readonly CommunitySlot[], { dtHours }: Results): number {
  const kwh = slots.reduce((sum, { gridKw }) => sum + Math.max(0, gridKw) * dtHours, 0);
  return kwh / new Set(slots.map(({ day }) => day)).size;
}
