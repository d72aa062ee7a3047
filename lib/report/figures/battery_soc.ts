/**
 * How full the batteries are over the day.
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
  clock,
  CLOCK_AXIS,
  comparedPolicies,
  daysInWords,
  type FigureOptions,
  MARGINS,
  slotsOf,
  stroke,
  VALUE_AXIS,
} from "./common.ts";

/**
 * State of charge by time of day: the median over days, with quartiles for the policy in the
 * foreground.
 *
 * @throws {RangeError} If no prosumer has a battery.
 */
export function batterySoc(results: Results, options: FigureOptions): Figure {
  const policies = comparedPolicies(results, options, ["self-consumption", "optimum"]);
  const charges = policies.map((policy) => chargeByHour(results, policy, options));
  const [policy] = policies;
  const [hours] = charges;
  const style = policyStyle(policy);
  return {
    title: finding(policy, hours),
    subtitle:
      `${daysInWords(results, options)}; share of the nominal capacity at the end of each ` +
      "slot, mean over batteries.",
    description:
      "State of charge of the community's batteries by time of day, as a line for each " +
      "policy.",
    legend: [
      ...policies.map((name) => ({
        label: `${name}, median`,
        symbol: "line" as const,
        style: policyStyle(name),
      })),
      ...bandLegend(results, options, style),
    ],
    panels: [{
      height: 320,
      options: {
        ...MARGINS,
        x: CLOCK_AXIS,
        y: { ...VALUE_AXIS, label: "state of charge [%]", domain: [0, 100], ticks: 5 },
        marks: [
          Plot.areaY(hours, { ...BAND, x: "hourOfDay", fill: style.colour }),
          ...policies.map((name, k) =>
            Plot.lineY(charges[k], { ...stroke(policyStyle(name)), x: "hourOfDay", y: "median" })
          ).toReversed(),
        ],
      },
    }],
  };
}

/** State of charge in percent, at the end of each slot. */
function chargeByHour(results: Results, policy: string, options: FigureOptions): HourStatistics[] {
  const slots = slotsOf(results, policy, options);
  if (slots.every(({ socFraction }) => socFraction === null)) {
    throw new RangeError("no prosumer has a battery; there is no state of charge to draw");
  }
  return byHour(slots, ({ socFraction }) => socFraction === null ? null : 100 * socFraction)
    .map((hour) => ({ ...hour, hourOfDay: hour.hourOfDay + results.dtHours }));
}

function finding(policy: string, hours: readonly HourStatistics[]): string {
  const fullest = hours.reduce((a, b) => (b.median > a.median ? b : a));
  const emptiest = hours.reduce((a, b) => (b.median < a.median ? b : a));
  const state = ({ median, hourOfDay }: HourStatistics) =>
    `${Math.round(median)} % at ${clock(hourOfDay)}`;
  return Math.round(fullest.median) === Math.round(emptiest.median)
    ? `${policy} leaves the batteries at ${Math.round(fullest.median)} % all day`
    : `${policy}: the batteries are fullest with ${state(fullest)} and emptiest with ` +
      `${state(emptiest)}`;
}
