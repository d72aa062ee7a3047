/**
 * A figure is data: its finding as the title, a legend and one or more panels of marks. What draws
 * it decides on the size of the letters; what makes it does not touch a document.
 *
 * @module
 */

import type { LineStyle } from "./palette.ts";

/** Width of a figure. [px] */
export const FIGURE_WIDTH = 720;

/** Width of a figure on a phone. [px] */
export const NARROW_FIGURE_WIDTH = 358;

/** Space between a figure's edge and its text. [px] */
export const FIGURE_MARGIN = 16;

/** An entry of the legend. */
export interface LegendItem {
  /** What is drawn. */
  readonly label: string;
  /** Sample of a line or of an area. */
  readonly symbol: "line" | "area" | "dot";
  /** How it is drawn. */
  readonly style: LineStyle;
}

/** One chart of a figure. */
export interface Panel {
  /** Stands above the chart; absent for none. */
  readonly title?: string;
  /** Height with axes. [px] */
  readonly height: number;
  /** Marks and scales: options of `Plot.plot`. */
  readonly options: object;
  /** Options in their place where the figure is narrow; absent if the same will do. */
  readonly narrow?: object;
}

/** A figure, ready to be drawn. */
export interface Figure {
  /** The finding, computed from the data. */
  readonly title: string;
  /** What is drawn: which data, which days. */
  readonly subtitle: string;
  /** What there is to see, for those who cannot see it. */
  readonly description: string;
  /** In the order of importance; empty for none. */
  readonly legend: readonly LegendItem[];
  /** From top to bottom with a common horizontal axis, or in rows of `columns`. */
  readonly panels: readonly Panel[];
  /** Panels side by side where there is room; 1 if absent. */
  readonly columns?: number;
}
