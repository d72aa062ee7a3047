/**
 * What homes' meters do at any price.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { HomeCurve } from "../../market/certified_curves.ts";
import type { Figure } from "../figure.ts";
import { COLOURS } from "../palette.ts";
import { MARGINS, stroke, VALUE_AXIS } from "./common.ts";

/** A home's curve and its name. */
export interface NamedCurve {
  /** The home. */
  readonly name: string;
  /** Its curve. */
  readonly curve: HomeCurve;
}

const CURVE = { colour: COLOURS.trade, width: 2.5 };
const CEILING = { colour: COLOURS.gridImport, width: 1.75 };
const FEED_IN = { colour: COLOURS.gridExport, dash: "6 3", width: 2 };

/**
 * Net demand of homes as staircases of price over energy, a panel for each, between the prices of the
 * grid. Prices beyond those of the chart run along its edges.
 */
export function meterCurves(
  homes: readonly NamedCurve[],
  { currency, ceilingPerKwh, feedInPerKwh }: {
    readonly currency: string;
    readonly ceilingPerKwh: number;
    readonly feedInPerKwh: number;
  },
): Figure {
  const top = 1.25 * ceilingPerKwh;
  const ends = homes.flatMap(({ curve }) => staircase(curve, top).map(({ kwh }) => kwh));
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = 0.06 * (most - least);
  return {
    title: "The dearer energy is, the less a home takes and the more it gives",
    subtitle: "Net demand through the meter: buying to the right of zero, selling to its left.",
    description: "A falling staircase of price against net energy for each home.",
    legend: [
      { label: "what the meter does", symbol: "line", style: CURVE },
      { label: "grid sells", symbol: "line", style: CEILING },
      { label: "grid buys", symbol: "line", style: FEED_IN },
    ],
    columns: 2,
    panels: homes.map(({ name, curve }) => ({
      title: name,
      height: 210,
      options: {
        ...MARGINS,
        marginRight: 20,
        x: {
          label: "net energy [kWh]",
          labelAnchor: "center",
          labelArrow: "none",
          domain: [least - room, most + room],
          ticks: 5,
        },
        y: { ...VALUE_AXIS, label: `price [${currency}/kWh]`, domain: [0, top], ticks: 4 },
        marks: [
          Plot.ruleX([0]),
          Plot.ruleY([ceilingPerKwh], { ...stroke(CEILING) }),
          Plot.ruleY([feedInPerKwh], { ...stroke(FEED_IN) }),
          Plot.lineY(staircase(curve, top), { x: "kwh", y: "price", ...stroke(CURVE) }),
        ],
      },
    })),
  };
}

/** Corners from the highest price down. */
function staircase({ pieces, leastKwh }: HomeCurve, top: number): { kwh: number; price: number }[] {
  let net = leastKwh;
  const corners = [{ kwh: net, price: top }];
  for (const { pricePerKwh, kwh } of pieces) {
    const price = Math.max(0, Math.min(top, pricePerKwh));
    corners.push({ kwh: net, price });
    net += kwh;
    corners.push({ kwh: net, price });
  }
  return [...corners, { kwh: net, price: 0 }];
}
