/**
 * The day of one home: what it uses, what its panels give, what its battery does and holds, and what
 * it trades.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type ChartSize, dayChart, type LiveChart, stepLine } from "./chart.ts";

/** One slot of the home. */
export interface HomeDaySlot {
  /** Slots of the day that are done, this one included. */
  readonly step: number;
  /** Demand. [kW] */
  readonly loadKw: number;
  /** Available PV. [kW] */
  readonly pvKw: number;
  /** Battery power, charging > 0. [kW] */
  readonly storesKw: number;
  /** Order; buys > 0. [kWh] */
  readonly orderKwh: number;
  /** Energy traded in the market; bought > 0. [kWh] */
  readonly tradedKwh: number;
}

/** Powers of one home over the day. */
export function homeLive(
  slots: readonly HomeDaySlot[],
  dtHours: number,
  size: ChartSize,
): LiveChart {
  const points = (value: (slot: HomeDaySlot) => number) => {
    const steps = slots.map((slot) => ({ hour: (slot.step - 1) * dtHours, value: value(slot) }));
    const last = steps.at(-1);
    return last === undefined ? [] : [...steps, { ...last, hour: last.hour + dtHours }];
  };
  return {
    options: {
      ...dayChart(size, "kW"),
      marks: [
        Plot.areaY(points(({ pvKw }) => pvKw), {
          x: "hour",
          y: "value",
          curve: "step-after",
          fill: "var(--solar)",
          fillOpacity: 0.35,
        }),
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        stepLine(points(({ loadKw }) => loadKw), "var(--ink)"),
        stepLine(points(({ storesKw }) => storesKw), "var(--battery)"),
        stepLine(points(({ orderKwh }) => orderKwh / dtHours), "var(--trade)", {
          strokeDasharray: "1.5 2.5",
          strokeWidth: 1.5,
        }),
        stepLine(points(({ tradedKwh }) => tradedKwh / dtHours), "var(--trade)", {
          strokeDasharray: "5 2",
        }),
      ],
    },
    legend: [
      { label: "sun", colour: "var(--solar)", sample: "area" },
      { label: "load", colour: "var(--ink)", sample: "line" },
      { label: "battery, charging > 0", colour: "var(--battery)", sample: "line" },
      { label: "ordered, to buy > 0", colour: "var(--trade)", sample: "dotted" },
      { label: "traded, bought > 0", colour: "var(--trade)", sample: "dashed" },
    ],
  };
}
