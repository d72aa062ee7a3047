/**
 * Slots of the market as supply and demand, with the price at which they meet.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { ClearedOrders } from "../../market/book_orders.ts";
import type { Figure, Panel } from "../figure.ts";
import { BAND_OPACITY, COLOURS } from "../palette.ts";
import { corners, type Step, steps } from "./book_steps.ts";
import { MARGINS, stroke, VALUE_AXIS } from "./common.ts";

/** A cleared slot and what it shows. */
export interface NamedSlot {
  /** What it shows. */
  readonly title: string;
  /** Its bids and asks. */
  readonly orders: ClearedOrders;
}

const DEMAND = { colour: COLOURS.load, width: 2.25 };
const SUPPLY = { colour: COLOURS.solar, width: 2.75 };
/** Dark enough to be read on white. */
const SUPPLY_TEXT = "#9a6f00";
const PRICE = { colour: COLOURS.trade, width: 2.25, dash: "5 3" };

/** Steps narrower than this share of the chart have no room for a label. */
const LABELLED_SHARE = 0.18;

/**
 * Bids from the highest down and asks from the lowest up, a panel for each slot, up to `topPerKwh`:
 * dearer steps run along the upper edge.
 */
export function clearedBooks(
  slots: readonly NamedSlot[],
  { currency, topPerKwh, ...texts }:
    & { readonly currency: string; readonly topPerKwh: number }
    & Pick<Figure, "title" | "subtitle">,
): Figure {
  return {
    ...texts,
    description: `Supply and demand as steps of price against energy: ${
      slots.map(({ title }) => title).join("; ")
    }. A dot marks the price and the energy at which they meet.`,
    legend: [
      { label: "demand", symbol: "line", style: DEMAND },
      { label: "supply", symbol: "line", style: SUPPLY },
      { label: "price", symbol: "line", style: PRICE },
    ],
    columns: Math.min(2, slots.length),
    panels: slots.map(({ title, orders }) => ({
      title,
      ...panel(orders, currency, topPerKwh),
    })),
  };
}

function panel(
  { bids, asks, pricePerKwh, matchedKwh }: ClearedOrders,
  currency: string,
  top: number,
): Panel {
  const within = (curve: readonly Step[]) =>
    curve.map((step) => ({ ...step, price: Math.max(0, Math.min(top, step.price)) }));
  const demand = within(steps(bids, -1)), supply = within(steps(asks, 1));
  const most = Math.max(1e-3, demand.at(-1)?.to ?? 0, supply.at(-1)?.to ?? 0);
  const labels = (curve: readonly Step[], fill: string, dy: number) =>
    Plot.text(curve, {
      x: ({ from, to }: Step) => (from + to) / 2,
      y: "price",
      text: "id",
      dy,
      fill,
      stroke: "white",
      strokeWidth: 3,
    });
  const cleared = pricePerKwh === null ? [] : [{ x: matchedKwh, y: Math.min(top, pricePerKwh) }];
  return {
    height: 230,
    options: {
      ...MARGINS,
      marginRight: 20,
      x: { label: "energy [kWh]", labelAnchor: "center", labelArrow: "none", domain: [0, most] },
      y: { ...VALUE_AXIS, label: `price [${currency}/kWh]`, domain: [0, top], ticks: 4 },
      marks: [
        Plot.ruleY([0]),
        Plot.rect(cleared, {
          x1: 0,
          x2: "x",
          y1: 0,
          y2: "y",
          fill: PRICE.colour,
          fillOpacity: BAND_OPACITY / 2,
        }),
        Plot.lineY(corners(supply), { x: "x", y: "y", ...stroke(SUPPLY) }),
        Plot.lineY(corners(demand), { x: "x", y: "y", ...stroke(DEMAND) }),
        Plot.ruleY(cleared, { y: "y", x1: 0, x2: "x", ...stroke(PRICE) }),
        labels(wide(supply, most).filter(({ price }) => price > 0), SUPPLY_TEXT, 11),
        labels(wide(supply, most).filter(({ price }) => price === 0), SUPPLY_TEXT, -9),
        labels(wide(demand, most), DEMAND.colour, -9),
        Plot.dot(cleared, { x: "x", y: "y", r: 5, fill: PRICE.colour, stroke: "white" }),
      ],
    },
  };
}

/** Steps with room for a label; steps of one order and one price are one. */
function wide(curve: readonly Step[], most: number): Step[] {
  const merged: Step[] = [];
  for (const step of curve) {
    const last = merged.at(-1);
    if (last?.id === step.id) merged[merged.length - 1] = { ...last, to: step.to };
    else merged.push(step);
  }
  return merged.filter(({ from, to }) => to - from >= LABELLED_SHARE * most);
}
