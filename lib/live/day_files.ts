/**
 * What can be taken away from a live day: its slots as CSV, in the form of `evaluation_results.csv`,
 * and the charts of `deno task plot` as SVG and PNG.
 *
 * @module
 */

import { communityResults } from "../evaluation/community_results.ts";
import { resultsCsv } from "../evaluation/export.ts";
import type { Figure } from "../report/figure.ts";
import { batterySoc } from "../report/figures/battery_soc.ts";
import { gridFlow } from "../report/figures/grid_flow.ts";
import { marketPrices } from "../report/figures/market_prices.ts";
import type { LiveDay } from "./live_day.ts";
import type { DayFile } from "./session.ts";

const FIGURES = { market_prices: marketPrices, grid_flow: gridFlow, battery_soc: batterySoc };
const KINDS = { svg: "image/svg+xml", png: "image/png" } as const;

/** What a file is made of, to be made once the day may go on. */
export type DayFileContent = { readonly csv: string } | { readonly figure: Figure };

/** Names of all files. */
export const DAY_FILES: readonly string[] = [
  "day.csv",
  ...Object.keys(FIGURES).flatMap((figure) =>
    Object.keys(KINDS).map((kind) => `${figure}.${kind}`)
  ),
];

/**
 * The content of the file `name`.
 *
 * @throws {RangeError} If there is no such file, or nothing has been played yet.
 */
export function dayFileContent(day: LiveDay, name: string): DayFileContent {
  if (!DAY_FILES.includes(name)) {
    throw new RangeError(`no file "${name}" to take away; there are: ${DAY_FILES.join(", ")}`);
  }
  const { step, dataset } = day;
  if (step === 0) throw new RangeError("nothing has been played yet; play a slot first");
  if (name === "day.csv") return { csv: [...resultsCsv(day.played, dataset)].join("") };
  const results = communityResults(day.played, dataset);
  const figure = FIGURES[name.split(".")[0] as keyof typeof FIGURES];
  const { currency } = dataset.community;
  return { figure: figure(results, { policy: results.policies[0], currency }) };
}

/** Makes a file of its content. */
export async function dayFile(content: DayFileContent, name: string): Promise<DayFile> {
  if ("csv" in content) return { body: content.csv, type: "text/csv; charset=utf-8" };
  const { renderPng, renderSvg } = await import("../report/render.ts");
  const svg = renderSvg(content.figure);
  return name.endsWith(".svg")
    ? { body: svg, type: KINDS.svg }
    : { body: new Uint8Array(await renderPng(svg)), type: KINDS.png };
}
