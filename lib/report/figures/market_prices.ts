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
  percent,
  rounded,
  slotsOf,
  steps,
  stroke,
  VALUE_AXIS,
} from "./common.ts";

const PRICE = { colour: COLOURS.trade, width: 3 };
const IMPORT_PRICE = { colour: COLOURS.gridImport, width: 1.75 };
const TARIFF = { colour: COLOURS.gridExport, dash: "6 3", width: 2 };

/** Clearing price by time of day under one policy, and the share of slots that found one. */
export function marketPrices(results: Results, options: FigureOptions): Figure {
  const policy = focusPolicy(results, options);
  const slots = slotsOf(results, policy, options);
  const unit = `${options.currency}/kWh`;
  const traded = trade(slots);
  const above = slots.some(({ clearingPricePerKwh, importPricePerKwh }) =>
    clearingPricePerKwh !== null && clearingPricePerKwh > importPricePerKwh + 1e-6
  );
  const always = traded.pricedShare === 1;
  return {
    title: `${policy}: ${finding(traded, unit)}`,
    subtitle: `${daysInWords(results, options)}; ${rounded(traded.kwhPerDay)} kWh traded a day, ` +
      `a price in ${percent(traded.pricedShare)} of slots.` +
      (above ? " Energy from the grid costs the import price and its CO2." : ""),
    description: "By time of day, the clearing price of the auction between the import price and " +
      `the feed-in tariff${always ? "" : "; below, the share of days on which a price formed"}.`,
    legend: [
      ...(traded.kwhPerDay === 0 ? [] : [
        { label: "clearing price, mean", symbol: "line" as const, style: PRICE },
        ...bandLegend(results, options, PRICE),
      ]),
      { label: "import price", symbol: "line", style: IMPORT_PRICE },
      { label: "feed-in tariff", symbol: "line", style: TARIFF },
    ],
    panels: [
      { height: 270, options: pricePanel(slots, results.dtHours, unit, always) },
      ...(always ? [] : [{ height: 120, options: sharePanel(slots, results.dtHours) }]),
    ],
  };
}

function pricePanel(
  slots: readonly CommunitySlot[],
  dtHours: number,
  unit: string,
  alone: boolean,
): Plot.PlotOptions {
  // A price holds for its slot only; where none formed there is a gap.
  const hours = byHour(slots, ({ clearingPricePerKwh }) => clearingPricePerKwh);
  const price = hours.map((hour) => ({ ...hour, endHour: hour.hourOfDay + dtHours }));
  const step = { x: "hourOfDay", y: "mean", curve: "step-after" } as const;
  const importPrice = steps(byHour(slots, ({ importPricePerKwh }) => importPricePerKwh));
  const tariff = steps(byHour(slots, ({ feedInTariffPerKwh }) => feedInTariffPerKwh));
  return {
    ...MARGINS,
    ...(!alone && { marginBottom: 14 }),
    x: alone ? CLOCK_AXIS : { ...CLOCK_AXIS, label: null, tickFormat: () => "" },
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

function sharePanel(slots: readonly CommunitySlot[], dtHours: number): Plot.PlotOptions {
  const shares = byHour(slots, ({ clearingPricePerKwh }) => clearingPricePerKwh)
    .map(({ hourOfDay, count, days }) => ({
      hourOfDay,
      endHour: hourOfDay + dtHours,
      share: 100 * count / days,
    }));
  return {
    ...MARGINS,
    x: CLOCK_AXIS,
    y: { ...VALUE_AXIS, label: "days with a price [%]", domain: [0, 100], ticks: [0, 50, 100] },
    marks: [
      Plot.rectY(shares, {
        x1: "hourOfDay",
        x2: "endHour",
        y: "share",
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
  /** Share of the slots in which a price formed. */
  readonly pricedShare: number;
  /** Mean over the energy traded, as are the two below. [currency/kWh] */
  readonly price: number;
  readonly importPrice: number;
  readonly tariff: number;
}

function trade(slots: readonly CommunitySlot[]): Trade {
  const traded = slots.filter(({ volumeKwh }) => volumeKwh > 0);
  const volumeKwh = traded.reduce((sum, slot) => sum + slot.volumeKwh, 0);
  const mean = (value: (slot: CommunitySlot) => number | null) =>
    traded.reduce((sum, slot) => sum + slot.volumeKwh * (value(slot) ?? NaN), 0) / volumeKwh;
  return {
    kwhPerDay: volumeKwh / new Set(slots.map(({ day }) => day)).size,
    pricedShare: slots.filter((slot) => slot.clearingPricePerKwh !== null).length / slots.length,
    price: mean(({ clearingPricePerKwh }) => clearingPricePerKwh),
    importPrice: mean(({ importPricePerKwh }) => importPricePerKwh),
    tariff: mean(({ feedInTariffPerKwh }) => feedInTariffPerKwh),
  };
}

function finding({ kwhPerDay, price, importPrice, tariff }: Trade, unit: string): string {
  return kwhPerDay === 0
    ? "nobody trades, all energy is settled with the grid"
    : `peers trade at ${fixed(price, 3)} ${unit} on average, ${fixed(importPrice - price, 3)} ` +
      `below the import price and ${fixed(price - tariff, 3)} above the feed-in tariff`;
}
