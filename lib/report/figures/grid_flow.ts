/**
 * What the community takes from the grid and gives to it.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { byHour, type HourStatistics } from "../../evaluation/by_hour.ts";
import type { Results } from "../../evaluation/results.ts";
import type { Figure } from "../figure.ts";
import { policyStyle } from "../palette.ts";
import {
  BAND,
  bandLegend,
  CLOCK_AXIS,
  comparedPolicies,
  daysInWords,
  daysShown,
  type FigureOptions,
  MARGINS,
  percent,
  rounded,
  slotsOf,
  steps,
  stroke,
  VALUE_AXIS,
} from "./common.ts";

interface Flow {
  readonly policy: string;
  readonly hours: readonly HourStatistics[];
  /** When the mean day peaks. */
  readonly peak: HourStatistics;
  /** Highest import of a day, mean over days; 0 where it only exports. [kW] */
  readonly dailyPeakKw: number;
  /** Highest import of all. [kW] */
  readonly highestKw: number;
}

/**
 * Net import by time of day, and the daily peak of each policy.
 *
 * @example
 * ```ts
 * import { gridFlow } from "./grid_flow.ts";
 * const slots = [["learned", 3], ["grid-only", 6]].map(([policy, gridKw]) => ({
 *   policy: String(policy),
 *   day: "2025-06-01",
 *   hourOfDay: 18,
 *   gridKw: Number(gridKw),
 *   volumeKwh: 0,
 *   clearingPricePerKwh: null,
 *   importPricePerKwh: 0.3,
 *   feedInTariffPerKwh: 0.1,
 *   ceilingPerKwh: 0.3,
 *   socFraction: null,
 *   cost: 0,
 * }));
 * const policies = slots.map(({ policy }) => policy);
 * const results = { currency: "EUR", policies, days: ["2025-06-01"], dtHours: 1, slots };
 * const { title } = gridFlow(results, { currency: "EUR" });
 * if (!title.startsWith("learned lowers the peak by 50 %")) throw new Error(title);
 * ```
 */
export function gridFlow(results: Results, options: FigureOptions): Figure {
  const flows = comparedPolicies(results, options, ["grid-only", "self-consumption"])
    .map((policy) => flowOf(results, policy, options));
  const [focus] = flows;
  const days = daysShown(results, options).length;
  const step = { x: "hourOfDay", curve: "step-after" } as const;
  const focusStyle = policyStyle(focus.policy);
  return {
    title: finding(flows, days === 1 ? "peak" : "mean daily peak"),
    subtitle: `${daysInWords(results, options)}; ${
      days === 1 ? "" : "mean over days, "
    }dots at the peaks.`,
    description: "Net import of the community by time of day, negative where it exports, as a " +
      "line for each policy with its peak.",
    legend: [
      ...flows.map(({ policy, highestKw }) => ({
        label: `${policy} (highest import ${rounded(highestKw)} kW)`,
        symbol: "line" as const,
        style: policyStyle(policy),
      })),
      ...bandLegend(results, options, focusStyle),
    ],
    panels: [{
      height: 340,
      options: {
        ...MARGINS,
        x: CLOCK_AXIS,
        y: { ...VALUE_AXIS, label: "net import (negative: export) [kW]", nice: true },
        marks: [
          Plot.ruleY([0]),
          Plot.areaY(steps(focus.hours, results.dtHours), {
            ...BAND,
            ...step,
            fill: focusStyle.colour,
          }),
          ...flows.toReversed().flatMap(({ policy, hours, peak }) => [
            Plot.lineY(steps(hours, results.dtHours), {
              ...stroke(policyStyle(policy)),
              ...step,
              y: "mean",
            }),
            Plot.dot([peak], {
              x: peak.hourOfDay + results.dtHours / 2,
              y: "mean",
              r: 4.5,
              fill: policyStyle(policy).colour,
              stroke: "white",
            }),
          ]),
        ],
      },
    }],
  };
}

function flowOf(results: Results, policy: string, options: FigureOptions): Flow {
  const slots = slotsOf(results, policy, options);
  const hours = byHour(slots, ({ gridKw }) => gridKw);
  const peaks = [...Map.groupBy(slots, ({ day }) => day).values()]
    .map((sameDay) => Math.max(0, ...sameDay.map(({ gridKw }) => gridKw)));
  return {
    policy,
    hours,
    peak: hours.reduce((highest, hour) => (hour.mean > highest.mean ? hour : highest)),
    dailyPeakKw: peaks.reduce((sum, peak) => sum + peak, 0) / peaks.length,
    highestKw: Math.max(...peaks),
  };
}

function finding([focus, reference]: readonly Flow[], peak: string): string {
  const height = `${rounded(focus.dailyPeakKw)} kW`;
  if (reference === undefined || reference.dailyPeakKw === 0) {
    return `${focus.policy}: the ${peak} of the import is ${height}`;
  }
  const change = focus.dailyPeakKw / reference.dailyPeakKw - 1;
  if (Math.abs(change) < 0.005) {
    return `${focus.policy} leaves the ${peak} at ${height}, as under ${reference.policy}`;
  }
  return `${focus.policy} ${change < 0 ? "lowers" : "raises"} the ${peak} by ` +
    `${percent(Math.abs(change))} against ${reference.policy}, to ${height}`;
}
