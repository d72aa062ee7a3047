/**
 * Figures as files.
 *
 * @module
 */

import type { Figure } from "./figure.ts";
import { renderPng, renderSvg } from "./render.ts";

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
