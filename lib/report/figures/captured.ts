/**
 * How much of the possible saving each policy captures, and how sure that is.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { LadderRow } from "../../evaluation/ladder.ts";
import { differ } from "../../evaluation/statistics.ts";
import { shown } from "../../text/shown.ts";
import type { Figure } from "../figure.ts";
import { COLOURS, policyStyle } from "../palette.ts";
import { fixed, MARGINS } from "./common.ts";

/** What is compared. */
export interface CapturedOptions {
  /** The set-up, in a line. */
  readonly subject: string;
}

interface Bar {
  readonly policy: string;
  readonly captured: number;
  readonly low: number;
  readonly high: number;
}

const ROW_HEIGHT = 32;
/** Room for names: at least so much, and more for longer ones where there is any. [px] */
const NAMES_WIDTH = 150;
const NAME_PX_PER_CHARACTER = 7.2;
const LONGEST_NARROW_NAME = 17;
const VALUES_WIDTH = 158;
const NARROW_VALUES_WIDTH = 66;

/**
 * A row per policy: captured share as a dot, its 95 % interval as a line, both in words beside it.
 *
 * @throws {RangeError} If no policy has a captured share.
 *
 * @example
 * ```ts
 * import { captured } from "./captured.ts";
 * const row = {
 *   policy: "learned",
 *   seeds: 5,
 *   days: 72,
 *   costPerDay: 18,
 *   captured: 0.9,
 *   capturedLow: 0.88,
 *   capturedHigh: 0.92,
 *   capturedIqm: 0.9,
 *   capturedIqmLow: 0.89,
 *   capturedIqmHigh: 0.91,
 *   welfareLostPerDay: 1,
 *   insideFraction: 0.6,
 *   competitiveCorrelation: 0.95,
 *   competitiveDistancePerKwh: 0.01,
 *   churnFraction: 0,
 *   meanPeakKw: 30,
 *   prosumersWorseOff: 0,
 *   worstProsumerCostChangePerDay: -1,
 *   residualViolations: 0,
 *   microsecondsPerDecision: 1,
 * };
 * const { title } = captured([row], { subject: "ten homes" });
 * if (!title.startsWith("learned captures 90.0 %")) throw new Error(title);
 * ```
 */
export function captured(rows: readonly LadderRow[], { subject }: CapturedOptions): Figure {
  const bars = rows.flatMap(({ policy, captured, capturedLow, capturedHigh }) =>
    captured === null ? [] : [{ policy, captured, low: capturedLow!, high: capturedHigh! }]
  ).toSorted((a, b) => b.captured - a.captured);
  if (bars.length === 0) {
    throw new RangeError("no policy has a captured share; nothing could be saved on these days");
  }
  const seeds = Math.max(...rows.map((row) => row.seeds));
  return {
    title: finding(bars),
    subtitle: `${subject}. Share of the saving that perfect foresight makes possible; ` +
      `${rows[0].days} test days${seeds > 1 ? `, ${seeds} training seeds` : ""}, 95 % intervals.`,
    description: "For each policy the captured share of the possible saving with its interval.",
    legend: [],
    panels: [{
      height: MARGINS.marginTop + MARGINS.marginBottom + ROW_HEIGHT * bars.length,
      options: chart(
        bars,
        VALUES_WIDTH,
        ({ captured, low, high }) => `${percent(captured)} %  [${percent(low)}, ${percent(high)}]`,
      ),
      narrow: chart(bars, NARROW_VALUES_WIDTH, ({ captured }) => `${percent(captured)} %`),
    }],
  };
}

/** Rows of dots with their intervals, and the values in words in a margin of their own. */
function chart(
  bars: readonly Bar[],
  valuesWidth: number,
  inWords: (bar: Bar) => string,
): Plot.PlotOptions {
  const left = Math.min(0, ...bars.map(({ low }) => low));
  const colour = ({ policy }: Bar) => policyStyle(policy).colour;
  const row = { y: "policy" } as const;
  const narrow = valuesWidth === NARROW_VALUES_WIDTH;
  const longest = Math.max(...bars.map(({ policy }) => policy.length));
  return {
    ...MARGINS,
    marginLeft: narrow ? NAMES_WIDTH : Math.max(NAMES_WIDTH, NAME_PX_PER_CHARACTER * longest + 12),
    marginRight: valuesWidth,
    x: {
      label: "captured share",
      ticks: narrow ? 2 : 5,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [left, 1],
      nice: true,
      grid: true,
      tickFormat: (share: number) => `${Math.round(100 * share)} %`.replace("-", "−"),
    },
    y: {
      domain: bars.map(({ policy }) => policy),
      label: null,
      tickSize: 0,
      ...(narrow && { tickFormat: (policy: string) => shown(policy, LONGEST_NARROW_NAME) }),
    },
    marks: [
      Plot.ruleX([0, 1], { stroke: COLOURS.load, strokeDasharray: "2 3" }),
      Plot.link(bars, {
        x1: "low",
        x2: "high",
        y1: "policy",
        y2: "policy",
        stroke: colour,
        strokeWidth: 2.5,
      }),
      ...(["low", "high"] as const).map((end) =>
        Plot.tickX(bars, { ...row, x: end, stroke: colour, strokeWidth: 2, inset: 7 })
      ),
      Plot.dot(bars, { ...row, x: "captured", r: 4, fill: colour }),
      Plot.text(bars, {
        ...row,
        frameAnchor: "right",
        textAnchor: "start",
        dx: 14,
        text: inWords,
      }),
    ],
  };
}

function finding(bars: readonly Bar[]): string {
  const learned = bars.find(({ policy }) => policy === "learned");
  const others = bars.filter(({ policy }) => !policy.startsWith("optimum"));
  const focus = learned ?? others[0] ?? bars[0];
  const rivals = others.filter(({ policy }) => policy !== focus.policy);
  const [rival] = rivals;
  const own = `${focus.policy} captures ${percent(focus.captured)} % of the possible saving`;
  if (rival === undefined) return own;
  const interval = ({ captured, low, high }: Bar) => ({ estimate: captured, low, high });
  const verdict = differ(interval(focus), interval(rival)) ? "" : ": their intervals overlap";
  return `${own}, ${rival.policy} ${percent(rival.captured)} %${verdict}`;
}

function percent(share: number): string {
  return fixed(100 * share, 1).replace("-", "−");
}
