/**
 * Charts of a day that is being played: plain functions of what has been reported so far, as options
 * of Plot. Colours are custom properties of the page, so that one chart serves light and dark.
 *
 * @module
 */

/// <reference lib="dom" />

import * as Plot from "@observablehq/plot";
import type { SlotReport } from "../live_day.ts";
import { HOURS_PER_DAY } from "../../units.ts";
import { clock } from "../../report/figures/common.ts";

/** What there is to draw. */
export interface LiveChartData {
  /** Slots of the day that are done. */
  readonly slots: readonly SlotReport[];
  /** Names of the policies that are watched, one or two. */
  readonly policies: readonly string[];
  /** Length of a slot. [h] */
  readonly dtHours: number;
  /** What prices are in. */
  readonly currency: string;
  /** Import prices of the whole day as published. [currency/kWh] */
  readonly importPricePerKwh: readonly number[];
  /** Feed-in tariffs of the whole day as published. [currency/kWh] */
  readonly feedInTariffPerKwh: readonly number[];
}

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
}

/** A chart for the data and the room there is. */
export type LiveChartMaker = (data: LiveChartData, size: ChartSize) => LiveChart;

/** Colours and dashes of the first and the second policy. */
export const POLICY_STYLES: readonly { readonly colour: string; readonly dash: string }[] = [
  { colour: "var(--policy-a)", dash: "none" },
  { colour: "var(--policy-b)", dash: "7 3" },
];

/** Draws a chart into a document of a browser. */
export function drawChart({ options }: LiveChart): SVGSVGElement | HTMLElement {
  const chart = Plot.plot(options);
  // The page has rules of its own for charts, and its security policy allows none from elsewhere.
  chart.querySelectorAll("style").forEach((style) => style.remove());
  return chart;
}

/** Options that all charts of a day share. */
export function dayChart(size: ChartSize, yLabel: string): Plot.PlotOptions {
  const narrow = size.width < 420;
  return {
    ...size,
    marginLeft: 44,
    marginRight: 12,
    marginTop: 24,
    marginBottom: 24,
    x: {
      domain: [0, HOURS_PER_DAY],
      ticks: narrow ? [0, 6, 12, 18, 24] : [0, 3, 6, 9, 12, 15, 18, 21, 24],
      tickFormat: clock,
      label: null,
      tickSize: 3,
    },
    y: { label: yLabel, labelArrow: "none", grid: true, ticks: 4, tickSize: 0, nice: true },
  };
}

/** A value over the slots that are done, as steps that end where the last slot ends. */
export function stepsOf(
  { slots, dtHours }: Pick<LiveChartData, "slots" | "dtHours">,
  value: (slot: SlotReport) => number | null,
): { readonly hour: number; readonly value: number | null }[] {
  const last = slots.at(-1);
  if (last === undefined) return [];
  const points = slots.map((slot) => ({ hour: slot.hourOfDay, value: value(slot) }));
  return [...points, { hour: last.hourOfDay + dtHours, value: value(last) }];
}

/** A value at the end of each slot, from nothing at midnight on. */
export function sumsOf(
  { slots, dtHours }: Pick<LiveChartData, "slots" | "dtHours">,
  value: (slot: SlotReport) => number,
): { readonly hour: number; readonly value: number }[] {
  return [
    { hour: 0, value: 0 },
    ...slots.map((slot) => ({ hour: slot.hourOfDay + dtHours, value: value(slot) })),
  ];
}

/** A column of the whole day, as steps. */
export function dayLong(values: readonly number[], dtHours: number) {
  const points = values.map((value, k) => ({ hour: k * dtHours, value }));
  return [...points, { hour: values.length * dtHours, value: values[values.length - 1] }];
}

/** A line of steps. */
export function stepLine(
  points: readonly { readonly hour: number; readonly value: number | null }[],
  colour: string,
  options: Plot.LineYOptions = {},
): Plot.Line {
  return Plot.lineY(points, {
    x: "hour",
    y: "value",
    stroke: colour,
    curve: "step-after",
    strokeWidth: 2,
    ...options,
  });
}

/** Legend entries of the policies that are watched. */
export function policyLegend(policies: readonly string[]): LiveLegend[] {
  return policies.map((label, k) => ({
    label,
    colour: POLICY_STYLES[k].colour,
    sample: k === 0 ? "line" : "dashed",
  }));
}
