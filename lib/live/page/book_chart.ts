/**
 * The order book of a slot as supply and demand curves, with the clearing price.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { ChartSize, LiveChart } from "./chart.ts";

/** Orders of one slot, a value per prosumer. */
export interface SlotOrders {
  /** Order; buys > 0, sells < 0, 0 for none. [kWh] */
  readonly orderKwh: readonly number[];
  /** Limit price. [currency/kWh] */
  readonly orderPricePerKwh: readonly number[];
}

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

/** A corner of a curve. */
export interface CurvePoint {
  /** Quantity at this price or better. [kWh] */
  readonly quantityKwh: number;
  /** Price. [currency/kWh] */
  readonly pricePerKwh: number;
}

/**
 * Supply (asks from the lowest price on) or demand (bids from the highest price on) as corners of a
 * step curve, from quantity 0 on; empty without orders.
 *
 * @example
 * ```ts
 * import { bookCurve } from "./order_book.ts";
 * const orders = { orderKwh: [2, -1, 1], orderPricePerKwh: [0.3, 0.1, 0.4] };
 * const demand = bookCurve(orders, "demand").map(({ quantityKwh }) => quantityKwh);
 * if (demand.join() !== "0,1,1,3") throw new Error(demand.join());
 * ```
 */
export function bookCurve(
  { orderKwh, orderPricePerKwh }: SlotOrders,
  side: "supply" | "demand",
): CurvePoint[] {
  const sign = side === "demand" ? 1 : -1;
  const orders = orderKwh
    .map((kwh, i) => ({ kwh: sign * kwh, price: orderPricePerKwh[i] }))
    .filter(({ kwh }) => kwh > 0)
    .sort((a, b) => sign * (b.price - a.price));
  let quantityKwh = 0;
  return orders.flatMap(({ kwh, price }) => {
    const from = { quantityKwh, pricePerKwh: price };
    quantityKwh += kwh;
    return [from, { quantityKwh, pricePerKwh: price }];
  });
}

/** The book of a slot. */
export function orderBookLive(
  orders: SlotOrders,
  clearing: SlotClearing,
  currency: string,
  size: ChartSize,
): LiveChart {
  const demand = bookCurve(orders, "demand"), supply = bookCurve(orders, "supply");
  const { clearingPricePerKwh: price, volumeKwh } = clearing;
  const most = Math.max(1, ...[...demand, ...supply].map(({ quantityKwh }) => quantityKwh));
  const curve = { x: "quantityKwh", y: "pricePerKwh", strokeWidth: 2.25 } as const;
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
          Plot.dot([{ volumeKwh, price }], {
            x: "volumeKwh",
            y: "price",
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
