/**
 * Figures as files.
 *
 * @module
 */

import type { Figure } from "./figure.ts";
import { renderPng, renderSvg } from "./render.ts";

/** Every figure as SVG and as PNG, by file. */
export function figureFiles(
  figures: Readonly<Record<string, Figure>>,
): Readonly<Record<string, string | Uint8Array>> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) => {
      const svg = renderSvg(figure);
      return [[`${name}.svg`, svg], [`${name}.png`, renderPng(svg)]];
    }),
  );
}
