/**
 * Where the price lies between what the grid pays (0 %) and what it asks (100 %), over the hours of
 * the day, as a fan of all days; and how often it is at either end.
 *
 * @module
 */

import type { Results } from "../../evaluation/results.ts";
import { quantile } from "../../evaluation/statistics.ts";
import type { Figure } from "../figure.ts";
import { COLOURS } from "../palette.ts";
import { daysInWords, type FigureOptions, focusPolicy, percent, slotsOf } from "./common.ts";
import { lines, type Point } from "./lines.ts";

/** Prices nearer to an end than this share lie at it. */
const AT_END = 1e-4;
/** Price ranges without a width have no place in between. [currency/kWh] */
const LEAST_WIDTH = 1e-9;

/**
 * The price as a share, by time of day: its median, the middle half and the middle eight tenths.
 *
 * @throws {RangeError} If nothing was traded.
 */
export function priceFan(results: Results, options: FigureOptions): Figure {
  const policy = focusPolicy(results, options);
  const placed = slotsOf(results, policy, options).flatMap((slot) => {
    const { clearingPricePerKwh: price, feedInTariffPerKwh: low, ceilingPerKwh: high } = slot;
    const width = high - low;
    return price === null || !(width > LEAST_WIDTH)
      ? []
      : [{ hour: slot.hourOfDay, share: (price - low) / width }];
  });
  if (placed.length === 0) throw new RangeError(`${policy}: no price lies between two others`);
  const hours = [...Map.groupBy(placed, ({ hour }) => hour)].sort(([a], [b]) => a - b)
    .map(([hour, slots]) => ({
      hour,
      shares: slots.map(({ share }) => share).sort((a, b) => a - b),
    }));
  const band = (reach: number): Point[] =>
    hours.map(({ hour, shares }) => ({
      x: hour,
      y: 100 * quantile(shares, 0.5),
      low: 100 * quantile(shares, 0.5 - reach),
      high: 100 * quantile(shares, 0.5 + reach),
    }));
  const of = (holds: (share: number) => boolean) =>
    percent(placed.filter(({ share }) => holds(share)).length / placed.length);
  const style = { colour: COLOURS.trade, width: 2.5 };
  return lines([{
    lines: [
      { label: "median", style, shape: "step", points: band(0.25) },
      {
        label: "middle eight tenths",
        style: { ...style, width: 0.5 },
        shape: "step",
        points: band(0.4),
      },
    ],
    y: {
      label: "price between the grid's two [%]",
      domain: [-4, 104],
      ticks: [0, 25, 50, 75, 100],
    },
    rules: [0, 100],
    height: 260,
  }], {
    title: `${policy}: the price is what imports cost in ${of((share) => share > 1 - AT_END)} of ` +
      `hours, the feed-in tariff in ${of((share) => share < AT_END)}, and between them in ` +
      of((share) => share >= AT_END && share <= 1 - AT_END),
    subtitle:
      `${daysInWords(results, options)}. 0 % is the feed-in tariff, 100 % the import price ` +
      "with its CO2.",
    description: "Median of the price's place between the grid's two prices by time of day, with " +
      "the middle half and the middle eight tenths of the days.",
    x: { kind: "clock", label: "local time" },
    spread: "middle half of the days",
  });
}
