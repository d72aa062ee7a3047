/**
 * Values side by side as horizontal bars, each with the interval in which it may lie.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "../figure.ts";
import type { LineStyle } from "../palette.ts";

/** A bar. */
export interface Bar {
  /** Stands to the left of it; unique in its group. */
  readonly label: string;
  /** Its length. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low?: number;
  /** Upper end of the interval. */
  readonly high?: number;
  /** Of which only the colour is used. */
  readonly style: LineStyle;
}

/** Bars under a heading of their own. */
export interface BarGroup {
  /** Stands above the bars; absent for none. */
  readonly title?: string;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
  /** Quantity and unit. */
  readonly label: string;
  /** Writes a value beside its bar. */
  readonly format: (value: number) => string;
}

const ROW_PX = 27;
const LABEL_PX = 142;
const VALUE_PX = 72;
const TICK_PX = 24;
const WHISKER = { stroke: "#1a1a1a", strokeWidth: 1.5 };

/**
 * A figure of bars; groups stand under each other.
 *
 * @example
 * ```ts
 * import { bars } from "./bars.ts";
 * import { policyStyle } from "../palette.ts";
 * const { panels } = bars([{
 *   bars: [{ label: "learned", value: 18, style: policyStyle("learned") }],
 *   label: "cost [EUR/d]",
 *   format: (cost) => cost.toFixed(2),
 * }], { title: "18 EUR a day", subtitle: "", description: "One bar." });
 * if (panels.length !== 1) throw new Error("one group is one panel");
 * ```
 */
export function bars(
  groups: readonly BarGroup[],
  texts: Pick<Figure, "title" | "subtitle" | "description">,
): Figure {
  return {
    ...texts,
    legend: [],
    panels: groups.map(({ title, bars, label, format }) => {
      const ends = bars.map(({ value, high = value }) => Math.max(value, high));
      const starts = bars.map(({ value, low = value }) => Math.min(value, low));
      const [least, most] = [Math.min(0, ...starts), Math.max(0, ...ends)];
      const intervals = bars.filter(({ low, high }) => low !== undefined && high !== undefined);
      // Values of negative bars stand to their left, within the chart.
      const room = (most - least) * 0.3;
      return {
        ...(title === undefined ? {} : { title }),
        height: bars.length * ROW_PX + 64,
        options: {
          marginLeft: LABEL_PX,
          marginRight: most > 0 ? VALUE_PX : TICK_PX,
          marginTop: 10,
          marginBottom: 40,
          x: {
            label,
            labelAnchor: "center",
            labelArrow: "none",
            ticks: 4,
            grid: true,
            domain: [least < 0 ? least - room : least, most],
          },
          y: { label: null, tickSize: 0, domain: bars.map((bar) => bar.label) },
          marks: [
            Plot.barX(bars, {
              x: "value",
              y: "label",
              fill: (bar: Bar) => bar.style.colour,
              insetTop: 3,
              insetBottom: 3,
            }),
            Plot.ruleX([0]),
            Plot.ruleY(intervals, { x1: "low", x2: "high", y: "label", ...WHISKER }),
            Plot.tickX(intervals, { x: "low", y: "label", inset: 6, ...WHISKER }),
            Plot.tickX(intervals, { x: "high", y: "label", inset: 6, ...WHISKER }),
            Plot.text(bars.filter((bar) => bar.value >= 0), valueText(format, ends, bars, 1)),
            Plot.text(bars.filter((bar) => bar.value < 0), valueText(format, starts, bars, -1)),
          ],
        },
      };
    }),
  };
}

/** The value beside the end of a bar that points to one side. */
function valueText(
  format: (value: number) => string,
  ends: readonly number[],
  bars: readonly Bar[],
  side: 1 | -1,
): Plot.TextOptions {
  return {
    x: (bar: Bar) => ends[bars.indexOf(bar)],
    y: "label",
    text: (bar: Bar) => format(bar.value),
    textAnchor: side > 0 ? "start" : "end",
    dx: 6 * side,
  };
}
