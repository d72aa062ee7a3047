/**
 * Made-up day-ahead prices, and what a dynamic tariff makes of them.
 *
 * The spot price of a quarter-hour is a sum: a level that is higher in winter, a morning and an evening
 * crest, less for sunshine and for wind, and a slow noise. Its parameters are set so that a year in
 * Germany comes out about as 2024 did: a mean near 80 EUR/MWh and a negative price in about one hour of twenty
 * (78.5 EUR/MWh, Bundesnetzagentur, SMARD; nearly 460 hours, FfE). The shape is an assumption, no model of the
 * market.
 *
 * A dynamic tariff is (spot + surcharges) × (1 + VAT), with surcharges of 0.165 EUR/kWh for network,
 * levies, electricity tax and sales, and a VAT of 19 %. The 0.165 is an assumption: network, metering, levies
 * and tax were 0.173 EUR/kWh in 2025, standing charges included (BDEW, Strompreisanalyse, May 2025).
 *
 * @module
 */

import { exp } from "../../arithmetic.ts";
import type { Stream } from "../../random.ts";
import type { Calendar } from "./quarter_hours.ts";
import { type Weather, yearly } from "./weather.ts";

/** Length of a price. [h] */
export type DayAheadResolution = 1 | 0.25;

/** Network, levies, tax and sales, without VAT. [EUR/kWh] */
export const SURCHARGE_PER_KWH = 0.165;
/** Value-added tax, as a share. */
export const VAT = 0.19;

const LEVEL = 0.0845, WINTER = 0.01;
const MORNING = { hour: 7.5, width: 1.8, height: 0.03 };
const EVENING = { hour: 19, width: 2.4, height: 0.055 };
const SUNSHINE = 0.13, WIND = 0.022;
const NOISE = 0.014, NOISE_CORRELATION = exp(-0.25 / 12);

/**
 * Spot price by quarter-hours. [EUR/kWh]
 *
 * @param calm How little wind there is, a standard normal number by quarter-hours.
 * @param resolution Prices are means over so long, as they are traded.
 */
export function drawDayAhead(
  calendar: Calendar,
  weather: Weather,
  calm: Float64Array,
  random: Stream,
  resolution: DayAheadResolution,
): Float64Array {
  const spot = new Float64Array(calendar.hourOfDay.length);
  let noise = random.normal();
  for (let q = 0; q < spot.length; q++) {
    noise = NOISE_CORRELATION * noise +
      Math.sqrt(1 - NOISE_CORRELATION ** 2) * random.normal();
    const hour = calendar.hourOfDay[q];
    spot[q] = LEVEL + WINTER * yearly(calendar.dayOfYear[q], 10) + crest(MORNING, hour) +
      crest(EVENING, hour) - SUNSHINE * weather.globalHorizontal[q] / 1000 + WIND * calm[q] +
      NOISE * noise;
  }
  const perPrice = resolution * 4;
  for (let q = 0; q + perPrice <= spot.length; q += perPrice) {
    const price = spot.subarray(q, q + perPrice);
    price.fill(price.reduce((sum, value) => sum + value, 0) / perPrice);
  }
  return spot;
}

/** What a household pays at a spot price. [EUR/kWh] */
export function dynamicTariff(spot: number): number {
  return (spot + SURCHARGE_PER_KWH) * (1 + VAT);
}

function crest(
  { hour, width, height }: {
    readonly hour: number;
    readonly width: number;
    readonly height: number;
  },
  hourOfDay: number,
): number {
  return height * exp(-(((hourOfDay - hour) / width) ** 2));
}
