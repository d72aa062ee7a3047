/**
 * Heat pumps of a synthetic community: what they have to heat, and how well they do so.
 *
 * - Outside air is that of the weather plus spells of warm and cold air: a first-order autoregression of 4 K
 *   that decays in three days.
 * - A house of `UA` kW/K needs UA · (15 °C − the mean of a day); what people, devices and sun give does for
 *   the rest up to 20 °C (heating limit and room of the degree days of VDI 2067). Mornings take more, nights
 *   less. 0.2 to 0.32 kW/K are 11 to 19 MWh of heat a year.
 * - Hot water: 4 to 7 kWh a day, mostly in the morning and in the evening: two to four people with 40 l at
 *   45 °C each (the default of DHWcalc), 1.6 kWh.
 * - Flow: from 30 °C at 15 °C to 40 to 52 °C at −10 °C; hot water at 50 °C. Source: air, in one of eight the
 *   ground, whose brine follows the mean of months, damped. In the field a pump does 85 % of what it does on
 *   the test bench (Ruhnau, Hirth and Praktiknjo, *Scientific Data* 6, 2019).
 * - The pump meets the demand down to −5 °C, a heater of 6 kW beside it what is left. A tank of 300 to 800 l
 *   holds 15 K and loses 0.6 % an hour: of the energy label C (Regulation (EU) 812/2013) the upper end for 300 l,
 *   0.45 to 0.63 %, and twice what it is for 800 l, 0.23 to 0.33 %.
 * - Comfort that is missed costs 1 EUR/kWh of heat, more than any heating.
 *
 * What has no source beside it is an assumption.
 *
 * @module
 */

import { exp } from "../../arithmetic.ts";
import type { Stream } from "../../random.ts";
import { coefficientOfPerformance, type HeatPump, type HeatSource } from "../devices/heat_pump.ts";
import { type Calendar, QUARTERS_PER_DAY, slotMeans } from "./quarter_hours.ts";
import { yearly } from "./weather.ts";

const SPELL = { deviation: 4, correlation: exp(-0.25 / 72) };
/** Share of a house's memory that a quarter-hour replaces: it follows the mean of a day. */
const INERTIA = 1 / QUARTERS_PER_DAY;
const IN_THE_FIELD = 0.85;
const HEATING_LIMIT = 15, COLDEST = -10, BIVALENCE = -5;
const MILD_FLOW = 30, HOT_WATER = 50;
const KWH_PER_LITRE_K = 1.163e-3, TANK_K = 15;
const BRINE = { mean: 7, swing: 4, warmestDay: 245 };
const EVERY_BRINE = 8;

/** Outside air by quarter-hours, with warm and cold spells. [°C] */
export function drawSpells(airTemperature: Float64Array, random: Stream): Float64Array {
  const { deviation, correlation } = SPELL;
  let spell = random.normal();
  return airTemperature.map((air) => {
    spell = correlation * spell + Math.sqrt(1 - correlation ** 2) * random.normal();
    return air + deviation * spell;
  });
}

/** Draws heat pump number `index` for outside air by quarter-hours. */
export function drawHeatPump(
  index: number,
  outsideC: Float64Array,
  calendar: Calendar,
  dtHours: number,
  random: Stream,
): HeatPump {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const kwPerK = between(0.2, 0.32);
  const waterKwh = between(4, 7);
  const coldFlow = between(40, 52);
  const litres = Math.round(between(300, 800));
  const source: HeatSource = index % EVERY_BRINE === EVERY_BRINE - 1 ? "brine" : "air";
  const flowAt = (air: number) =>
    MILD_FLOW + (coldFlow - MILD_FLOW) * (HEATING_LIMIT - Math.min(air, HEATING_LIMIT)) /
      (HEATING_LIMIT - COLDEST);

  const copAt = (sourceC: number, flowC: number) =>
    Math.max(1, IN_THE_FIELD * coefficientOfPerformance(source, sourceC, flowC));

  const heatKw = new Float64Array(outsideC.length), cop = new Float64Array(outsideC.length);
  let meanC = outsideC[0], thirst = 1;
  for (let q = 0; q < outsideC.length; q++) {
    meanC += INERTIA * (outsideC[q] - meanC);
    if (q % QUARTERS_PER_DAY === 0) thirst = between(0.6, 1.4);
    const hour = calendar.hourOfDay[q];
    const roomKw = kwPerK * Math.max(0, HEATING_LIMIT - meanC) * habit(hour);
    const waterKw = waterKwh * thirst * tapping(hour);
    const sourceC = source === "air"
      ? outsideC[q]
      : BRINE.mean + BRINE.swing * yearly(calendar.dayOfYear[q], BRINE.warmestDay);
    // What both take together, each at its own temperature.
    const takenKw = roomKw / copAt(sourceC, flowAt(meanC)) + waterKw / copAt(sourceC, HOT_WATER);
    heatKw[q] = roomKw + waterKw;
    cop[q] = heatKw[q] / takenKw;
  }
  const atBivalence = copAt(
    source === "air" ? BIVALENCE : BRINE.mean - BRINE.swing,
    flowAt(BIVALENCE),
  );
  const neededKw = kwPerK * (HEATING_LIMIT - BIVALENCE) + waterKwh / 24;
  return {
    kind: "heat-pump",
    name: "heat-pump",
    maxPowerKw: Math.ceil(10 * neededKw / atBivalence) / 10,
    backupKw: 6,
    tankKwh: Math.round(10 * litres * KWH_PER_LITRE_K * TANK_K) / 10,
    lossPerHour: 0.006,
    unmetPricePerKwh: 1,
    heatKw: slotMeans(heatKw, dtHours),
    cop: slotMeans(cop, dtHours),
  };
}

/** How much of its mean a house asks for at an hour; 1 on average over a day. */
function habit(hour: number): number {
  if (hour < 5 || hour >= 22) return 0.8;
  return hour < 9 ? 1.25 : 1.0308;
}

/** Share of a day's hot water at an hour, per hour. [1/h] */
function tapping(hour: number): number {
  if (hour >= 6 && hour < 9) return 0.11;
  if (hour >= 18 && hour < 22) return 0.09;
  return hour >= 9 && hour < 18 ? 0.03 : 0.04 / 8;
}
