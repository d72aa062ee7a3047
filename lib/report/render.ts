/**
 * Figures as files: SVG text and PNG pixels that show the same, on any machine. The renderer draws no
 * text at all without a font and says nothing, so the fonts are a package of this project, and those
 * of the machine are left out.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { DOMParser } from "linkedom";
import { drawFigure, type Layout, type SvgDocument } from "./draw.ts";
import type { Figure } from "./figure.ts";
import { loadPackage } from "../packages.ts";
import { pdfOf } from "../programs/browser.ts";

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
export function renderSvg(figure: Figure, layout: Layout = {}): string {
  // Of XML, because a document of HTML would leave `<` and `&` in attributes as they are.
  const xml: unknown = new DOMParser().parseFromString("<svg/>", "image/svg+xml");
  return `${drawFigure(figure, xml as SvgDocument, layout).outerHTML}\n`;
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

/** Formats in which figures are written. */
export const FIGURE_FORMATS = ["svg", "png", "pdf"] as const;

/** A format in which figures are written. */
export type FigureFormat = typeof FIGURE_FORMATS[number];

/** Pixels of a PNG for each unit on paper, which makes 300 to the inch of it. */
const PAPER_SCALE = 300 / 96;

/** Every figure as SVG and as PNG, or in the formats of one's choice, by file. */
export async function figureFiles(
  figures: Readonly<Record<string, Figure>>,
  layout: Layout = {},
  formats: readonly FigureFormat[] = ["svg", "png"],
): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const files: Record<string, string | Uint8Array> = {};
  const scale = layout.widthMm === undefined ? undefined : PAPER_SCALE;
  for (const [name, figure] of Object.entries(figures)) {
    const svg = renderSvg(figure, layout);
    for (const format of formats) {
      files[`${name}.${format}`] = format === "svg"
        ? svg
        : format === "png"
        ? await renderPng(svg, scale)
        : await printFigure(svg);
    }
  }
  return files;
}

/** A page as large as a figure, printed. */
async function printFigure(svg: string): Promise<Uint8Array> {
  const size = ["width", "height"].map((side) => {
    const length = new RegExp(`<svg[^>]* ${side}="([^"]+)"`).exec(svg)![1];
    return length.endsWith("mm") ? length : `${length}px`;
  });
  return await pdfOf(
    `<!DOCTYPE html><meta charset="utf-8"><style>@page { size: ${size.join(" ")}; margin: 0 } ` +
      `body { margin: 0 } svg { display: block }</style>${svg}`,
  );
}
