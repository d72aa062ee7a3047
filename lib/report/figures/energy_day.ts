/**
 * A day of a household or of the community: its flows, its balance and its battery.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { balanceErrorKw, dayKwh, type EnergyDay } from "../../evaluation/energy_day.ts";
import { DUST_KWH } from "../../units.ts";
import type { Figure } from "../figure.ts";
import { COLOURS, type LineStyle } from "../palette.ts";
import { CLOCK_AXIS, MARGINS, rounded, VALUE_AXIS } from "./common.ts";
import { type Line, lines } from "./lines.ts";

const LOAD = { colour: COLOURS.load, width: 2 };
const SOLAR = { colour: COLOURS.solar, width: 2 };
const GRID = { colour: COLOURS.gridImport, width: 2, dash: "6 3" };
const CLEARING = { colour: COLOURS.trade, width: 3 };
const IMPORT_PRICE = { colour: COLOURS.gridImport, width: 1.75 };
const TARIFF = { colour: COLOURS.gridExport, width: 2, dash: "6 3" };
const BATTERY = { colour: COLOURS.battery, width: 2.5 };

/** Load, sun and grid by the hour, and below them the state of charge. */
export function energyFlows(day: EnergyDay): Figure {
  const soc = day.slots.flatMap(({ hour, socFraction }) =>
    socFraction === null ? [] : [{ x: hour + day.dtHours, y: 100 * socFraction }]
  );
  const [load, sun] = [dayKwh(day, (slot) => slot.loadKw), dayKwh(day, (slot) => slot.pvKw)];
  const bought = dayKwh(day, (slot) => Math.max(0, slot.gridKw));
  const charge = {
    lines: [{ label: "battery", style: BATTERY, points: soc }],
    y: { label: "state of charge [%]", domain: [0, 100], ticks: [0, 50, 100] },
    height: 150,
  } as const;
  return lines([
    {
      lines: [
        { label: "load", style: LOAD, ...steps(day, "loadKw") },
        { label: "grid", style: GRID, ...steps(day, "gridKw") },
        { label: "sun available", style: SOLAR, ...steps(day, "pvKw"), shape: "area" },
      ],
      y: { label: "power [kW]" },
      rules: [0],
      height: 270,
    },
    ...(soc.length > 0 ? [charge] : []),
  ], {
    title: `${day.name} uses ${rounded(load)} kWh and could harvest ${rounded(sun)} kWh; it buys ` +
      `${rounded(bought)} kWh from the grid`,
    subtitle: "One day. Grid power is positive when buying, negative when selling.",
    description: "Load, solar power and grid power by the hour" +
      (soc.length > 0 ? ", and below them how full the battery is." : "."),
    x: DAY,
  });
}

const DAY = { kind: "clock", label: "local time" } as const;

/** A column of a day, which holds for each slot. */
function steps(day: EnergyDay, name: NumberColumn): Pick<Line, "points" | "shape"> {
  return { points: day.slots.map((slot) => ({ x: slot.hour, y: slot[name] })), shape: "step" };
}

type NumberColumn =
  | "loadKw"
  | "pvKw"
  | "gridKw"
  | "ceilingPerKwh"
  | "feedInTariffPerKwh";

/** One flow of the balance, as what it brings (> 0) or takes (< 0). */
interface Flow {
  readonly label: string;
  readonly colour: string;
  readonly kw: (slot: EnergyDay["slots"][number]) => number;
}

const SOURCES: readonly Flow[] = [
  { label: "sun used", colour: COLOURS.solar, kw: (slot) => slot.pvKw - slot.curtailedKw },
  { label: "battery gives", colour: COLOURS.battery, kw: (slot) => Math.max(0, -slot.storesKw) },
  { label: "from peers", colour: COLOURS.trade, kw: (slot) => Math.max(0, slot.tradedKw) },
  { label: "from the grid", colour: COLOURS.gridImport, kw: (slot) => Math.max(0, slot.gridKw) },
];
const USES: readonly Flow[] = [
  { label: "load served", colour: COLOURS.load, kw: (slot) => slot.unservedKw - slot.loadKw },
  { label: "battery takes", colour: COLOURS.battery, kw: (slot) => -Math.max(0, slot.storesKw) },
  { label: "to peers", colour: COLOURS.trade, kw: (slot) => Math.min(0, slot.tradedKw) },
  { label: "to the grid", colour: COLOURS.gridExport, kw: (slot) => Math.min(0, slot.gridKw) },
];

