/**
 * What a battery can do in a slot, by how full it is, and what the filter makes of requests.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "../figure.ts";
import { BAND_OPACITY, COLOURS } from "../palette.ts";
import { MARGINS, percent, stroke, VALUE_AXIS } from "./common.ts";

/** What is possible at a state of charge. */
export interface PowerLimits {
  /** State of charge at the start of the slot. */
  readonly socFraction: number;
  /** Largest charging power. [kW] */
  readonly chargeLimitKw: number;
  /** Largest discharging power, as a magnitude. [kW] */
  readonly dischargeLimitKw: number;
}

/** A request and what became of it. */
export interface FilteredRequest {
  /** State of charge at the start of the slot. */
  readonly socFraction: number;
  /** Requested power; charging > 0. [kW] */
  readonly requestedKw: number;
  /** Power that is carried out. [kW] */
  readonly feasibleKw: number;
}

const REGION = { colour: COLOURS.battery, width: 2 };
const REQUEST = { colour: "#707070", width: 1.25, dash: "2 2" };

/** The feasible powers by state of charge, and every request moved into them. */
export function feasibleSet(
  limits: readonly PowerLimits[],
  requests: readonly FilteredRequest[],
): Figure {
  const cut = requests.filter(({ requestedKw, feasibleKw }) => requestedKw !== feasibleKw);
  const passed = requests.filter(({ requestedKw, feasibleKw }) => requestedKw === feasibleKw);
  return {
    title: `The filter moves ${percent(cut.length / requests.length)} of random requests to the ` +
      "nearest power that the battery can do, and lets the others pass",
    subtitle: "The green region is all that is possible within the slot at that state of charge.",
    description:
      "Feasible battery power against state of charge as a region that narrows to zero " +
      "charging when full and zero discharging when empty. Dots are requests; dotted lines lead " +
      "those outside to the edge.",
    legend: [
      { label: "feasible", symbol: "area", style: REGION },
      { label: "passed as it is", symbol: "dot", style: REGION },
      { label: "asked for", symbol: "dot", style: REQUEST },
      { label: "moved to the edge", symbol: "line", style: REQUEST },
    ],
    panels: [{
      height: 380,
      options: {
        ...MARGINS,
        x: {
          label: "state of charge at the start of the slot [%]",
          labelAnchor: "center",
          labelArrow: "none",
          domain: [0, 100],
          percent: true,
        },
        y: { ...VALUE_AXIS, label: "battery power, charging > 0 [kW]", nice: true },
        marks: [
          Plot.areaY(limits, {
            x: "socFraction",
            y1: (limit: PowerLimits) => -limit.dischargeLimitKw,
            y2: "chargeLimitKw",
            fill: REGION.colour,
            fillOpacity: BAND_OPACITY,
          }),
          Plot.ruleY([0]),
          Plot.link(cut, {
            x: "socFraction",
            y1: "requestedKw",
            y2: "feasibleKw",
            ...stroke(REQUEST),
          }),
          Plot.dot(cut, {
            x: "socFraction",
            y: "requestedKw",
            r: 3.5,
            fill: REQUEST.colour,
          }),
          Plot.dot(cut, { x: "socFraction", y: "feasibleKw", r: 3, fill: REGION.colour }),
          Plot.dot(passed, { x: "socFraction", y: "requestedKw", r: 3.5, fill: REGION.colour }),
        ],
      },
    }],
  };
}
