/**
 * Appliances of a synthetic community that may wait, in turn a washing machine and a dishwasher; they come on
 * top of the household's load.
 *
 * - Washing machine: three runs a week of 0.5 to 0.8 kWh at up to 2 kW, filled between 7:00 and 10:00, to be
 *   done by 17:00 to 19:00.
 * - Dishwasher: five runs a week of 0.7 to 1 kWh at up to 2 kW, filled between 19:00 and 22:00, to be done by
 *   6:00 to 7:00.
 *
 * Energy: EU energy labels of 2021, for 8 kg the classes B to E (Regulation (EU) 2019/2014), for 13 place
 * settings C to F (2019/2017). Power, hours and frequency are assumptions, and so is the price of a run that
 * is missed, 1 EUR/kWh.
 *
 * @module
 */

import type { Stream } from "../../random.ts";
import { HOURS_PER_DAY, type TimeGrid } from "../../units.ts";
import type { Appliance, ApplianceRun } from "../devices/appliance.ts";

const MS_PER_HOUR = 3_600_000;
const STEP_HOURS = 1 / 12;

const KINDS = [
  { name: "washing-machine", runs: 3 / 7, kwh: [0.5, 0.8], from: [7, 10], by: [17, 19] },
  { name: "dishwasher", runs: 5 / 7, kwh: [0.7, 1], from: [19, 22], by: [30, 31] },
] as const;

/** Draws appliance number `index` and its runs on the days of `grid`. */
export function drawAppliance(index: number, grid: TimeGrid, random: Stream): Appliance {
  const kind = KINDS[index % KINDS.length];
  const between = ([low, high]: readonly [number, number]) => low + (high - low) * random.uniform();
  const energyKwh = Math.round(100 * between(kind.kwh)) / 100;
  const days = Math.round(grid.slots * grid.dtHours / HOURS_PER_DAY);
  const moment = (day: number, hour: number) =>
    grid.startMs + Math.round((day * HOURS_PER_DAY + hour) / STEP_HOURS) * STEP_HOURS * MS_PER_HOUR;
  const runs: ApplianceRun[] = [];
  for (let day = 0; day < days; day++) {
    const isRun = random.uniform() < kind.runs;
    const [startMs, endMs] = [moment(day, between(kind.from)), moment(day, between(kind.by))];
    if (isRun) runs.push({ startMs, endMs, energyKwh });
  }
  return { kind: "appliance", name: kind.name, maxPowerKw: 2, unmetPricePerKwh: 1, runs };
}