/** What comes in above the line and where it goes below it: mirror images, hour by hour. */
export function energyBalance(day: EnergyDay): Figure {
  const flows = [...SOURCES, ...USES].filter(({ kw }) =>
    day.slots.some((slot) => Math.abs(kw(slot)) > DUST_KWH)
  );
  const bars = flows.flatMap(({ label, kw }) =>
    day.slots.map((slot) => ({
      hour: slot.hour,
      end: slot.hour + day.dtHours,
      kw: kw(slot),
      label,
    }))
  );
  const style = (colour: string): LineStyle => ({ colour, width: 10 });
  return {
    title: `${day.name}: whatever comes in above the line goes out below it`,
    subtitle: "One day, hour by hour. Largest difference between the halves: " +
      `${balanceErrorKw(day).toExponential(0)} kW.`,
    description: "Stacked bars by the hour: sources of power above zero, uses of power below.",
    legend: flows.map(({ label, colour }) => ({ label, symbol: "line", style: style(colour) })),
    panels: [{
      height: 340,
      options: {
        ...MARGINS,
        x: CLOCK_AXIS,
        y: { ...VALUE_AXIS, label: "power in (+) and out (−) [kW]", nice: true },
        color: {
          domain: flows.map(({ label }) => label),
          range: flows.map(({ colour }) => colour),
        },
        marks: [
          Plot.rectY(bars, {
            x1: "hour",
            x2: "end",
            y: "kw",
            fill: "label",
            insetLeft: 0.6,
            insetRight: 0.6,
          }),
          Plot.ruleY([0], { stroke: "white", strokeWidth: 2 }),
        ],
      },
    }],
  };
}

/** Prices nearer to those of the grid lie at them. [currency/kWh] */
const NEAR = 1e-5;

/** The clearing price of a day between the two tariffs, and how much was traded at it. */
export function dayPrices(day: EnergyDay, currency: string): Figure {
  const priced = day.slots.filter(({ clearingPricePerKwh }) => clearingPricePerKwh !== null);
  // A price holds for its slot only: a gap follows each.
  const clearing = priced.flatMap(({ hour, clearingPricePerKwh: y }) => {
    const end = hour + day.dtHours;
    return [{ x: hour, y }, { x: end, y }, { x: end, y: null }];
  });
  const inside = day.slots.filter(({ clearingPricePerKwh: price, ceilingPerKwh, ...slot }) =>
    price !== null && price > slot.feedInTariffPerKwh + NEAR && price < ceilingPerKwh - NEAR
  );
  return lines([{
    lines: [
      { label: "clearing price", style: CLEARING, points: clearing },
      { label: "import price and CO2", style: IMPORT_PRICE, ...steps(day, "ceilingPerKwh") },
      { label: "feed-in tariff", style: TARIFF, ...steps(day, "feedInTariffPerKwh") },
    ],
    y: { label: `price [${currency}/kWh]` },
    rules: [0],
    height: 250,
  }], {
    title: priced.length === 0
      ? `${day.name}: no hour finds buyers and sellers at once`
      : `${day.name}: in ${rounded(inside.length * day.dtHours)} of ${
        rounded(day.slots.length * day.dtHours)
      } hours the price lies strictly between what the grid pays and what it asks`,
    subtitle: priced.length < day.slots.length
      ? "One day. Where nobody trades there is no price."
      : "One day.",
    description:
      "Import price with its CO2 and feed-in tariff by the hour, and between them the clearing price.",
    x: DAY,
  });
}
