/**
 * Electricity demand of a household by quarter-hours, without heat pump or electric car.
 *
 * On average the load follows the German standard profile of households: the daily shape is BDEW's
 * profile H25 (2025; April, hourly means) for working days, Saturdays and Sundays, and the season is
 * BDEW's dynamic factor `1.24 + 2.1e-3 t − 7.02e-5 t² + 3.2e-7 t³ − 3.92e-10 t⁴` of the day t. A
 * single household is not smooth: 55 % of its energy follows the shape, 45 % is drawn in spikes, as
 * appliances are switched on when people are at home and awake (after Richardson, Thomson, Infield
 * and Clifford, *Energy and Buildings* 42, 2010; the share is an assumption). Households differ in
 * yearly consumption, in how early they live, and in how far their working days resemble a Sunday
 * because someone is at home.
 *
 * @module
 */

import { exp } from "../../arithmetic.ts";
import type { Stream } from "../../random.ts";
import { type Calendar, QUARTERS_PER_DAY } from "./quarter_hours.ts";

/** What tells one household from another. */
export interface Household {
  /** Expected consumption in a year. [kWh] */
  readonly yearlyKwh: number;
  /** How much later than the standard profile the household lives. [h] */
  readonly shiftHours: number;
  /** Share of working days that is spent at home like a Sunday, in [0, 1]. */
  readonly atHome: number;
}

/** BDEW H25, April, mean of each hour of the day, relative. */
// deno-fmt-ignore
const H25 = {
  workingDay: [
    19.7, 16.9, 15.9, 15.9, 17.1, 20.3, 25.2, 26.6, 25.1, 24.4, 24.3, 26.2,
    27.3, 26.6, 25.4, 25.7, 27.8, 32.3, 37.6, 40.3, 41.1, 38.6, 32.9, 25.7,
  ],
  saturday: [
    22.1, 18.7, 17.2, 16.8, 17.2, 18.1, 21.0, 27.5, 33.3, 36.0, 37.3, 39.6,
    38.9, 36.6, 35.0, 34.2, 34.3, 36.6, 39.5, 39.8, 40.2, 38.3, 34.1, 28.1,
  ],
  sunday: [
    23.0, 19.5, 17.9, 17.3, 17.5, 18.4, 20.4, 26.3, 34.0, 39.4, 42.8, 46.6,
    43.9, 38.7, 35.3, 33.3, 32.9, 36.2, 39.9, 40.8, 40.9, 38.3, 32.7, 25.7,
  ],
};

interface Appliance {
  /** Mean power while it runs. [kW] */
  readonly powerKw: number;
  /** How long it runs, in quarter-hours. */
  readonly quarters: number;
  /** Its share of the energy that appliances draw in spikes. */
  readonly share: number;
}

/** Ratings, durations and shares are assumptions. */
const APPLIANCES: readonly Appliance[] = [
  { powerKw: 1.5, quarters: 1, share: 0.25 }, // kettle, coffee machine, toaster, microwave
  { powerKw: 2.2, quarters: 3, share: 0.35 }, // hob and oven
  { powerKw: 1.0, quarters: 4, share: 0.25 }, // washing machine, dishwasher
  { powerKw: 2.0, quarters: 4, share: 0.15 }, // tumble dryer
];

const SPIKE_SHARE = 0.45;
/** Standard deviation of the logarithm of a day's activity. */
const DAY_DEVIATION = 0.2;
const LONGEST_RUN = Math.max(...APPLIANCES.map(({ quarters }) => quarters));

/** Writes the load of every quarter-hour into `powerKw`. [kW] */
export function drawHouseholdLoad(
  household: Household,
  calendar: Calendar,
  random: Stream,
  powerKw: Float64Array,
): void {
  const meanKw = household.yearlyKwh / 8760;
  const [workingDay, saturday, sunday] = dayShapes(household);
  const startsPerQuarter = APPLIANCES.map(({ powerKw, quarters, share }) =>
    SPIKE_SHARE * share * meanKw / (powerKw * quarters)
  );
  // Above it nothing begins, however sums are rounded.
  const mostStarts = (1 + 1e-9) * startsPerQuarter.reduce((sum, starts) => sum + starts);
  const running = new Float64Array(powerKw.length + LONGEST_RUN);
  let activity = 1;
  for (let q = 0; q < powerKw.length; q++) {
    const quarter = q % QUARTERS_PER_DAY;
    if (quarter === 0) {
      activity = dynamicFactor(calendar.dayOfYear[q]) *
        exp(DAY_DEVIATION * random.normal() - DAY_DEVIATION ** 2 / 2);
    }
    const weekday = calendar.weekday[q];
    const shape = weekday < 5 ? workingDay : weekday === 5 ? saturday : sunday;
    const level = activity * shape[quarter];
    let draw = random.uniform();
    for (let k = 0; draw <= level * mostStarts && k < APPLIANCES.length; k++) {
      draw -= level * startsPerQuarter[k];
      if (draw >= 0) continue;
      const end = q + APPLIANCES[k].quarters;
      for (let later = q; later < end; later++) running[later] += APPLIANCES[k].powerKw;
      break;
    }
    powerKw[q] = (1 - SPIKE_SHARE) * meanKw * level + running[q];
  }
}

/** BDEW's factor for the day of the year, 1 on average. */
export function dynamicFactor(dayOfYear: number): number {
  const t = dayOfYear + 1;
  return 1.24 + 2.1e-3 * t - 7.02e-5 * t ** 2 + 3.2e-7 * t ** 3 - 3.92e-10 * t ** 4;
}

/** Relative load by quarter-hour of working day, Saturday and Sunday; a week's mean is 1. */
function dayShapes({ shiftHours, atHome }: Household): Float64Array[] {
  const working = H25.workingDay.map((value, hour) => value + atHome * (H25.sunday[hour] - value));
  const hourly = [working, H25.saturday, H25.sunday];
  const means = hourly.map((hours) => hours.reduce((sum, value) => sum + value) / hours.length);
  const weekMean = (5 * means[0] + means[1] + means[2]) / 7;
  return hourly.map((hours) =>
    Float64Array.from(
      { length: QUARTERS_PER_DAY },
      (_, quarter) => between(hours, quarter / 4 - 0.375 - shiftHours) / weekMean,
    )
  );
}

/** The value at a fractional hour between hourly means, around the clock. */
function between(hours: readonly number[], hour: number): number {
  const wrapped = ((hour % 24) + 24) % 24;
  const before = Math.floor(wrapped);
  const weight = wrapped - before;
  return (1 - weight) * hours[before] + weight * hours[(before + 1) % 24];
}
