/**
 * The market of a slot as supply and demand curves, with the clearing price.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { ClearedOrders } from "../../market/book_orders.ts";
import { corners, type Step, steps } from "../../report/figures/book_steps.ts";
import type { ChartSize, LiveChart } from "./chart.ts";

/** Steps narrower than this share of the chart have no room for a label. */
const LABELLED_SHARE = 0.16;

/** Prices of the grid. [currency/kWh] */
interface GridPrices {
  readonly importPricePerKwh: number;
  readonly feedInTariffPerKwh: number;
}

/** The market of a slot. */
export function bookLive(
  { bids, asks, pricePerKwh, matchedKwh }: ClearedOrders,
  { importPricePerKwh, feedInTariffPerKwh }: GridPrices,
  currency: string,
  size: ChartSize,
): LiveChart {
  // Load is bid at the value of lost load: its step runs along the top.
  const top = 1.25 * Math.max(importPricePerKwh, feedInTariffPerKwh, pricePerKwh ?? 0);
  const bottom = Math.min(0, pricePerKwh ?? 0);
  const within = (curve: readonly Step[]) =>
    curve.map((step) => ({ ...step, price: Math.max(bottom, Math.min(top, step.price)) }));
  const demand = within(steps(bids, -1)), supply = within(steps(asks, 1));
  const most = Math.max(1, demand.at(-1)?.to ?? 0, supply.at(-1)?.to ?? 0);
  const curve = { x: "x", y: "y", strokeWidth: 2.25 } as const;
  const labels = (steps: readonly Step[], fill: string, dy: number) =>
    Plot.text(steps.filter(({ from, to }) => to - from >= LABELLED_SHARE * most), {
      x: ({ from, to }) => (from + to) / 2,
      y: "price",
      text: "id",
      dy,
      fill,
      stroke: "var(--panel)",
      strokeWidth: 3,
    });
  const cleared = pricePerKwh === null ? [] : [{ x: matchedKwh, y: pricePerKwh }];
  return {
    options: {
      ...size,
      marginLeft: 44,
      marginRight: 14,
      marginTop: 24,
      marginBottom: 36,
      x: { domain: [0, most], label: "kWh", labelArrow: "none", tickSize: 3, nice: true, ticks: 5 },
      y: {
        label: `${currency}/kWh`,
        labelArrow: "none",
        grid: true,
        ticks: 4,
        tickSize: 0,
        domain: [bottom, top],
      },
      marks: [
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        Plot.ruleY([importPricePerKwh], { stroke: "var(--import)", strokeOpacity: 0.6 }),
        Plot.ruleY([feedInTariffPerKwh], { stroke: "var(--export)", strokeDasharray: "6 3" }),
        Plot.rect(cleared, {
          x1: 0,
          x2: "x",
          y1: 0,
          y2: "y",
          fill: "var(--trade)",
          fillOpacity: 0.12,
        }),
        Plot.ruleY(cleared, { y: "y", stroke: "var(--trade)", strokeDasharray: "3 3" }),
        Plot.line(corners(supply), { ...curve, stroke: "var(--supply)" }),
        Plot.line(corners(demand), { ...curve, stroke: "var(--demand)" }),
        labels(supply, "var(--supply)", -7),
        labels(demand, "var(--demand)", 9),
        Plot.dot(cleared, { x: "x", y: "y", r: 5, fill: "var(--trade)", stroke: "var(--panel)" }),
      ],
    },
    legend: [
      { label: "demand", colour: "var(--demand)", sample: "line" },
      { label: "supply", colour: "var(--supply)", sample: "line" },
      { label: "cleared", colour: "var(--trade)", sample: "area" },
    ],
  };
}
