/**
 * One colour per thing, in every figure. The colours differ in lightness as well as in hue (after
 * Okabe and Ito, "Color Universal Design", 2008), and lines of different policies differ in their
 * dashes too, so that a figure can be read in greyscale and by the colour-blind.
 *
 * @module
 */

import { policyOfRun } from "../evaluation/ladder.ts";

/** Colours of what flows and what it costs. */
export const COLOURS = {
  /** Generation of the solar panels. */
  solar: "#e6a700",
  /** Charging, discharging and state of charge. */
  battery: "#009e73",
  /** Energy from the grid, and its price. */
  gridImport: "#d55e00",
  /** Energy into the grid, and the feed-in tariff. */
  gridExport: "#56b4e9",
  /** The auction: what prosumers sell to each other, and its price. */
  trade: "#5b2a86",
  /** Consumption. */
  load: "#1a1a1a",
  /** Carbon dioxide. */
  co2: "#8a7f72",
} as const;

/** Opacity of areas that show a spread. */
export const BAND_OPACITY = 0.22;

/** How a line is drawn. */
export interface LineStyle {
  /** Colour as `#rrggbb`. */
  readonly colour: string;
  /** Lengths of dashes and gaps; absent for a solid line. [px] */
  readonly dash?: string;
  /** Width of the line. [px] */
  readonly width: number;
}

const POLICIES: Readonly<Record<string, LineStyle>> = {
  "learned": { colour: "#0072b2", width: 2.5 },
  "optimum": { colour: "#000000", dash: "1.5 3", width: 2 },
  "optimum-no-trade": { colour: "#4d4d4d", dash: "1.5 5", width: 2 },
  "mpc": { colour: "#cc79a7", dash: "9 3 2 3", width: 2 },
  "mpc-local": { colour: "#8f3d6b", dash: "9 3 2 3 2 3", width: 2 },
  "grid-only": { colour: "#707070", dash: "7 4", width: 1.75 },
  "trade-only": { colour: "#a0b400", dash: "4 2", width: 1.75 },
  "self-consumption": { colour: "#8c510a", dash: "3 3", width: 1.75 },
  "time-of-use": { colour: "#2f8f87", dash: "11 4", width: 1.75 },
  "zero-intelligence": { colour: "#b09ad0", dash: "6 2 1.5 2 1.5 2", width: 1.75 },
};

/** The line of a policy, the same for all its seeds; one that is not among the known ones is drawn neutrally. */
export function policyStyle(policy: string): LineStyle {
  return POLICIES[policyOfRun(policy)] ?? { colour: "#404040", dash: "5 2 1.5 2", width: 1.75 };
}

/**
 * What stands in the place of a colour on a dark page: those that would be too dark are made lighter
 * in the same hue, paper becomes dark and ink light.
 */
export const ON_DARK: Readonly<Record<string, string>> = {
  "#ffffff": "#1c1f24",
  "white": "#1c1f24",
  "#1a1a1a": "#e4e6ea",
  "#000000": "#ffffff",
  "#4d4d4d": "#b8bcc2",
  "#404040": "#b8bcc2",
  "#707070": "#9da2a9",
  "#0072b2": "#5aaef0",
  "#5b2a86": "#b791e8",
  "#8f3d6b": "#d987b3",
  "#8c510a": "#cf9550",
  "#2f8f87": "#57bdb4",
  "#8a7f72": "#b3a99c",
  "#9a6f00": "#e6a700",
};

/** Policies that have a line of their own. */
export const KNOWN_POLICIES: readonly string[] = Object.keys(POLICIES);
