/**
 * What can be taken away from a live day: its slots as CSV, in the form of `evaluation_results.csv`,
 * and the charts of `deno task plot` as SVG and PNG.
 *
 * @module
 */

import { datasetText } from "../data/dataset_json.ts";
import { communityResults } from "../evaluation/community_results.ts";
import type { Figure } from "../report/figure.ts";
import { batterySoc } from "../report/figures/battery_soc.ts";
import { gridFlow } from "../report/figures/grid_flow.ts";
import { marketPrices } from "../report/figures/market_prices.ts";
import { dayCsv, playedForPeople } from "./day_csv.ts";
import type { LiveDay } from "./live_day.ts";
import type { Run } from "./run.ts";
import type { DayFile, Moment } from "./session.ts";

const FIGURES = { market_prices: marketPrices, grid_flow: gridFlow, battery_soc: batterySoc };
const KINDS = { svg: "image/svg+xml", png: "image/png" } as const;

/** Pages of a day, and of the week that begins with it. */
const PAGES = ["day.html", "week.html"];

/** Names of all other files. */
export const DAY_FILES: readonly string[] = [
  "day.csv",
  "data.json",
  ...Object.keys(FIGURES).flatMap((figure) =>
    Object.keys(KINDS).map((kind) => `${figure}.${kind}`)
  ),
];

/** Makes a page that plays by itself from a moment on. */
export type MakePage = (moment: Moment) => Promise<string>;

/**
 * The file `name` of what a run has played; `makePage` makes those that are
 * pages, and none are made without it.
 *
 * @throws {RangeError} If there is no such file, or nothing has been played yet.
 */
export async function takeAwayFile(
  run: Run,
  name: string,
  makePage?: MakePage,
): Promise<DayFile> {
  if (makePage !== undefined && PAGES.includes(name)) {
    const moment = await run.read(() => run.moment);
    const week = { setup: { ...moment.setup, atEnd: "week" as const }, step: 0, incidents: [] };
    const body = await makePage(name === "week.html" ? week : moment);
    return { body, type: "text/html; charset=utf-8" };
  }
  // Pictures are drawn once the day may go on.
  const content = await run.read(() => contentOf(run.day, name));
  if ("body" in content) return content;
  const { renderPng, renderSvg } = await import("../report/render.ts");
  const svg = renderSvg(content);
  return name.endsWith(".svg")
    ? { body: svg, type: KINDS.svg }
    : { body: new Uint8Array(await renderPng(svg)), type: KINDS.png };
}

function contentOf(day: LiveDay, name: string): DayFile | Figure {
  if (!DAY_FILES.includes(name)) {
    throw new RangeError(`no file "${name}" to take away; there are: ${DAY_FILES.join(", ")}`);
  }
  const csv = dayCsv(day);
  if (name === "day.csv") return csv;
  const { dataset } = day;
  if (name === "data.json") return { body: datasetText(dataset), type: "application/json" };
  const results = communityResults(playedForPeople(day), dataset);
  const figure = FIGURES[name.split(".")[0] as keyof typeof FIGURES];
  const { currency } = dataset.community;
  const [policy, ...compare] = results.policies;
  return figure(results, { policy, compare, currency });
}
