/**
 * The price in the community's auction, between what the grid pays and what it asks.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { byHour } from "../../evaluation/by_hour.ts";
import type { CommunitySlot, Results } from "../../evaluation/results.ts";
import type { Figure } from "../figure.ts";
import { BAND_OPACITY, COLOURS } from "../palette.ts";
import {
  bandLegend,
  CLOCK_AXIS,
  daysInWords,
  type FigureOptions,
  fixed,
  focusPolicy,
  MARGINS,
  rounded,
  slotsOf,
  steps,
  stroke,
  VALUE_AXIS,
} from "./common.ts";

const PRICE = { colour: COLOURS.trade, width: 3 };
const IMPORT_PRICE = { colour: COLOURS.gridImport, width: 1.75 };
const TARIFF = { colour: COLOURS.gridExport, dash: "6 3", width: 2 };

/** Clearing price by time of day under one policy, and the energy that homes trade. */
export function marketPrices(results: Results, options: FigureOptions): Figure {
  const policy = focusPolicy(results, options);
  const slots = slotsOf(results, policy, options);
  const unit = `${options.currency}/kWh`;
  const traded = trade(slots);
  return {
    title: `${policy}: ${finding(traded, unit)}`,
    subtitle: `${daysInWords(results, options)}; ${rounded(traded.kwhPerDay)} kWh traded a day.`,
    description:
      "By time of day, the clearing price of the auction between the import price, with its CO2, and " +
      "the feed-in tariff; below, the energy traded between homes.",
    legend: [
      ...(traded.kwhPerDay === 0 ? [] : [
        { label: "clearing price, mean", symbol: "line" as const, style: PRICE },
        ...bandLegend(results, options, PRICE),
      ]),
      { label: "import price with its CO2", symbol: "line", style: IMPORT_PRICE },
      { label: "feed-in tariff", symbol: "line", style: TARIFF },
    ],
    panels: [
      { height: 270, options: pricePanel(slots, results.dtHours, unit) },
      { height: 120, options: volumePanel(slots, results.dtHours) },
    ],
  };
}

function pricePanel(
  slots: readonly CommunitySlot[],
  dtHours: number,
  unit: string,
): Plot.PlotOptions {
  // A price holds for its slot only; where none formed there is a gap.
  const hours = byHour(slots, ({ clearingPricePerKwh }) => clearingPricePerKwh);
  const price = hours.map((hour) => ({ ...hour, endHour: hour.hourOfDay + dtHours }));
  const step = { x: "hourOfDay", y: "mean", curve: "step-after" } as const;
  const importPrice = steps(byHour(slots, ({ ceilingPerKwh }) => ceilingPerKwh), dtHours);
  const tariff = steps(byHour(slots, ({ feedInTariffPerKwh }) => feedInTariffPerKwh), dtHours);
  return {
    ...MARGINS,
    marginBottom: 14,
    x: { ...CLOCK_AXIS, label: null, tickFormat: () => "" },
    y: { ...VALUE_AXIS, label: `price [${unit}]`, zero: true, nice: true },
    marks: [
      Plot.ruleY([0]),
      Plot.rect(price, {
        x1: "hourOfDay",
        x2: "endHour",
        y1: "lowerQuartile",
        y2: "upperQuartile",
        fill: PRICE.colour,
        fillOpacity: BAND_OPACITY,
      }),
      Plot.lineY(importPrice, { ...step, ...stroke(IMPORT_PRICE) }),
      Plot.lineY(tariff, { ...step, ...stroke(TARIFF) }),
      Plot.ruleY(price, {
        x1: "hourOfDay",
        x2: "endHour",
        y: "mean",
        stroke: PRICE.colour,
        strokeWidth: PRICE.width,
      }),
    ],
  };
}

function volumePanel(slots: readonly CommunitySlot[], dtHours: number): Plot.PlotOptions {
  const volumes = byHour(slots, ({ volumeKwh }) => volumeKwh / dtHours)
    .map(({ hourOfDay, mean }) => ({ hourOfDay, endHour: hourOfDay + dtHours, mean }));
  return {
    ...MARGINS,
    x: CLOCK_AXIS,
    y: {
      ...VALUE_AXIS,
      label: "traded between homes, mean [kW]",
      zero: true,
      nice: true,
      ticks: 3,
    },
    marks: [
      Plot.rectY(volumes, {
        x1: "hourOfDay",
        x2: "endHour",
        y: "mean",
        fill: PRICE.colour,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0]),
    ],
  };
}

interface Trade {
  readonly kwhPerDay: number;
  /** Mean over the energy traded, as are the two below. [currency/kWh] */
  readonly price: number;
  readonly ceiling: number;
  readonly tariff: number;
}

function trade(slots: readonly CommunitySlot[]): Trade {
  const traded = slots.filter(({ volumeKwh }) => volumeKwh > 0);
  const volumeKwh = traded.reduce((sum, slot) => sum + slot.volumeKwh, 0);
  const mean = (value: (slot: CommunitySlot) => number | null) =>
    traded.reduce((sum, slot) => sum + slot.volumeKwh * (value(slot) ?? NaN), 0) / volumeKwh;
  return {
    kwhPerDay: volumeKwh / new Set(slots.map(({ day }) => day)).size,
    price: mean(({ clearingPricePerKwh }) => clearingPricePerKwh),
    ceiling: mean(({ ceilingPerKwh }) => ceilingPerKwh),
    tariff: mean(({ feedInTariffPerKwh }) => feedInTariffPerKwh),
  };
}

function finding({ kwhPerDay, price, ceiling, tariff }: Trade, unit: string): string {
  return kwhPerDay === 0
    ? "nobody trades, all energy is settled with the grid"
    : `peers trade at ${fixed(price, 3)} ${unit} on average, ${fixed(ceiling - price, 3)} ` +
      `below what imports cost and ${fixed(price - tariff, 3)} above the feed-in tariff`;
}
