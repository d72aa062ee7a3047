/**
 * Electric cars of a synthetic community: when they are at home, and what they drive.
 *
 * - A car drives 10,000 to 15,500 km a year (*Mobilität in Deutschland* 2023: electric cars 14,600 km, all
 *   cars 13,700 km) on six working days of ten and every other day of the weekend (nearly half of all cars
 *   are not moved on an average day, ibid.), a day's distance being lognormal.
 * - It takes 0.16 to 0.18 kWh/km without the losses of charging, 0.18 to 0.20 with them (ADAC Ecotest, January
 *   2021, with them: 0.163 to 0.190 for the ten most frugal of 27 cars), 15 % more in the middle of winter and
 *   less in summer.
 * - On working days cars leave around 7:45 and are back around 17:15, on weekends around 10:30 and 16:00,
 *   each car about its own hours.
 * - 40 to 77 kWh, at a wall box of 11 kW (what KfW programme 440 paid for) in three phases of at least 6 A
 *   (IEC 61851-1: 4.14 kW), 90 % each way. Every fourth gives back up to 10 kW.
 * - The driver wants 50 to 80 % at every departure; what lacks costs 0.65 EUR/kWh at a public fast charger
 *   (ADAC, July 2025, at motorways: 0.52 to 0.87).
 *
 * What has no source beside it is an assumption; so are the ranges around the figures that have one.
 *
 * @module
 */

import { exp } from "../../arithmetic.ts";
import type { Stream } from "../../random.ts";
import type { TimeGrid } from "../../units.ts";
import { HOURS_PER_DAY, localTime } from "../../units.ts";
import type { Car, CarSession } from "../devices/car.ts";
import { yearly } from "./weather.ts";

const MS_PER_HOUR = 3_600_000;
/** Moments are whole multiples of five minutes. [h] */
const STEP_HOURS = 1 / 12;

const WORKING_DAY = { used: 0.6, leaves: 7.75, returns: 17.25, own: 1, spread: 0.5 };
const WEEKEND = { used: 0.5, leaves: 10.5, returns: 16, own: 1, spread: 1.5 };
const DISTANCE_DEVIATION = 0.7;
const WINTER = 0.15;
const SATURDAY = 5;
/** Beyond this share of the battery a trip is charged on the way. */
const LONGEST_TRIP = 0.7;
/** Where a car stood before the first day. [h] */
const BEFORE_HOURS = -6;

/** Draws car number `index` and its sessions on the days of `grid`. */
export function drawCar(
  index: number,
  grid: TimeGrid,
  departure: Car["departure"],
  random: Stream,
): Car {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const yearlyKm = between(10_000, 15_500);
  const consumptionKwhPerKm = rounded(between(0.16, 0.18), 1000);
  const capacityKwh = rounded(between(40, 77), 1);
  const wanted = between(0.5, 0.8);
  const habits = [WORKING_DAY, WEEKEND].map((day) => ({
    ...day,
    leaves: day.leaves + day.own * random.normal(),
    returns: day.returns + day.own * random.normal(),
  }));
  const usedDays = 365 * (5 * WORKING_DAY.used + 2 * WEEKEND.used) / 7;
  const mostKwh = LONGEST_TRIP * capacityKwh;

  const days = Math.round(grid.slots * grid.dtHours / HOURS_PER_DAY);
  const daily = { ...grid, dtHours: HOURS_PER_DAY, slots: days };
  const moment = (day: number, hour: number) =>
    grid.startMs + Math.round((day * HOURS_PER_DAY + hour) / STEP_HOURS) * STEP_HOURS * MS_PER_HOUR;
  const sessions: CarSession[] = [];
  // The last session ends with the first departure after the data.
  for (let day = 0, homeMs = moment(0, BEFORE_HOURS); homeMs < moment(days, 0); day++) {
    const { weekday, dayOfYear } = localTime(daily, day);
    const { used, leaves, returns, spread } = habits[weekday < SATURDAY ? 0 : 1];
    // Drawn whether the car is used or not, so that no day depends on the one before.
    const isUsed = random.uniform() < used;
    const leavesAt = clamped(leaves + spread * random.normal(), 4, 14);
    const returnsAt = clamped(returns + spread * random.normal(), leavesAt + 1, 23.5);
    const spreadKm = exp(DISTANCE_DEVIATION * random.normal() - DISTANCE_DEVIATION ** 2 / 2);
    if (!isUsed) continue;
    const tripKwh = Math.min(
      mostKwh,
      (yearlyKm / usedDays) * spreadKm * consumptionKwhPerKm * (1 + WINTER * yearly(dayOfYear, 20)),
    );
    sessions.push({
      startMs: homeMs,
      endMs: moment(day, leavesAt),
      tripKwh: rounded(tripKwh, 1000),
      requiredKwh: rounded(Math.max(tripKwh, wanted * capacityKwh), 10),
    });
    homeMs = moment(day, returnsAt);
  }
  return {
    kind: "car",
    name: "car",
    capacityKwh,
    maxChargeKw: 11,
    leastChargeKw: 4.14,
    maxDischargeKw: index % 4 === 3 ? 10 : 0,
    chargeEfficiency: 0.9,
    dischargeEfficiency: 0.9,
    unmetPricePerKwh: 0.65,
    departure,
    consumptionKwhPerKm,
    sessions,
  };
}

function clamped(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function rounded(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}
