/**
 * Figures as files: SVG text and PNG pixels that show the same, on any machine. The renderer draws no
 * text at all without a font and says nothing, so the fonts are a package of this project, and those
 * of the machine are left out.
 *
 * @module
 */

import { Resvg } from "@resvg/resvg-js";
import { fileURLToPath } from "node:url";
import { newDocument } from "./dom.ts";
import { drawFigure } from "./draw.ts";
import { type Figure, FIGURE_WIDTH } from "./figure.ts";

const FONT_FILES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}`))
);

/**
 * A figure as the text of an SVG file.
 *
 * @example
 * ```ts
 * import { renderSvg } from "./render.ts";
 * const svg = renderSvg({
 *   title: "Nothing happened",
 *   subtitle: "",
 *   description: "An empty figure.",
 *   legend: [],
 *   panels: [],
 * });
 * if (!svg.startsWith("<svg")) throw new Error("expected an SVG");
 * ```
 */
export function renderSvg(figure: Figure, width: number = FIGURE_WIDTH): string {
  return `${drawFigure(figure, newDocument(), width).outerHTML}\n`;
}

/** The text of an SVG file as a PNG with `scale` pixels per unit; 2 suits fine screens and print. */
export function renderPng(svg: string, scale = 2): Uint8Array {
  return new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontFiles: FONT_FILES,
      loadSystemFonts: false,
      defaultFontFamily: "DejaVu Sans",
    },
  }).render().asPng();
}
