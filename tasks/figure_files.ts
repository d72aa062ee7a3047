/**
 * Figures as files.
 *
 * @module
 */

import type { Figure } from "../lib/report/figure.ts";
import { renderPng, renderSvg } from "../lib/report/render.ts";
import { writeTogether } from "./files.ts";

/** Writes every figure into `folder` by its name, as SVG and as PNG; all or none. */
export async function writeFigures(
  folder: string,
  figures: ReadonlyMap<string, Figure>,
): Promise<void> {
  const files = new Map<string, string | Uint8Array>();
  for (const [name, figure] of figures) {
    const svg = renderSvg(figure);
    files.set(`${folder}/${name}.svg`, svg).set(`${folder}/${name}.png`, renderPng(svg));
  }
  await writeTogether(files);
}
