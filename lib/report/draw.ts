/**
 * Lays a figure out as one self-contained SVG with title and legend inside, so that a page, a file
 * and a PNG show the same.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type Figure, FIGURE_MARGIN, FIGURE_WIDTH, type LegendItem, type Panel } from "./figure.ts";
import { BAND_OPACITY, type LineStyle } from "./palette.ts";

/** The part of a DOM element that drawing needs. */
export interface SvgElement {
  /** Child nodes, text included. */
  readonly childNodes: Iterable<SvgElement>;
  /** Name of the element, in any case. */
  readonly nodeName: string;
  /** Markup of the element. */
  readonly outerHTML: string;
  /** Sets an attribute. */
  setAttribute(name: string, value: string): void;
  /** Adds children. */
  append(...nodes: (SvgElement | string)[]): void;
}

/** The part of a DOM document that drawing needs; a browser's will do. */
export interface SvgDocument {
  /** Makes an element. */
  createElementNS(namespace: string, name: string): SvgElement;
}

/** The packaged font first, then fonts of about its width. */
export const FONT_FAMILY = "DejaVu Sans, Verdana, Geneva, sans-serif";

const SVG = "http://www.w3.org/2000/svg";
const INK = "#1a1a1a";
// An upper estimate of how wide a character of running text is in the packaged font.
const TITLE = { size: 15, leading: 22, emPerCharacter: 0.67, fill: INK, "font-weight": "bold" };
const SUBTITLE = {
  size: 12,
  leading: 17,
  emPerCharacter: 0.58,
  fill: INK,
  "font-weight": "normal",
};
const PANEL_TITLE = { ...SUBTITLE, "font-weight": "bold" };
const LEGEND = { size: 12, leading: 20, emPerCharacter: 0.56, sample: 30, gap: 20 };
const AXIS_TEXT = { "font-size": 11.5, "text-anchor": "middle" };

/** Below this width panels stand under each other and every second tick is left out. [px] */
const NARROW = 480;

/** How a figure is laid out. */
export interface Layout {
  /**
   * Width of the figure, 720 if absent; letters keep their size, so that a narrow figure can be read
   * on a phone. [px]
   */
  readonly width?: number;
  /** Width on paper; the width in pixels follows, so that letters are of 7 pt. [mm] */
  readonly widthMm?: number;
  /** Whether title and subtitle stand in it, as they do if this is left out. */
  readonly titled?: boolean;
}

/** Size of the letters on paper. [pt] */
const PAPER_LETTERS_PT = 7;
const MM_PER_PT = 25.4 / 72;

/** Draws a figure as one SVG element. */
export function drawFigure(
  figure: Figure,
  document: SvgDocument,
  { widthMm, width: screen = FIGURE_WIDTH, titled = true }: Layout = {},
): SvgElement {
  const mmPerPx = PAPER_LETTERS_PT * MM_PER_PT / AXIS_TEXT["font-size"];
  const width = widthMm === undefined ? screen : widthMm / mmPerPx;
  const element = elementMaker(document);
  const root = element("svg", {
    xmlns: SVG,
    role: "img",
    "aria-label": figure.title,
    "aria-description": figure.description,
    "font-family": FONT_FAMILY,
    fill: INK,
    color: INK,
  });
  root.append(element("rect", { fill: "#ffffff", width: "100%", height: "100%" }));
  let y = FIGURE_MARGIN;
  if (titled) {
    y = drawText(figure.title, TITLE, [0, y, width], root, element);
    y = drawText(figure.subtitle, SUBTITLE, [0, y, width], root, element);
  }
  y = drawLegend(figure.legend, y, width, root, element);
  const columns = width < NARROW ? 1 : figure.columns ?? 1;
  const panelWidth = width / columns;
  for (let first = 0; first < figure.panels.length; first += columns) {
    const row = figure.panels.slice(first, first + columns);
    const tops = row.map(({ title = "" }, k) =>
      drawText(title, PANEL_TITLE, [k * panelWidth, y, panelWidth], root, element)
    );
    const top = Math.max(...tops);
    row.forEach((panel, k) => {
      const place = { transform: `translate(${k * panelWidth},${top})`, ...AXIS_TEXT };
      const group = element("g", place);
      group.append(...drawPanel(panel, panelWidth, document));
      root.append(group);
    });
    y = top + Math.max(...row.map(({ height }) => height));
    if (row.some(({ title }) => title !== undefined)) y += FIGURE_MARGIN / 2;
  }
  y += FIGURE_MARGIN / 2;
  const length = (px: number) => widthMm === undefined ? String(px) : `${px * mmPerPx}mm`;
  root.setAttribute("width", length(width));
  root.setAttribute("height", length(y));
  root.setAttribute("viewBox", `0 0 ${width} ${y}`);
  return root;
}

