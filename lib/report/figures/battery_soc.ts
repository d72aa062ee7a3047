/**
 * How full the batteries are over the day.
 *
 * @module
 */

import { byHour, type HourStatistics } from "../../evaluation/by_hour.ts";
import type { Results } from "../../evaluation/results.ts";
import type { Figure } from "../figure.ts";
import { policyStyle } from "../palette.ts";
import {
  clock,
  comparedPolicies,
  daysInWords,
  daysShown,
  type FigureOptions,
  slotsOf,
  SPREAD,
} from "./common.ts";
import { lines } from "./lines.ts";

/**
 * State of charge by time of day: the median over days, with quartiles for the policy in the
 * foreground.
 *
 * @throws {RangeError} If no prosumer has a battery.
 */
export function batterySoc(results: Results, options: FigureOptions): Figure {
  const policies = comparedPolicies(results, options, ["self-consumption", "optimum"]);
  const charges = policies.map((policy) => chargeByHour(results, policy, options));
  return lines([{
    lines: policies.map((name, k) => ({
      label: `${name}, median`,
      style: policyStyle(name),
      points: charges[k].map(({ hourOfDay, median, lowerQuartile, upperQuartile }) => ({
        x: hourOfDay,
        y: median,
        ...(k === 0 && { low: lowerQuartile, high: upperQuartile }),
      })),
    })),
    y: { label: "state of charge [%]", domain: [0, 100], ticks: [0, 20, 40, 60, 80, 100] },
    height: 320,
  }], {
    title: finding(policies[0], charges[0]),
    subtitle:
      `${daysInWords(results, options)}; share of the nominal capacity at the end of each ` +
      "slot, mean over batteries.",
    description:
      "State of charge of the community's batteries by time of day, as a line for each " +
      "policy.",
    x: { kind: "clock", label: "local time" },
    ...(daysShown(results, options).length > 1 && { spread: SPREAD }),
  });
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
