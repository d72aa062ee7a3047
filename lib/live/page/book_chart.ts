/**
 * The order book of a slot as supply and demand curves, with the clearing price.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { corners, steps } from "../../report/figures/book_steps.ts";
import type { HomesNow } from "../session.ts";
import type { ChartSize, LiveChart } from "./chart.ts";

/** What came of the orders. */
export interface SlotClearing {
  /** Clearing price; `null` without trade. [currency/kWh] */
  readonly clearingPricePerKwh: number | null;
  /** Traded energy. [kWh] */
  readonly volumeKwh: number;
  /** Highest price of an order. [currency/kWh] */
  readonly importPricePerKwh: number;
  /** Lowest price of an order. [currency/kWh] */
  readonly feedInTariffPerKwh: number;
}

/** The book of a slot. */
export function bookLive(
  { orderKwh, orderPricePerKwh }: Pick<HomesNow, "orderKwh" | "orderPricePerKwh">,
  clearing: SlotClearing,
  currency: string,
  size: ChartSize,
): LiveChart {
  const side = (sign: 1 | -1) =>
    orderKwh.map((kwh, i) => ({
      id: String(i),
      quantityKwh: sign * kwh,
      pricePerKwh: orderPricePerKwh[i],
    })).filter(({ quantityKwh }) => quantityKwh > 0);
  const demand = corners(steps(side(1), -1)), supply = corners(steps(side(-1), 1));
  const { clearingPricePerKwh: price, volumeKwh } = clearing;
  const most = Math.max(1, ...[...demand, ...supply].map(({ x }) => x));
  const curve = { x: "x", y: "y", strokeWidth: 2.25 } as const;
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
        zero: true,
        domain: [0, clearing.importPricePerKwh * 1.05],
      },
      marks: [
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        Plot.ruleY([clearing.importPricePerKwh], { stroke: "var(--import)", strokeOpacity: 0.6 }),
        Plot.ruleY([clearing.feedInTariffPerKwh], {
          stroke: "var(--export)",
          strokeDasharray: "6 3",
        }),
        ...(price === null ? [] : [
          Plot.rect([0], {
            x1: 0,
            x2: volumeKwh,
            y1: 0,
            y2: price,
            fill: "var(--trade)",
            fillOpacity: 0.12,
          }),
          Plot.ruleY([price], { stroke: "var(--trade)", strokeDasharray: "3 3" }),
        ]),
        Plot.line(supply, { ...curve, stroke: "var(--supply)" }),
        Plot.line(demand, { ...curve, stroke: "var(--demand)" }),
        ...(price === null ? [] : [
          Plot.dot([{ x: volumeKwh, y: price }], {
            x: "x",
            y: "y",
            r: 5,
            fill: "var(--trade)",
            stroke: "var(--panel)",
          }),
        ]),
      ],
    },
    legend: [
      { label: "demand (bids)", colour: "var(--demand)", sample: "line" },
      { label: "supply (asks)", colour: "var(--supply)", sample: "line" },
      { label: "cleared", colour: "var(--trade)", sample: "area" },
    ],
  };
}
