/**
 * What a store is worth to its home, and what it therefore does at any price: where it charges, rests
 * and discharges.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Battery } from "../../data/community.ts";
import type { Figure } from "../figure.ts";
import { BAND_OPACITY, COLOURS } from "../palette.ts";
import { fixed, MARGINS, stroke, VALUE_AXIS } from "./common.ts";

/** A battery and its affine value curve. */
export interface ValuedBattery {
  /** The battery. */
  readonly battery: Battery;
  /** What it holds. [kWh] */
  readonly energyKwh: number;
  /** Value of a stored kWh at that energy. [currency/kWh] */
  readonly valuePerKwh: number;
  /** How far the value falls with every stored kWh, ≥ 0. [currency/kWh²] */
  readonly fallPerKwh: number;
  /** Wear per kWh discharged. [currency/kWh] */
  readonly wearPerKwh: number;
}

const VALUE = { colour: COLOURS.battery, width: 2.5 };
const CHARGE = { colour: COLOURS.load, width: 2.25 };
const DISCHARGE = { colour: COLOURS.solar, width: 2.75 };

/** Value, bids and asks of a battery by how much it holds. Its losses and wear keep bids and asks apart. */
export function storeBids(
  { battery, energyKwh, valuePerKwh, fallPerKwh, wearPerKwh }: ValuedBattery,
  currency: string,
): Figure {
  const { capacityKwh, chargeEfficiency, dischargeEfficiency, socMin, socMax } = battery;
  const value = (kwh: number) => valuePerKwh - fallPerKwh * (kwh - energyKwh);
  const bid = (kwh: number) => chargeEfficiency * value(kwh);
  const ask = (kwh: number) => value(kwh) / dischargeEfficiency + wearPerKwh;
  const [least, most] = [socMin * capacityKwh, socMax * capacityKwh];
  const line = (ends: readonly number[], price: (kwh: number) => number) =>
    ends.map((kwh) => ({ kwh, price: price(kwh) }));
  const range = { x: "kwh", y: "price" } as const;
  const asks = line([least, energyKwh], ask), bids = line([energyKwh, most], bid);
  return {
    title: `It charges below ${fixed(bid(energyKwh), 3)} and gives above ` +
      `${fixed(ask(energyKwh), 3)} ${currency}/kWh; the fuller it is, the less it asks`,
    subtitle: `A battery of ${capacityKwh} kWh that holds ${energyKwh} kWh.`,
    description: "Value of a stored kWh falling with the stored energy. To the left of what is " +
      "stored the prices at which it discharges, a little above the value; to the right those at " +
      "which it charges, a little below.",
    legend: [
      { label: "worth of a stored kWh", symbol: "line", style: VALUE },
      { label: "gives at no less", symbol: "line", style: DISCHARGE },
      { label: "charges at no more", symbol: "line", style: CHARGE },
    ],
    panels: [{
      height: 280,
      options: {
        ...MARGINS,
        x: {
          label: "stored energy [kWh]",
          labelAnchor: "center",
          labelArrow: "none",
          domain: [0, capacityKwh],
        },
        y: { ...VALUE_AXIS, label: `price [${currency}/kWh]`, nice: true, zero: true },
        marks: [
          Plot.ruleY([0]),
          Plot.areaY([least, energyKwh], {
            x: (kwh: number) => kwh,
            y1: value,
            y2: ask,
            fill: DISCHARGE.colour,
            fillOpacity: BAND_OPACITY,
          }),
          Plot.areaY([energyKwh, most], {
            x: (kwh: number) => kwh,
            y1: bid,
            y2: value,
            fill: CHARGE.colour,
            fillOpacity: BAND_OPACITY,
          }),
          Plot.lineY(line([least, most], value), { ...range, ...stroke(VALUE) }),
          Plot.lineY(asks, { ...range, ...stroke(DISCHARGE) }),
          Plot.lineY(bids, { ...range, ...stroke(CHARGE) }),
          Plot.ruleX([energyKwh], { strokeDasharray: "2 3" }),
          Plot.dot([{ kwh: energyKwh, price: valuePerKwh }], {
            ...range,
            r: 5,
            fill: VALUE.colour,
          }),
        ],
      },
    }],
  };
}
