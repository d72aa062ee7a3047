/**
 * Fronts of cost against CO2 and against peak.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type Sweep, sweepNames, type TradeOff } from "../../experiments/trade_offs.ts";
import type { Figure, Panel } from "../figure.ts";
import { policyStyle } from "../palette.ts";
import { fixed, MARGINS, stroke, VALUE_AXIS } from "./common.ts";

/** What is shown. */
export interface ParetoOptions {
  /** Data and days, in a line. */
  readonly subject: string;
  /** What prices are in. */
  readonly currency: string;
}

const harms = {
  carbon: { field: "emissionsKgPerDay", what: "CO2", unit: "kg/d", price: "carbonPricePerKg" },
  "marginal-carbon": {
    field: "emissionsKgPerDay",
    what: "marginal CO2",
    unit: "kg/d",
    price: "carbonPricePerKg",
  },
  peak: { field: "meanPeakKw", what: "mean peak", unit: "kW", price: "peakPricePerKw" },
} as const satisfies Record<Sweep, object>;

/** In currency per day: closer costs are the same. */
const ROUNDING = 1e-6;

/**
 * A panel per sweep; a line joins the points of a policy that answers to prices, a policy that does
 * not is a single point.
 *
 * @param points In the order of the prices; the first policy's are labelled.
 *
 * @throws {RangeError} If there are no points.
 */
export function pareto(
  points: readonly TradeOff[],
  { subject, currency }: ParetoOptions,
): Figure {
  if (points.length === 0) throw new RangeError("there are no trade-offs to draw");
  const policies = [...new Set(points.map(({ policy }) => policy))];
  const sweeps = sweepNames.filter((sweep) => points.some((point) => point.sweep === sweep));
  return {
    title: finding(points, sweeps, currency),
    subtitle:
      `${subject}. Along a line the price of CO2, by average or marginal intensity, or of an ` +
      `episode's peak rises; ` +
      `it is written beside the dots of ${policies[0]}, in ${currency}/kg and ${currency}/kW.`,
    description:
      "Cost of energy against CO2, average and marginal, and the mean peak of an episode, a line per policy.",
    legend: policies.map((policy) => ({
      label: policy,
      symbol: isFront(points, policy) ? "line" : "dot",
      style: policyStyle(policy),
    })),
    panels: sweeps.map((sweep, k) =>
      panel(points, policies, sweep, k < sweeps.length - 1 ? null : currency)
    ),
  };
}

/** The panel of a sweep; the last one names the common horizontal axis. */
function panel(
  points: readonly TradeOff[],
  policies: readonly string[],
  sweep: Sweep,
  currency: string | null,
): Panel {
  const { field, what, unit, price } = harms[sweep];
  const own = points.filter((point) => point.sweep === sweep);
  const costs = points.map(({ energyCostPerDay }) => energyCostPerDay);
  const labelled = own.filter(({ policy }) => policy === policies[0]);
  return {
    height: currency === null ? 300 : 320,
    options: {
      ...MARGINS,
      marginBottom: currency === null ? 24 : MARGINS.marginBottom,
      insetLeft: 36,
      insetRight: 12,
      insetBottom: 24,
      x: {
        label: currency === null ? null : `cost without charges on CO2 and peak [${currency}/d]`,
        labelAnchor: "center",
        labelArrow: "none",
        domain: [Math.min(...costs), Math.max(...costs)],
        grid: true,
      },
      y: { ...VALUE_AXIS, label: `${what} [${unit}]`, nice: true },
      marks: [
        Plot.frame({ anchor: "bottom" }),
        ...policies.flatMap((policy) => {
          const line = own.filter((point) => point.policy === policy);
          const style = policyStyle(policy);
          const place = { x: "energyCostPerDay", y: field } as const;
          return [
            Plot.line(line, { ...stroke(style), ...place }),
            Plot.dot(line, { ...place, r: 3.5, fill: style.colour }),
          ];
        }),
        Plot.text(apart(labelled, points, own, field), {
          x: "energyCostPerDay",
          y: field,
          text: price,
          dy: 9,
          dx: -6,
          textAnchor: "end",
        }),
      ],
    },
  };
}

/** Points far enough from each other in the panel that their labels do not overlap. */
function apart(
  points: readonly TradeOff[],
  all: readonly TradeOff[],
  panelPoints: readonly TradeOff[],
  field: "emissionsKgPerDay" | "meanPeakKw",
): TradeOff[] {
  const width = span(all.map(({ energyCostPerDay }) => energyCostPerDay));
  const height = span(panelPoints.map((point) => point[field]));
  const kept: TradeOff[] = [];
  for (const point of points) {
    const near = kept.some((other) =>
      Math.abs(other.energyCostPerDay - point.energyCostPerDay) < 0.055 * width &&
      Math.abs(other[field] - point[field]) < 0.075 * height
    );
    if (!near) kept.push(point);
  }
  return kept;
}

function span(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

function isFront(points: readonly TradeOff[], policy: string): boolean {
  const own = points.filter((point) => point.policy === policy);
  return own.some(({ energyCostPerDay }) =>
    Math.abs(energyCostPerDay - own[0].energyCostPerDay) > ROUNDING
  );
}

function finding(
  points: readonly TradeOff[],
  sweeps: readonly Sweep[],
  currency: string,
): string {
  const leader = points[0].policy;
  const parts = sweeps.map((sweep) => {
    const { field, what, unit } = harms[sweep];
    const own = points.filter((point) => point.sweep === sweep && point.policy === leader);
    const [first, last] = [own[0], own[own.length - 1]];
    const less = first[field] - last[field];
    const more = last.energyCostPerDay - first.energyCostPerDay;
    return `${fixed(less, 1)} ${unit} less ${what} costs ${fixed(more, 2)} ${currency}/d`;
  });
  return `${leader}: ${parts.join(", ")}`;
}
