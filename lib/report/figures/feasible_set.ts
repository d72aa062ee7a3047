/**
 * What a battery can do in a slot, by how full it is, and what it did.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "../figure.ts";
import { BAND_OPACITY, COLOURS } from "../palette.ts";
import { MARGINS, VALUE_AXIS } from "./common.ts";

/** What is possible at a state of charge. */
export interface PowerLimits {
  /** State of charge at the start of the slot. */
  readonly socFraction: number;
  /** Largest charging power. [kW] */
  readonly chargeLimitKw: number;
  /** Largest discharging power, as a magnitude. [kW] */
  readonly dischargeLimitKw: number;
}

/** What a battery did, and could have done. */
export interface BatteryDeed extends PowerLimits {
  /** Its power; charging > 0. [kW] */
  readonly powerKw: number;
}

const REGION = { colour: COLOURS.battery, width: 2 };
const DEED = { colour: COLOURS.load, width: 2 };

/** The feasible powers by state of charge, and what was done. */
export function feasibleSet(
  limits: readonly PowerLimits[],
  deeds: readonly BatteryDeed[],
): Figure {
  const outside = deeds.filter(({ powerKw, chargeLimitKw, dischargeLimitKw }) =>
    !(powerKw >= -dischargeLimitKw && powerKw <= chargeLimitKw)
  );
  const count = deeds.length.toLocaleString("en-US");
  return {
    title: `Of ${count} decisions, ${outside.length === 0 ? "none" : outside.length} led to a ` +
      "power that the battery cannot do",
    subtitle: "The green region is all that is possible within the slot at that state of charge.",
    description:
      "Feasible battery power against state of charge as a region that narrows to zero " +
      "charging when full and zero discharging when empty, with a dot for each slot.",
    legend: [
      { label: "feasible", symbol: "area", style: REGION },
      { label: "done", symbol: "dot", style: DEED },
    ],
    panels: [{
      height: 360,
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
          Plot.dot(deeds, {
            x: "socFraction",
            y: "powerKw",
            r: 2.2,
            fill: DEED.colour,
            fillOpacity: 0.55,
          }),
        ],
      },
    }],
  };
}
