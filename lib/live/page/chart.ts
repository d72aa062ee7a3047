/**
 * Charts of a day that is being played: plain functions of what has been reported so far, as options
 * of Plot. Colours are custom properties of the page, so that one chart serves light and dark.
 *
 * @module
 */

/// <reference lib="dom" />

import * as Plot from "@observablehq/plot";
import { HOURS_PER_DAY } from "../../units.ts";
import { clock } from "../../report/figures/common.ts";
import type { Band } from "./bands.ts";
import type { BookSteps } from "./book_chart.ts";

/** Room for a chart. [px] */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** An entry of a chart's legend. */
export interface LiveLegend {
  readonly label: string;
  /** Colour, as CSS. */
  readonly colour: string;
  /** How it is drawn. */
  readonly sample: "line" | "dashed" | "dotted" | "area";
}

/** A chart: what Plot draws, and what its colours mean. */
export interface LiveChart {
  readonly options: Plot.PlotOptions;
  readonly legend: readonly LiveLegend[];
  /** What can be read at an hour, for a chart of the day. */
  readonly read?: readonly Series[];
  /** Decimals of what is read. */
  readonly decimals?: 0 | 1 | 2 | 3;
  /** The steps of an order book that can be pointed at. */
  readonly book?: BookSteps;
}

/** Space beside a chart of the day. [px] */
export const DAY_MARGINS = { left: 44, right: 12 } as const;

/** A value at an hour of the day; `null` is a gap. */
export interface Point {
  readonly hour: number;
  readonly value: number | null;
}

/** Values over the day, as an entry of the legend unless its label is empty. */
export interface Series extends LiveLegend {
  readonly points: readonly Point[];
  /** Values that hold until the next point if absent. */
  readonly curve?: "linear" | "step-after";
  /** Of its line. [px] */
  readonly width?: number;
}

/** What a chart has beside its series. */
export interface DayChartOptions {
  readonly y?: Plot.ScaleOptions;
  /** Marks below the lines. */
  readonly marks?: readonly Plot.Markish[];
  /** Until when the day is played; absent for nothing of it. [h] */
  readonly now?: number | undefined;
  /** Stretches of the day in which something is different. */
  readonly bands?: readonly Band[];
  /** What can be read of it; its series if absent. */
  readonly read?: readonly Series[];
  /** Decimals of what is read; 2 if absent. */
  readonly decimals?: 0 | 1 | 2 | 3;
}

/** Dashes and gaps of lines, in a chart as in its legend. [px] */
export const DASHES = { line: "none", dashed: "6 3", dotted: "1.5 3", area: "none" } as const;

/** Draws a chart into a document of a browser. */
export function drawChart({ options }: LiveChart): SVGSVGElement | HTMLElement {
  const chart = Plot.plot(options);
  // The page has rules of its own for charts, and its security policy allows none from elsewhere.
  chart.querySelectorAll("style").forEach((style) => style.remove());
  return chart;
}

/** A chart of a day; the first series is on top, areas are below. */
export function dayChart(
  size: ChartSize,
  yLabel: string,
  series: readonly Series[],
  { y = {}, marks = [], now, bands = [], read = series, decimals = 2 }: DayChartOptions = {},
): LiveChart {
  const narrow = size.width < 420;
  const of = ({ curve = "step-after" }: Series) => ({ x: "hour", y: "value", curve } as const);
  const areas = series.filter(({ sample }) => sample === "area");
  const lines = series.filter(({ sample }) => sample !== "area");
  return {
    options: {
      ...size,
      marginLeft: DAY_MARGINS.left,
      marginRight: DAY_MARGINS.right,
      marginTop: 24,
      marginBottom: 24,
      x: {
        domain: [0, HOURS_PER_DAY],
        ticks: narrow ? [0, 6, 12, 18, 24] : [0, 3, 6, 9, 12, 15, 18, 21, 24],
        tickFormat: clock,
        label: null,
        tickSize: 3,
      },
      y: { label: yLabel, labelArrow: "none", grid: true, ticks: 4, tickSize: 0, nice: true, ...y },
      marks: [
        ...bands.map(drawBand),
        ...areas.map((area) =>
          Plot.areaY(area.points, { ...of(area), fill: area.colour, fillOpacity: 0.3 })
        ),
        Plot.ruleY([0], { stroke: "var(--axis)" }),
        ...marks,
        ...lines.toReversed().map((line) =>
          Plot.lineY(line.points, {
            ...of(line),
            stroke: line.colour,
            strokeWidth: line.width ?? 2,
            strokeDasharray: DASHES[line.sample],
          })
        ),
        Plot.ruleX(now === undefined ? [] : [now], {
          stroke: "var(--now)",
          strokeWidth: 1,
          strokeDasharray: "3 3",
        }),
      ],
    },
    legend: series.filter(({ label }) => label !== ""),
    read: read.filter(({ label }) => label !== ""),
    decimals,
  };
}

function drawBand({ from, to, label, colour, opacity }: Band): Plot.Markish {
  return [
    to > from
      ? Plot.rect([0], { x1: from, x2: to, fill: colour, fillOpacity: opacity })
      : Plot.ruleX([from], { stroke: colour }),
    Plot.text([label], {
      x: from,
      text: (text: string) => text,
      frameAnchor: "top",
      textAnchor: from > 0.8 * HOURS_PER_DAY ? "end" : "start",
      dx: from > 0.8 * HOURS_PER_DAY ? -3 : 3,
      dy: 2,
      fontSize: 10,
    }),
  ];
}

/** What a series says of the time from one hour to another; `null` where it says nothing. */
export function valueIn({ points, curve }: Series, from: number, to: number): number | null {
  if (curve === "linear") {
    return points.find(({ hour }) => Math.abs(hour - to) < 1e-9)?.value ?? null;
  }
  const next = points.findIndex(({ hour }) => hour > from + 1e-9);
  return next > 0 ? points[next - 1].value : null;
}

/** A column of values by slot, the last of which holds to its end. */
export function heldToEnd(values: readonly (number | null)[], dtHours: number): Point[] {
  const points = values.map((value, k) => ({ hour: k * dtHours, value }));
  return points.length === 0
    ? []
    : [...points, { hour: values.length * dtHours, value: values[values.length - 1] }];
}
