/**
 * The market of a slot as supply and demand curves: a step for every home and store, the grid's in its
 * own colours, the surplus of both sides shaded, and the clearing price.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { ClearedOrders } from "../../market/book_orders.ts";
import { corners, type Step, steps } from "../../report/figures/book_steps.ts";
import type { ChartSize, LiveChart } from "./chart.ts";

/** Steps narrower than this share of the chart have no room for a label. */
const LABELLED_SHARE = 0.12;

/** Beyond so many steps their ends are too close to be told apart. */
const MOST_ENDS = 60;

/** Space beside the chart. [px] */
export const BOOK_MARGINS = { left: 44, right: 14 } as const;

/** Both curves of an order book, order by order. */
export interface BookSteps {
  readonly demand: readonly Step[];
  readonly supply: readonly Step[];
  /** Energy at the right end of the chart. [kWh] */
  readonly mostKwh: number;
  /** Who bids as much buys at any price of the day. [currency/kWh] */
  readonly anyPrice: number;
}

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
  const curve = (of: readonly Step[], stroke: string) => [
    Plot.line(corners(of), { x: "x", y: "y", strokeWidth: 2.25, stroke }),
    ends(of, stroke),
  ];
  const grid = (of: readonly Step[], stroke: string) =>
    of.filter(({ id }) => id === "grid").map((step) =>
      Plot.line(corners([step]), { x: "x", y: "y", strokeWidth: 5, stroke, strokeOpacity: 0.75 })
    );
  const labels = (of: readonly Step[], fill: string, dy: number) =>
    Plot.text(stretches(of).filter(({ from, to }) => to - from >= LABELLED_SHARE * most), {
      x: ({ from, to }) => (from + to) / 2,
      y: "price",
      text: "id",
      dy,
      fill,
      stroke: "var(--panel)",
      strokeWidth: 3,
    });
  const cleared = pricePerKwh === null ? [] : [{ x: matchedKwh, y: pricePerKwh }];
  const surplus = (of: readonly Step[], fill: string) =>
    cleared.map(({ x, y }) =>
      Plot.rect(of.filter(({ from }) => from < x), {
        x1: "from",
        x2: ({ to }: Step) => Math.min(x, to),
        y1: y,
        y2: "price",
        fill,
        fillOpacity: 0.16,
      })
    );
  return {
    options: {
      ...size,
      marginLeft: BOOK_MARGINS.left,
      marginRight: BOOK_MARGINS.right,
      marginTop: 24,
      marginBottom: 36,
      x: { domain: [0, most], label: "kWh", labelArrow: "none", tickSize: 3, ticks: 5 },
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
        surplus(demand, "var(--demand)"),
        surplus(supply, "var(--supply)"),
        Plot.ruleY(cleared, { y: "y", stroke: "var(--trade)", strokeDasharray: "3 3" }),
        grid(supply, "var(--import)"),
        grid(demand, "var(--export)"),
        curve(supply, "var(--supply)"),
        curve(demand, "var(--demand)"),
        labels(supply, "var(--supply)", -9),
        labels(demand, "var(--demand)", 11),
        Plot.dot(cleared, { x: "x", y: "y", r: 5, fill: "var(--trade)", stroke: "var(--panel)" }),
      ],
    },
    legend: [
      { label: "demand, buyers' surplus", colour: "var(--demand)", sample: "line" },
      { label: "supply, sellers' surplus", colour: "var(--supply)", sample: "line" },
      { label: "grid sells", colour: "var(--import)", sample: "area" },
      { label: "grid buys", colour: "var(--export)", sample: "area" },
    ],
    book: { demand: steps(bids, -1), supply: steps(asks, 1), mostKwh: most, anyPrice: top },
  };
}

/** Where one order ends and the next begins. */
function ends(of: readonly Step[], stroke: string): Plot.Markish {
  return Plot.dot(of.length > MOST_ENDS ? [] : of, {
    x: "to",
    y: "price",
    r: 1.75,
    fill: "var(--panel)",
    stroke,
  });
}

/** Orders side by side at one price are told as one stretch: by its name, or by how many it is of. */
function stretches(of: readonly Step[]): Step[] {
  const joined: (Step & { readonly ids: readonly string[] })[] = [];
  for (const step of of) {
    const last = joined.at(-1);
    if (last?.price === step.price) {
      const ids = last.ids.includes(step.id) ? last.ids : [...last.ids, step.id];
      joined[joined.length - 1] = { ...last, ids, id: together(ids), to: step.to };
    } else joined.push({ ...step, ids: [step.id] });
  }
  return joined;
}

/** Names of several orders, as short as can be. */
function together(ids: readonly string[]): string {
  if (ids.length === 1) return ids[0];
  const kinds = new Set(ids.map((id) => id.replace(/^.*'s /, "")));
  return kinds.size === 1 ? `${[...kinds][0]} of ${ids.length} homes` : `${ids.length} orders`;
}
