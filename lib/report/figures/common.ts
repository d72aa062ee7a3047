/**
 * What figures of a day have in common: the clock below, the choice of policies, numbers in words.
 *
 * @module
 */

import type { HourStatistics } from "../../evaluation/by_hour.ts";
import type { CommunitySlot, Results } from "../../evaluation/results.ts";
import { DUST_KWH, HOURS_PER_DAY } from "../../units.ts";
import { FIGURE_MARGIN, type LegendItem } from "../figure.ts";
import { BAND_OPACITY, type LineStyle } from "../palette.ts";

/** Which part of an evaluation to show, and how. */
export interface FigureOptions {
  /** The policy in the foreground; if absent, `learned` or else the one that costs least. */
  readonly policy?: string;
  /** Policies beside it, where a figure shows several; those of its kind if absent. */
  readonly compare?: readonly string[];
  /** One local day such as `2025-06-21`; all days if absent. */
  readonly day?: string;
  /** What prices are in, such as `EUR`. */
  readonly currency: string;
}

/** Space around every chart, so that charts stand exactly above each other. */
export const MARGINS = { marginLeft: 58, marginRight: 34, marginTop: 30, marginBottom: 40 };

/** The horizontal axis of a day. */
export const CLOCK_AXIS: Readonly<Record<string, unknown>> = {
  domain: [0, HOURS_PER_DAY],
  ticks: [0, 3, 6, 9, 12, 15, 18, 21, 24],
  tickFormat: clock,
  label: "local time",
  labelAnchor: "center",
  labelArrow: "none",
};

/** The vertical axis: its label stands above it, in line with the title. */
export const VALUE_AXIS: Readonly<Record<string, unknown>> = {
  grid: true,
  labelArrow: "none",
  labelOffset: MARGINS.marginLeft - FIGURE_MARGIN,
};

/** The policy in the foreground. */
export function focusPolicy({ policies, slots }: Results, { policy }: FigureOptions): string {
  if (policy !== undefined && !policies.includes(policy)) {
    throw new RangeError(`no policy "${policy}" in the results; there are ${policies.join(", ")}`);
  }
  if (policy !== undefined) return policy;
  if (policies.includes("learned")) return "learned";
  const costs = new Map(policies.map((name) => [name, 0]));
  for (const slot of slots) costs.set(slot.policy, costs.get(slot.policy)! + slot.cost);
  return policies.reduce((a, b) => (costs.get(b)! < costs.get(a)! ? b : a));
}

/** The policy in the foreground and those beside it that the results hold, `usual` unless asked for. */
export function comparedPolicies(
  results: Results,
  options: FigureOptions,
  usual: readonly string[],
): string[] {
  const focus = focusPolicy(results, options);
  const present = (options.compare ?? usual).filter((name) =>
    name !== focus && results.policies.includes(name)
  );
  return [focus, ...present];
}

/** The slots of one policy on the days to show. */
export function slotsOf(
  { slots, days }: Results,
  policy: string,
  { day }: FigureOptions,
): CommunitySlot[] {
  if (day !== undefined && !days.includes(day)) {
    const next = days.find((known) => known > day) ?? days.at(-1);
    throw new RangeError(
      `no day "${day}" among the ${days.length} in the results, from ${days[0]} to ` +
        `${days.at(-1)}; try ${next}`,
    );
  }
  return slots.filter((slot) => slot.policy === policy && (day === undefined || slot.day === day));
}

/** The days to show. */
export function daysShown({ days }: Results, { day }: FigureOptions): readonly string[] {
  return day === undefined ? days : [day];
}

/** The days to show, in words. */
export function daysInWords(results: Results, options: FigureOptions): string {
  const days = daysShown(results, options);
  return days.length === 1 ? days[0] : `${days.length} days between ${days[0]} and ${days.at(-1)}`;
}

/** What the spread over days is called. */
export const SPREAD = "middle half of the days";

/** Legend of the spread over days; a single day has none. */
export function bandLegend(
  results: Results,
  options: FigureOptions,
  style: LineStyle,
): LegendItem[] {
  if (daysShown(results, options).length === 1) return [];
  return [{ label: SPREAD, symbol: "area", style }];
}

/** Slots as steps: the last one holds to its end. */
export function steps(hours: readonly HourStatistics[], dtHours: number): HourStatistics[] {
  const last = hours.at(-1);
  return last === undefined ? [] : [...hours, { ...last, hourOfDay: last.hourOfDay + dtHours }];
}

/** How a mark draws its line. */
export interface Stroke {
  /** Colour. */
  readonly stroke: string;
  /** Width. [px] */
  readonly strokeWidth: number;
  /** Dashes and gaps. [px] */
  readonly strokeDasharray?: string;
}

/** A line in its style, as options of a mark. */
export function stroke({ colour, dash, width }: LineStyle): Stroke {
  const solid = { stroke: colour, strokeWidth: width };
  return dash === undefined ? solid : { ...solid, strokeDasharray: dash };
}

/** The middle half of the days, as options of an area. */
export const BAND = {
  y1: "lowerQuartile",
  y2: "upperQuartile",
  fillOpacity: BAND_OPACITY,
} as const;

/** Hours as a time on the clock: 6.5 is `06:30`. */
export function clock(hourOfDay: number): string {
  const minutes = Math.round(hourOfDay * 60);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A number with three significant digits; the rounding errors of sums are 0. */
export function rounded(value: number): string {
  const sound = Math.abs(value) < DUST_KWH ? 0 : value;
  return sound.toLocaleString("en-US", { maximumSignificantDigits: 3, signDisplay: "negative" });
}

/** A number with so many decimals. */
export function fixed(value: number, decimals: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: "negative",
  });
}

/** A share in percent. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
