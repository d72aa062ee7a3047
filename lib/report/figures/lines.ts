/**
 * Lines in one or more panels, each with the spread around it if there is one.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure, LegendItem, Panel } from "../figure.ts";
import { BAND_OPACITY, type LineStyle } from "../palette.ts";
import { CLOCK_AXIS, MARGINS, stroke, VALUE_AXIS } from "./common.ts";

/** A point of a line. */
export interface Point {
  /** Place on the horizontal axis. */
  readonly x: number;
  /** Value; `null` leaves a gap. */
  readonly y: number | null;
  /** Lower end of the spread. */
  readonly low?: number;
  /** Upper end of the spread. */
  readonly high?: number;
}

/** A line. */
export interface Line {
  /** Names it in the legend. */
  readonly label: string;
  /** How it is drawn. */
  readonly style: LineStyle;
  /** From left to right. */
  readonly points: readonly Point[];
  /**
   * `step` for values that hold until the next point, `area` for such values down to zero, `dots` for
   * points without a line.
   */
  readonly shape?: "line" | "step" | "area" | "dots";
}

/** An axis. */
export interface Axis {
  /** Quantity and unit. */
  readonly label: string;
  /** Ends, where the data do not give them. */
  readonly domain?: readonly [number, number];
  /** Where to put ticks. */
  readonly ticks?: readonly number[];
  /** How to write them. */
  readonly tickFormat?: (value: number) => string;
  /** `log` for values that span magnitudes; `clock` for the hours of a day. */
  readonly kind?: "linear" | "log" | "clock";
}

/** One chart. */
export interface LinePanel {
  /** Stands above the chart. */
  readonly title?: string;
  /** In the order of importance; the first is drawn last, on top. */
  readonly lines: readonly Line[];
  /** Vertical axis. */
  readonly y: Axis;
  /** Values to mark by a horizontal rule. */
  readonly rules?: readonly number[];
  /** Height with axes; 300 if absent. [px] */
  readonly height?: number;
}

/** What surrounds the panels. */
export interface LinesOptions extends Pick<Figure, "title" | "subtitle" | "description"> {
  /** Horizontal axis of every panel. */
  readonly x: Axis;
  /** What the spread around lines is; absent if there is none. */
  readonly spread?: string;
  /** Panels side by side where there is room; 1 if absent. */
  readonly columns?: number;
}

/**
 * A figure of lines.
 *
 * @example
 * ```ts
 * import { lines } from "./lines.ts";
 * import { policyStyle } from "../palette.ts";
 * const points = [{ x: 0, y: 1 }, { x: 1, y: 4 }];
 * const { legend } = lines([{
 *   lines: [{ label: "cost", style: policyStyle("learned"), points }],
 *   y: { label: "cost [EUR]" },
 * }], { title: "It rises", subtitle: "", description: "A line.", x: { label: "time [h]" } });
 * if (legend[0].label !== "cost") throw new Error("a line is in the legend");
 * ```
 */
export function lines(
  panels: readonly LinePanel[],
  { x, spread, columns = 1, ...texts }: LinesOptions,
): Figure {
  return {
    ...texts,
    legend: legendOf(panels.flatMap((panel) => panel.lines), spread),
    panels: panels.map((panel, k) => {
      // Panels under each other share the label of the last one.
      const labelled = columns > 1 || k === panels.length - 1;
      return drawPanel(panel, labelled ? x : { ...x, label: "" }, columns);
    }),
    columns,
  };
}

const SYMBOLS = { line: "line", step: "line", area: "area", dots: "dot" } as const;

function legendOf(all: readonly Line[], spread: string | undefined): LegendItem[] {
  const entries = new Map(all.map(({ label, style, shape }) =>
    [label, {
      label,
      style,
      symbol: SYMBOLS[shape ?? "line"],
    }] as const
  ));
  const banded = all.find(({ points }) => points.some(hasSpread));
  const area = spread === undefined || banded === undefined
    ? []
    : [{ label: spread, symbol: "area" as const, style: banded.style }];
  const items = [...entries.values(), ...area];
  return items.length === 1 && items[0].label === "" ? [] : items;
}

function drawPanel(
  { title, lines, y, rules = [], height = 300 }: LinePanel,
  x: Axis,
  columns: number,
): Panel {
  return {
    ...(title === undefined ? {} : { title }),
    height,
    options: {
      ...MARGINS,
      ...(columns > 1 ? { marginRight: 18 } : {}),
      x: { ...scaleOf(x), labelAnchor: "center", labelArrow: "none" },
      y: { ...VALUE_AXIS, nice: true, ...scaleOf(y) },
      marks: [
        rules.map((value) => Plot.ruleY([value], { strokeOpacity: 0.6 })),
        ...lines.toReversed().map(marksOf),
      ],
    },
  };
}

function scaleOf({ label, domain, ticks, tickFormat, kind = "linear" }: Axis): Plot.ScaleOptions {
  if (kind === "clock") return { ...CLOCK_AXIS, label: label || null };
  return {
    label: label || null,
    type: kind,
    ...(domain === undefined ? {} : { domain: [...domain] }),
    ...(ticks === undefined ? {} : { ticks: [...ticks] }),
    ...(tickFormat === undefined ? {} : { tickFormat }),
  };
}

function marksOf({ points: given, style, shape = "line" }: Line): Plot.Markish[] {
  const isHeld = shape === "step" || shape === "area";
  const points = isHeld ? held(given) : given;
  const place = { x: "x", curve: isHeld ? "step-after" : "linear" } as const;
  if (shape === "area") {
    return [Plot.areaY(points, { ...place, y: "y", fill: style.colour, fillOpacity: 0.45 })];
  }
  const band = { y1: "low", y2: "high", fill: style.colour, fillOpacity: BAND_OPACITY };
  return [
    Plot.areaY(points.filter(hasSpread), { ...place, ...band }),
    shape === "dots"
      ? Plot.dot(points, { x: "x", y: "y", r: 2.6, fill: style.colour, fillOpacity: 0.75 })
      : Plot.lineY(points, { ...place, y: "y", ...stroke(style) }),
  ];
}

/** Values that hold until the next point: the last one as long as the one before. */
function held(points: readonly Point[]): readonly Point[] {
  const [before, last] = points.slice(-2);
  return last === undefined ? points : [...points, { ...last, x: 2 * last.x - before.x }];
}

function hasSpread({ low, high }: Point): boolean {
  return low !== undefined && high !== undefined;
}
