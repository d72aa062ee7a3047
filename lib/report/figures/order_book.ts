/**
 * Order books: demand, supply, and where they meet.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type Clearing, clearOrders, type Orders } from "../../market/auction.ts";
import type { Figure, LegendItem, Panel } from "../figure.ts";
import { BAND_OPACITY, COLOURS } from "../palette.ts";
import { corners, type Step, steps } from "./book_steps.ts";
import { fixed, MARGINS, rounded, stroke, VALUE_AXIS } from "./common.ts";

const DEMAND = { colour: COLOURS.load, width: 2.25 };
const SUPPLY = { colour: COLOURS.solar, width: 2.75 };
const PRICE = { colour: COLOURS.trade, width: 2.25, dash: "5 3" };
const WELFARE = { colour: COLOURS.trade, width: 2 };

/** Prices beyond those in the book that are shown. [share of the price range] */
const HEADROOM = 0.12;

/** A book with a name. */
export interface NamedBook {
  /** What it shows. */
  readonly title: string;
  /** Its orders. */
  readonly orders: Orders;
}

/** One book: its curves, the prices that clear it and the welfare between the curves. */
export function orderBook(orders: Orders, { currency }: { readonly currency: string }): Figure {
  const clearing = clearOrders(orders);
  return {
    title: finding(clearing, currency),
    subtitle:
      "Bids from the highest down, asks from the lowest up. The filled area is the welfare " +
      "of the trade.",
    description: "Demand and supply as steps of price against quantity. They cross at the traded " +
      "volume; a dot marks the clearing price and a bar the interval of all clearing prices.",
    legend: LEGEND,
    panels: [bookPanel(orders, clearing, currency, 320)],
  };
}

/** Many books side by side. */
export function bookGallery(
  books: readonly NamedBook[],
  { currency, ...texts }:
    & { readonly currency: string }
    & Pick<Figure, "title" | "subtitle">,
): Figure {
  return {
    ...texts,
    description: `Demand and supply of ${books.length} books: ${
      books.map(({ title }) => title).join("; ")
    }.`,
    legend: LEGEND,
    columns: 2,
    panels: books.map(({ title, orders }) => {
      const clearing = clearOrders(orders);
      return { ...bookPanel(orders, clearing, currency, 200), title };
    }),
  };
}

const LEGEND: readonly LegendItem[] = [
  { label: "bids (demand)", symbol: "line", style: DEMAND },
  { label: "asks (supply)", symbol: "line", style: SUPPLY },
  { label: "clearing price", symbol: "line", style: PRICE },
  { label: "welfare", symbol: "area", style: WELFARE },
];

function bookPanel(
  orders: Orders,
  { clearingPrice, clearingInterval, volumeKwh }: Clearing,
  currency: string,
  height: number,
): Panel {
  const prices = [...orders.bids, ...orders.asks].map(({ pricePerKwh }) => pricePerKwh);
  const room = HEADROOM * (Math.max(...prices) - Math.min(...prices) || 0.1);
  const [low, high] = [Math.max(0, Math.min(...prices) - room), Math.max(...prices) + room];
  const demand = steps(orders.bids, -1);
  const supply = steps(orders.asks, 1);
  const cleared = clearingPrice === null ? [] : [{ x: volumeKwh, y: clearingPrice }];
  const interval = clearingInterval === null
    ? []
    : [{ x: volumeKwh, y1: clearingInterval[0], y2: clearingInterval[1] }];
  return {
    height,
    options: {
      ...MARGINS,
      marginRight: 20,
      x: { label: "energy [kWh]", labelAnchor: "center", labelArrow: "none", ticks: 5, zero: true },
      y: { ...VALUE_AXIS, label: `price [${currency}/kWh]`, domain: [low, high], ticks: 4 },
      marks: [
        Plot.rect(gains(demand, supply, volumeKwh), {
          x1: "from",
          x2: "to",
          y1: "ask",
          y2: "bid",
          fill: WELFARE.colour,
          fillOpacity: BAND_OPACITY,
        }),
        Plot.lineY(outline(supply, high), { x: "x", y: "y", ...stroke(SUPPLY) }),
        Plot.lineY(outline(demand, low), { x: "x", y: "y", ...stroke(DEMAND) }),
        Plot.ruleY(cleared, { y: "y", x1: 0, x2: "x", ...stroke(PRICE) }),
        Plot.ruleX(interval, {
          x: "x",
          y1: "y1",
          y2: "y2",
          stroke: PRICE.colour,
          strokeWidth: 7,
          strokeOpacity: 0.55,
        }),
        Plot.dot(cleared, { x: "x", y: "y", r: 5, fill: PRICE.colour, stroke: "white" }),
      ],
    },
  };
}

/** Corners of a curve, which ends on the edge of the chart. */
function outline(curve: readonly Step[], end: number): { x: number; y: number }[] {
  return curve.length === 0 ? [] : [...corners(curve), { x: curve[curve.length - 1].to, y: end }];
}

/** What lies between the curves up to the traded volume. */
function gains(demand: readonly Step[], supply: readonly Step[], volumeKwh: number) {
  const ends = [...demand, ...supply].flatMap(({ from, to }) => [from, to])
    .filter((end) => end < volumeKwh);
  const cuts = [...new Set([...ends, volumeKwh])].sort((a, b) => a - b);
  const priceAt = (curve: readonly Step[], x: number) =>
    curve.find(({ from, to }) => from <= x && x < to)?.price ?? NaN;
  return cuts.slice(1).map((to, k) => {
    const middle = (cuts[k] + to) / 2;
    return { from: cuts[k], to, bid: priceAt(demand, middle), ask: priceAt(supply, middle) };
  });
}

function finding({ clearingPrice, clearingInterval, volumeKwh }: Clearing, currency: string) {
  if (clearingPrice === null || clearingInterval === null) {
    return "No bid reaches an ask: nothing is traded, and there is no price";
  }
  const [low, high] = clearingInterval;
  const range = low === high
    ? "the only price that clears the book"
    : `the middle of the clearing prices ${fixed(low, 2)} to ${fixed(high, 2)}`;
  return `${rounded(volumeKwh)} kWh change hands at ${fixed(clearingPrice, 3)} ${currency}/kWh, ` +
    range;
}
