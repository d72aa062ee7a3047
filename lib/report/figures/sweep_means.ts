/**
 * A metric of a sweep's configurations: mean over seeds and how sure it is.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { MeanRow } from "../../sweep/results.ts";
import type { Figure } from "../figure.ts";
import { COLOURS } from "../palette.ts";
import { MARGINS, rounded } from "./common.ts";

/** Most configurations that one chart holds. */
const MOST_ROWS = 60;
const ROW_HEIGHT = 28;
const NAMES_WIDTH = 220;
const VALUES_WIDTH = 170;
const NARROW_VALUES_WIDTH = 60;
/** Longest name of a row. [characters] */
const LONGEST = 34;

/**
 * A row per configuration, in the order of the specification: the mean as a dot, its 95 % interval as
 * a line, both in words beside it.
 *
 * @throws {RangeError} If there are no rows.
 *
 * @example
 * ```ts
 * import { sweepMeans } from "./sweep_means.ts";
 * const row = { parameters: {}, metric: "captured", seeds: 3, low: 0.7, high: 0.9 };
 * const { title } = sweepMeans([
 *   { ...row, place: 0, label: "gaeLambda 0.9", mean: 0.8 },
 *   { ...row, place: 1, label: "gaeLambda 0.95", mean: 0.85 },
 * ], "example");
 * if (title !== "captured: 0.8 to 0.85 over 2 configurations") throw new Error(title);
 * ```
 */
export function sweepMeans(means: readonly MeanRow[], sweep: string): Figure {
  if (means.length === 0) throw new RangeError("there are no results to draw");
  const bars = means.slice(0, MOST_ROWS).map(({ place, label, mean, low, high }) => ({
    name: label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label,
    ...{ place, mean, low: low ?? mean, high: high ?? mean, isSure: low !== null },
  }));
  const [{ metric }] = means;
  const seeds = Math.max(...means.map(({ seeds }) => seeds));
  const values = means.map(({ mean }) => mean);
  const [least, most] = [Math.min(...values), Math.max(...values)].map(rounded);
  const count = means.length === 1 ? "one configuration" : `${means.length} configurations`;
  const chart = (valuesWidth: number, inWords: (bar: (typeof bars)[number]) => string) => ({
    ...MARGINS,
    marginLeft: NAMES_WIDTH,
    marginRight: valuesWidth,
    x: {
      label: metric,
      ticks: 4,
      nice: true,
      grid: true,
      labelAnchor: "center" as const,
      labelArrow: "none" as const,
      ...(least === most && { domain: [Number(values[0]) - 1, Number(values[0]) + 1] }),
    },
    y: {
      domain: bars.map(({ place }) => place),
      tickFormat: (place: number) => bars.find((bar) => bar.place === place)!.name,
      type: "band" as const,
      label: null,
      tickSize: 0,
    },
    marks: [
      Plot.link(bars, {
        ...{ x1: "low", x2: "high", y1: "place", y2: "place" },
        stroke: COLOURS.trade,
        strokeWidth: 2.5,
      }),
      Plot.dot(bars, { x: "mean", y: "place", r: 4, fill: COLOURS.trade }),
      Plot.text(bars, {
        y: "place",
        frameAnchor: "right",
        textAnchor: "start",
        dx: 14,
        text: inWords,
      }),
    ],
  });
  return {
    title: `${metric}: ${least === most ? least : `${least} to ${most}`} over ${count}`,
    subtitle:
      `Sweep ${sweep}. Mean over ${
        seeds === 1 ? "one seed" : `at most ${seeds} seeds, 95 % intervals`
      }` + `${means.length > MOST_ROWS ? `; the first ${MOST_ROWS} configurations` : ""}.`,
    description: `Mean and interval of ${metric} for each configuration.`,
    legend: [],
    panels: [{
      height: MARGINS.marginTop + MARGINS.marginBottom + ROW_HEIGHT * bars.length,
      options: chart(
        VALUES_WIDTH,
        ({ mean, low, high, isSure }) =>
          isSure ? `${rounded(mean)}  [${rounded(low)}, ${rounded(high)}]` : rounded(mean),
      ),
      narrow: chart(NARROW_VALUES_WIDTH, ({ mean }) => rounded(mean)),
    }],
  };
}
