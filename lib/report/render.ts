/**
 * Figures as files: SVG text and PNG pixels that show the same, on any machine. The renderer draws no
 * text at all without a font and says nothing, so the fonts are a package of this project, and those
 * of the machine are left out.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { DOMParser } from "linkedom";
import { drawFigure, type SvgDocument } from "./draw.ts";
import { type Figure, FIGURE_WIDTH } from "./figure.ts";
import { loadPackage } from "../packages.ts";

const FONTS = "dejavu-fonts-ttf";
const FONT_FILES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

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
  // Of XML, because a document of HTML would leave `<` and `&` in attributes as they are.
  const xml: unknown = new DOMParser().parseFromString("<svg/>", "image/svg+xml");
  return `${drawFigure(figure, xml as SvgDocument, width).outerHTML}\n`;
}

/** The text of an SVG file as a PNG with `scale` pixels per unit; 2 suits fine screens and print. */
export async function renderPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await loadPackage<typeof import("@resvg/resvg-js")>("@resvg/resvg-js");
  // The files of a package are there once something of it has been loaded.
  await loadPackage(FONTS);
  const fontFiles = FONT_FILES.map((name) =>
    fileURLToPath(import.meta.resolve(`${FONTS}/ttf/${name}`))
  );
  return new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontFiles,
      loadSystemFonts: false,
      defaultFontFamily: "DejaVu Sans",
    },
  }).render().asPng();
}

/** Every figure as SVG and as PNG, by file. */
export async function figureFiles(
  figures: Readonly<Record<string, Figure>>,
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const files: Record<string, string | Uint8Array> = {};
  for (const [name, figure] of Object.entries(figures)) {
    const svg = files[`${name}.svg`] = renderSvg(figure);
    files[`${name}.png`] = await renderPng(svg);
  }
  return files;
}
