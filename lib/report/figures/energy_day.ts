/**
 * A day of a household or of the community: its flows, its balance and its battery.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { balanceErrorKw, dayKwh, type EnergyDay } from "../../evaluation/energy_day.ts";
import { DUST_KWH } from "../../units.ts";
import type { Figure } from "../figure.ts";
import { BAND_OPACITY, COLOURS, type LineStyle } from "../palette.ts";
import { CLOCK_AXIS, MARGINS, rounded, stroke, VALUE_AXIS } from "./common.ts";

const LOAD = { colour: COLOURS.load, width: 2 };
const SOLAR = { colour: COLOURS.solar, width: 2 };
const GRID = { colour: COLOURS.gridImport, width: 2, dash: "6 3" };
const CLEARING = { colour: COLOURS.trade, width: 3 };
const IMPORT_PRICE = { colour: COLOURS.gridImport, width: 1.75 };
const TARIFF = { colour: COLOURS.gridExport, width: 2, dash: "6 3" };
const BATTERY = { colour: COLOURS.battery, width: 2.5 };

/** Load, sun and grid by the hour, and below them the state of charge. */
export function energyFlows(day: EnergyDay): Figure {
  const points = held(day);
  const soc = day.slots.flatMap(({ hour, socFraction }) =>
    socFraction === null ? [] : [{ hour: hour + day.dtHours, percent: 100 * socFraction }]
  );
  const [load, sun] = [dayKwh(day, (slot) => slot.loadKw), dayKwh(day, (slot) => slot.pvKw)];
  const bought = dayKwh(day, (slot) => Math.max(0, slot.gridKw));
  return {
    title: `${day.name} uses ${rounded(load)} kWh and could harvest ${rounded(sun)} kWh; it buys ` +
      `${rounded(bought)} kWh from the grid`,
    subtitle: "One day. Grid power is positive when buying, negative when selling.",
    description: "Load, solar power and grid power by the hour" +
      (soc.length > 0 ? ", and below them how full the battery is." : "."),
    legend: [
      { label: "load", symbol: "line", style: LOAD },
      { label: "sun available", symbol: "area", style: SOLAR },
      { label: "grid", symbol: "line", style: GRID },
      ...(soc.length > 0 ? [{ label: "battery", symbol: "line" as const, style: BATTERY }] : []),
    ],
    panels: [
      {
        height: 270,
        options: {
          ...MARGINS,
          x: { ...CLOCK_AXIS, ...(soc.length > 0 ? { label: null } : {}) },
          y: { ...VALUE_AXIS, label: "power [kW]", nice: true },
          marks: [
            Plot.areaY(points, { ...STEP, y: "pvKw", fill: SOLAR.colour, fillOpacity: 0.45 }),
            Plot.ruleY([0]),
            Plot.lineY(points, { ...STEP, y: "gridKw", ...stroke(GRID) }),
            Plot.lineY(points, { ...STEP, y: "loadKw", ...stroke(LOAD) }),
          ],
        },
      },
      ...(soc.length > 0 ? [socPanel(soc)] : []),
    ],
  };
}

const STEP = { x: "hour", curve: "step-after" } as const;

function socPanel(soc: readonly { readonly hour: number; readonly percent: number }[]) {
  return {
    height: 150,
    options: {
      ...MARGINS,
      x: CLOCK_AXIS,
      y: { ...VALUE_AXIS, label: "state of charge [%]", domain: [0, 100], ticks: [0, 50, 100] },
      marks: [
        Plot.areaY(soc, {
          x: "hour",
          y: "percent",
          fill: BATTERY.colour,
          fillOpacity: BAND_OPACITY,
        }),
        Plot.lineY(soc, { x: "hour", y: "percent", ...stroke(BATTERY) }),
      ],
    },
  };
}

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

/** Slots as steps: the last one holds to its end. */
function held({ slots, dtHours }: EnergyDay) {
  const last = slots[slots.length - 1];
  return [...slots, { ...last, hour: last.hour + dtHours }];
}

/** Prices nearer to those of the grid lie at them. [currency/kWh] */
const NEAR = 1e-5;

/** The clearing price of a day between the two tariffs, and how much was traded at it. */
export function dayPrices(day: EnergyDay, currency: string): Figure {
  const slots = held(day);
  const priced = day.slots.flatMap(({ hour, clearingPricePerKwh }) =>
    clearingPricePerKwh === null
      ? []
      : [{ from: hour, to: hour + day.dtHours, price: clearingPricePerKwh }]
  );
  const inside = day.slots.filter(({ clearingPricePerKwh: price, ceilingPerKwh, ...slot }) =>
    price !== null && price > slot.feedInTariffPerKwh + NEAR && price < ceilingPerKwh - NEAR
  );
  return {
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
    legend: [
      { label: "clearing price", symbol: "line", style: CLEARING },
      { label: "import price and CO2", symbol: "line", style: IMPORT_PRICE },
      { label: "feed-in tariff", symbol: "line", style: TARIFF },
    ],
    panels: [{
      height: 250,
      options: {
        ...MARGINS,
        x: CLOCK_AXIS,
        y: { ...VALUE_AXIS, label: `price [${currency}/kWh]`, zero: true, nice: true },
        marks: [
          Plot.ruleY([0]),
          Plot.lineY(slots, { ...STEP, y: "ceilingPerKwh", ...stroke(IMPORT_PRICE) }),
          Plot.lineY(slots, { ...STEP, y: "feedInTariffPerKwh", ...stroke(TARIFF) }),
          Plot.ruleY(priced, {
            y: "price",
            x1: "from",
            x2: "to",
            stroke: CLEARING.colour,
            strokeWidth: CLEARING.width,
          }),
        ],
      },
    }],
  };
}