function drawPanel(
  { height, options, narrow }: Panel,
  width: number,
  document: SvgDocument,
): SvgElement[] {
  const full = (width < NARROW ? narrow ?? options : options) as Plot.PlotOptions;
  const ticks = full.x?.ticks;
  const thin = width < NARROW && Array.isArray(ticks)
    ? { x: { ...full.x, ticks: ticks.filter((_, k) => k % 2 === 0) } }
    : {};
  const all = { ...full, ...thin, document, width, height };
  // Plot's types ask for a whole browser; the part of one that is there is enough.
  const chart = Plot.plot(all as unknown as Plot.PlotOptions) as unknown as SvgElement;
  // Plot's style sheet is for a chart that stands alone in a page.
  return [...chart.childNodes].filter(({ nodeName }) => !/^style$/i.test(nodeName));
}

type ElementMaker = ReturnType<typeof elementMaker>;

function elementMaker(document: SvgDocument) {
  return (
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    text?: string,
  ): SvgElement => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== undefined) made.append(text);
    return made;
  };
}

/** Draws a text over as many lines as its place needs, and returns where it ends. */
function drawText(
  text: string,
  { size, leading, emPerCharacter, ...attributes }: typeof TITLE,
  [left, top, width]: readonly [left: number, top: number, width: number],
  root: SvgElement,
  element: ElementMaker,
): number {
  if (text === "") return top;
  const lines = wrap(text, (width - 2 * FIGURE_MARGIN) / (emPerCharacter * size));
  lines.forEach((line, k) => {
    const place = { x: left + FIGURE_MARGIN, y: top + k * leading + size, "font-size": size };
    root.append(element("text", { ...place, ...attributes }, line));
  });
  return top + lines.length * leading;
}

/** Draws the legend below `top` and returns where it ends. */
function drawLegend(
  legend: readonly LegendItem[],
  top: number,
  figureWidth: number,
  root: SvgElement,
  element: ElementMaker,
): number {
  if (legend.length === 0) return top;
  let [x, y] = [FIGURE_MARGIN, top + LEGEND.gap / 4];
  for (const { label, symbol, style } of legend) {
    const width = LEGEND.sample + label.length * LEGEND.emPerCharacter * LEGEND.size;
    if (x > FIGURE_MARGIN && x + width > figureWidth - FIGURE_MARGIN) {
      [x, y] = [FIGURE_MARGIN, y + LEGEND.leading];
    }
    const middle = y + LEGEND.leading / 2;
    root.append(
      legendSample(symbol, style, x, middle, element),
      element("text", { x: x + LEGEND.sample, y: middle + 4, "font-size": LEGEND.size }, label),
    );
    x += width + LEGEND.gap;
  }
  return y + LEGEND.leading + LEGEND.gap / 4;
}

function legendSample(
  symbol: LegendItem["symbol"],
  { colour, dash, width }: LineStyle,
  x: number,
  y: number,
  element: ElementMaker,
): SvgElement {
  switch (symbol) {
    case "line":
      return element("path", {
        d: `M${x},${y}h24`,
        fill: "none",
        stroke: colour,
        "stroke-width": width,
        ...(dash === undefined ? {} : { "stroke-dasharray": dash }),
      });
    case "area":
      return element("rect", {
        x,
        y: y - 6,
        width: 24,
        height: 12,
        fill: colour,
        "fill-opacity": BAND_OPACITY,
      });
    case "dot":
      return element("circle", { cx: x + 12, cy: y, r: 4, fill: colour });
  }
}

/** Breaks a text into lines of at most `columns` characters, between words. */
function wrap(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line !== "" && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
