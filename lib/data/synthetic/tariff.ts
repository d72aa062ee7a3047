/**
 * Prices and carbon intensity of a synthetic data set.
 *
 * - Import: three steps by the hour, like a time-variable network charge on top of an energy price
 *   (§ 14a EnWG, module 3, offered in Germany since April 2025): cheap at night, dear in the
 *   evening. Steps and hours are assumptions; their mean, 0.295 EUR/kWh, is near that of new
 *   household contracts (0.285 in January 2025, Verivox).
 * - A flat tariff is their mean over the day; day-ahead prices are in {@link ./day_ahead.ts}.
 * - Feed-in: what EEG 2023 pays roofs up to 10 kW that are new from February to July 2025, 0.0794
 *   EUR/kWh, rounded to 0.08.
 * - Carbon: about 0.36 kg/kWh on average (German mix of 2024: 0.363, Umweltbundesamt), higher in
 *   winter and in the evening, lower while the sun shines, with windy and calm days: an assumption.
 *
 * @module
 */

import { exp } from "../../arithmetic.ts";
import type { Stream } from "../../random.ts";
import type { Calendar } from "./quarter_hours.ts";
import { type Weather, yearly } from "./weather.ts";

/** Price paid for exported energy. [EUR/kWh] */
export const FEED_IN_TARIFF = 0.08;

const NIGHT_PRICE = 0.2;
const DAY_PRICE = 0.3;
const EVENING_PRICE = 0.42;

/** Correlation of wind, hence of carbon intensity, from one quarter-hour to the next: two days. */
const WIND_CORRELATION = exp(-0.25 / 48);

/** Price of imported energy by the local hour. [EUR/kWh] */
export function importPrice(hourOfDay: number): number {
  if (hourOfDay < 6) return NIGHT_PRICE;
  return hourOfDay >= 17 && hourOfDay < 21 ? EVENING_PRICE : DAY_PRICE;
}

/** The steps as windows of the day, the price of all other hours first. */
export const PRICE_STEPS: readonly {
  readonly from: string;
  readonly to: string;
  readonly pricePerKwh: number;
}[] = [
  { from: "00:00", to: "24:00", pricePerKwh: DAY_PRICE },
  { from: "00:00", to: "06:00", pricePerKwh: NIGHT_PRICE },
  { from: "17:00", to: "21:00", pricePerKwh: EVENING_PRICE },
];

/** The same price at all hours, the mean of the steps over a day. [EUR/kWh] */
export const FLAT_PRICE: number = (6 * NIGHT_PRICE + 14 * DAY_PRICE + 4 * EVENING_PRICE) / 24;

/** How little wind there is by quarter-hours, a standard normal number. */
export function drawCalm(quarters: number, random: Stream): Float64Array {
  const calm = new Float64Array(quarters);
  let last = random.normal();
  for (let q = 0; q < quarters; q++) {
    last = WIND_CORRELATION * last + Math.sqrt(1 - WIND_CORRELATION ** 2) * random.normal();
    calm[q] = last;
  }
  return calm;
}

/** Carbon intensity of imported energy by quarter-hours. [kg/kWh] */
export function carbonIntensity(
  calendar: Calendar,
  weather: Weather,
  calm: Float64Array,
): Float64Array {
  const intensity = new Float64Array(calendar.hourOfDay.length);
  for (let q = 0; q < intensity.length; q++) {
    const winter = yearly(calendar.dayOfYear[q], 10);
    const evening = exp(-(((calendar.hourOfDay[q] - 19) / 2.5) ** 2));
    const sunshine = weather.globalHorizontal[q] / 1000;
    const value = 0.39 + 0.04 * winter + 0.05 * evening - 0.25 * sunshine + 0.06 * calm[q];
    intensity[q] = Math.max(value, 0.05);
  }
  return intensity;
}
