/**
 * What can be taken away from a run: the day as CSV, in the form of `evaluation_results.csv`, and the
 * charts of `deno task plot` as SVG and PNG.
 *
 * @module
 */

import { resultsCsv } from "../evaluation/export.ts";
import type { Records } from "../evaluation/records.ts";
import type { LiveDay } from "./live_day.ts";
import { liveResults } from "./results.ts";
import type { Figure } from "../report/figure.ts";
import { batterySoc } from "../report/figures/battery_soc.ts";
import { gridFlow } from "../report/figures/grid_flow.ts";
import { marketPrices } from "../report/figures/market_prices.ts";
import { renderPng, renderSvg } from "../report/render.ts";
import type { Run } from "./run.ts";

/** A file to take away. */
export interface Export {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly name: string;
}

const FIGURES = { market_prices: marketPrices, grid_flow: gridFlow, battery_soc: batterySoc };

/**
 * The export of this name: `day.csv`, or a figure such as `grid_flow.svg`.
 *
 * @throws {RangeError} If there is none, or nothing has been played yet.
 */
export async function exportOf(run: Run, file: string): Promise<Export> {
  const [, name, kind] = /^(\w+)\.(csv|svg|png)$/.exec(file) ?? [];
  const known = [
    "day.csv",
    ...Object.keys(FIGURES).flatMap((name) => [`${name}.svg`, `${name}.png`]),
  ];
  if (!known.includes(file)) {
    throw new RangeError(`no export "${file}"; there are: ${known.join(", ")}`);
  }
  const { setup } = run.moment;
  const label = `${setup.day}-${setup.policy.replaceAll(/[^\w-]+/g, "-")}-${file}`;
  return await run.read(() => {
    const { day } = run;
    if (day.step === 0) throw new RangeError("nothing has been played yet; play a slot first");
    if (kind === "csv") {
      const body = [...resultsCsv(day.records.map((books) => played(books, day)), day.dataset)];
      return { body: body.join(""), type: "text/csv; charset=utf-8", name: label };
    }
    const svg = renderSvg(figureOf(name as keyof typeof FIGURES, day));
    return kind === "svg"
      ? { body: svg, type: "image/svg+xml", name: label }
      : { body: new Uint8Array(renderPng(svg)), type: "image/png", name: label };
  });
}

function figureOf(name: keyof typeof FIGURES, day: LiveDay): Figure {
  const results = liveResults(day);
  const { currency } = day.dataset.community;
  return FIGURES[name](results, { policy: results.policies[0], currency });
}

/** The books of the slots that are done. */
function played(records: Records, { step }: LiveDay): Records {
  return { ...records, slotsPerEpisode: step };
}
