/**
 * Fronts of cost against CO2 and against peak.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Sweep, TradeOff } from "../../evaluation/trade_offs.ts";
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
  peak: { field: "meanPeakKw", what: "mean daily peak", unit: "kW", price: "peakPricePerKw" },
} as const satisfies Record<Sweep, object>;

/**
 * A panel per sweep; a line joins the points of a policy that answers to prices, a policy that does
 * not is a single point.
 *
 * @throws {RangeError} If there are no points.
 */
export function pareto(
  points: readonly TradeOff[],
  { subject, currency }: ParetoOptions,
): Figure {
  if (points.length === 0) throw new RangeError("there are no trade-offs to draw");
  const policies = [...new Set(points.map(({ policy }) => policy))];
  const sweeps = (["carbon", "peak"] as const)
    .filter((sweep) => points.some((point) => point.sweep === sweep));
  return {
    title: finding(points, sweeps, currency),
    subtitle: `${subject}. Each line raises the price of CO2 (above) or of the daily peak ` +
      "(below) from left to right; its dots are labelled with the price.",
    description: "Cost of energy against CO2 and against the mean daily peak, a line per policy.",
    legend: policies.map((policy) => ({
      label: policy,
      symbol: isFront(points, policy) ? "line" : "dot",
      style: policyStyle(policy),
    })),
    panels: sweeps.map((sweep) => panel(points, policies, sweep, currency)),
  };
}

function panel(
  points: readonly TradeOff[],
  policies: readonly string[],
  sweep: Sweep,
  currency: string,
): Panel {
  const { field, what, unit, price } = harms[sweep];
  const own = points.filter((point) => point.sweep === sweep);
  const labelled = policies.find((policy) => isFront(own, policy));
  return {
    height: 330,
    options: {
      ...MARGINS,
      x: {
        label: `cost without charges on CO2 and peak [${currency}/d]`,
        labelAnchor: "center",
        labelArrow: "none",
        nice: true,
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
        Plot.text(distinct(own.filter(({ policy }) => policy === labelled), field), {
          x: "energyCostPerDay",
          y: field,
          text: price,
          dy: 13,
          dx: -2,
          textAnchor: "end",
        }),
      ],
    },
  };
}

/** Points that differ, so that labels do not lie on each other. */
function distinct(points: readonly TradeOff[], field: "emissionsKgPerDay" | "meanPeakKw") {
  const span = (value: (point: TradeOff) => number) =>
    Math.max(...points.map(value)) - Math.min(...points.map(value));
  const [width, height] = [span((p) => p.energyCostPerDay), span((p) => p[field])];
  const kept: TradeOff[] = [];
  for (const point of points) {
    const near = kept.some((other) =>
      Math.abs(other.energyCostPerDay - point.energyCostPerDay) < 0.03 * width &&
      Math.abs(other[field] - point[field]) < 0.06 * height
    );
    if (!near) kept.push(point);
  }
  return kept;
}

function isFront(points: readonly TradeOff[], policy: string): boolean {
  const own = points.filter((point) => point.policy === policy);
  return own.some((point) => point.energyCostPerDay !== own[0].energyCostPerDay);
}

function finding(
  points: readonly TradeOff[],
  sweeps: readonly Sweep[],
  currency: string,
): string {
  const leader = points.find(({ policy }) => isFront(points, policy))?.policy;
  if (leader === undefined) return "No policy answers to these prices";
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
