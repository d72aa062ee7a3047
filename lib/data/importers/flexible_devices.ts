/**
 * Cars and heat pumps of homes whose list of devices has them: by measured sessions, or by the statistics
 * of made-up homes ({@link ../synthetic/cars.ts}, {@link ../synthetic/heat_pumps.ts}), and what of the
 * measured load is theirs.
 *
 * A meter at the house holds what they take. That is cut out of its load where it fits in, as they are
 * simulated on their own: a car as if it had charged at full power from its arrival on, a heat pump as if it had no tank.
 * No slot is cut below what the home takes at least most of the time, and what does not fit is taken
 * later: of the same session, or within a day.
 *
 * @module
 */

import { HOURS_PER_DAY, localTime, type TimeGrid } from "../../units.ts";
import { stream } from "../../random.ts";
import type { Car, CarSession } from "../devices/car.ts";
import type { HeatPump } from "../devices/heat_pump.ts";
import type { KindDevice } from "../devices/home_device.ts";
import { drawCar } from "../synthetic/cars.ts";
import { drawHeatPump, drawSpells } from "../synthetic/heat_pumps.ts";
import { quarterHours } from "../synthetic/quarter_hours.ts";
import { drawWeather } from "../synthetic/weather.ts";
import type { HomeDevices } from "./devices_table.ts";
import type { MeasuredSession } from "./sessions_table.ts";
import { rounded } from "./readings.ts";

/** What devices are made with. */
export interface DeviceSources {
  readonly grid: TimeGrid;
  readonly seed: number;
  /** Measured sessions of the home's car; `null` where none are. */
  readonly sessions: readonly MeasuredSession[] | null;
}

const MS_PER_HOUR = 3_600_000;
/** The least share that has to fit into a load that is to hold a device. */
const LEAST_HELD = 0.5;
/** The share of slots in which a home takes less than its floor. */
const FLOOR_SHARE = 0.2;
const KASSEL = { latitudeDeg: 51.3, longitudeDeg: 9.5 };

/**
 * Devices of a home; cuts what they take out of its load.
 *
 * @param loadKw Load of the home, changed where the load holds the devices. [kW]
 */
export function flexibleDevices(
  id: string,
  index: number,
  own: HomeDevices,
  loadKw: Float64Array,
  sources: DeviceSources,
): { devices: KindDevice[]; notes: string[] } {
  const devices: KindDevice[] = [], notes: string[] = [];
  const { grid } = sources;
  if (own.car !== null) {
    const { car, chargedKw, tooLargeKwh } = sources.sessions === null
      ? { ...drawnCar(index, own.car, sources), tooLargeKwh: 0 }
      : measuredCar(own.car, sources.sessions, sources);
    devices.push(car);
    const how = sources.sessions === null ? "made up by statistics" : "measured";
    notes.push(
      `${id}: a car of ${car.capacityKwh} kWh, its ${car.sessions.length} sessions ${how}`,
    );
    if (tooLargeKwh > 0) {
      notes.push(
        `${id}: its sessions charge ${
          rounded(tooLargeKwh)
        } kWh more than a car of ${car.capacityKwh} ` +
          "kWh holds at once, which are left out; correct them, or car_kWh in the list of devices",
      );
    }
    notes.push(...cutOut(id, "car", own, loadKw, chargedKw, grid));
  }
  if (own.heatPump !== null) {
    const pump = drawnHeatPump(index, own.heatPump, sources);
    devices.push(pump);
    const takenKw = pump.heatKw.map((heat, slot) => heat / pump.cop[slot]);
    const kwh = takenKw.reduce((sum, power) => sum + power, 0) * grid.dtHours;
    notes.push(
      `${id}: a heat pump of ${pump.maxPowerKw} kW, its heat made up by statistics (${
        rounded(kwh)
      } kWh of ` +
        "electricity)",
    );
    const windows = takenKw.map((_, slot) => slot + Math.round(HOURS_PER_DAY / grid.dtHours));
    notes.push(...cutOut(id, "heat pump", own, loadKw, { powerKw: takenKw, until: windows }, grid));
  }
  return { devices, notes };
}

/** What a device took by slots, and until which slot it could have been taken instead. */
interface Taken {
  readonly powerKw: Float64Array;
  readonly until: Float64Array;
}

/** Whole local days around a grid, as devices are made up from midnight on. */
function wholeDays(grid: TimeGrid): { days: TimeGrid; first: number } {
  const first = Math.round(localTime(grid, 0).hourOfDay / grid.dtHours);
  const perDay = HOURS_PER_DAY / grid.dtHours;
  const slots = Math.ceil((first + grid.slots) / perDay) * perDay;
  const startMs = grid.startMs - first * grid.dtHours * MS_PER_HOUR;
  return { days: { ...grid, startMs, slots }, first };
}

function drawnCar(
  index: number,
  wanted: NonNullable<HomeDevices["car"]>,
  { grid, seed }: DeviceSources,
): { car: Car; chargedKw: Taken } {
  const { days } = wholeDays(grid);
  const drawn = drawCar(index, days, "announced", stream(seed, "car", index));
  const capacityKwh = wanted.capacityKwh ?? drawn.capacityKwh;
  const scale = capacityKwh / drawn.capacityKwh;
  const end = grid.startMs + grid.slots * grid.dtHours * MS_PER_HOUR;
  const sessions = drawn.sessions.filter(({ startMs, endMs }) =>
    endMs > grid.startMs && startMs < end
  )
    .map((session) => ({
      ...session,
      tripKwh: Math.min(session.tripKwh, capacityKwh),
      requiredKwh: Math.min(capacityKwh, session.requiredKwh * scale),
    }));
  const car = sized({ ...drawn, capacityKwh, sessions }, wanted);
  // Before each session there was the trip of the one before.
  const charged = sessions.map((_, k) =>
    k === 0 ? 0 : sessions[k - 1].tripKwh / car.chargeEfficiency
  );
  return { car, chargedKw: onArrival(car, charged, grid) };
}

function measuredCar(
  wanted: NonNullable<HomeDevices["car"]>,
  measured: readonly MeasuredSession[],
  { grid }: DeviceSources,
): { car: Car; chargedKw: Taken; tooLargeKwh: number } {
  const drawn = drawCar(0, { ...grid, slots: 0 }, "announced", stream(1, "car", 0));
  const largest = measured.reduce((most, { chargedKwh }) => Math.max(most, chargedKwh), 0);
  const capacityKwh = wanted.capacityKwh ?? Math.max(drawn.capacityKwh, Math.ceil(largest));
  const car = sized({ ...drawn, capacityKwh, sessions: [] }, wanted);
  const mean = measured.reduce((sum, { chargedKwh }) => sum + chargedKwh, 0) / measured.length;
  const sessions = measured.map(({ startMs, endMs }, k): CarSession => {
    // What the next session charged is what the trip before it had taken.
    const chargedNext = measured[k + 1]?.chargedKwh ?? mean;
    const tripKwh = Math.min(capacityKwh, chargedNext * car.chargeEfficiency);
    return { startMs, endMs, tripKwh, requiredKwh: tripKwh };
  });
  const most = capacityKwh / car.chargeEfficiency;
  const tooLargeKwh = measured.reduce(
    (sum, { chargedKwh }) => sum + Math.max(0, chargedKwh - most),
    0,
  );
  const chargedKw = onArrival(
    { ...car, sessions },
    measured.map(({ chargedKwh }) => chargedKwh),
    grid,
  );
  return { car: { ...car, sessions }, chargedKw, tooLargeKwh };
}

function sized(car: Car, { chargeKw, dischargeKw }: NonNullable<HomeDevices["car"]>): Car {
  const maxChargeKw = chargeKw ?? car.maxChargeKw;
  return {
    ...car,
    maxChargeKw,
    // One phase of 6 A, where three of them would be more than there is.
    leastChargeKw: Math.min(maxChargeKw > 4.6 ? 4.14 : 1.38, maxChargeKw),
    maxDischargeKw: dischargeKw ?? 0,
  };
}

/** Charging at full power from the arrival on. */
function onArrival(car: Car, chargedKwh: readonly number[], grid: TimeGrid): Taken {
  const powerKw = new Float64Array(grid.slots), until = new Float64Array(grid.slots);
  car.sessions.forEach(({ startMs, endMs }, k) => {
    const slotOf = (ms: number) => (ms - grid.startMs) / MS_PER_HOUR / grid.dtHours;
    const first = Math.max(0, Math.floor(slotOf(startMs))),
      last = Math.min(grid.slots, slotOf(endMs));
    let left = chargedKwh[k];
    for (let slot = first; slot < last && left > 0; slot++) {
      const power = Math.min(car.maxChargeKw - powerKw[slot], left / grid.dtHours);
      powerKw[slot] += power;
      until[slot] = Math.max(until[slot], last);
      left -= power * grid.dtHours;
    }
  });
  return { powerKw, until };
}

function drawnHeatPump(
  index: number,
  wanted: NonNullable<HomeDevices["heatPump"]>,
  { grid, seed }: DeviceSources,
): HeatPump {
  const { days, first } = wholeDays(grid);
  const calendar = quarterHours(days);
  const weather = drawWeather(calendar, KASSEL, stream(seed, "weather"));
  const outsideC = drawSpells(weather.airTemperature, stream(seed, "spells"));
  const drawn = drawHeatPump(
    index,
    outsideC,
    calendar,
    grid.dtHours,
    stream(seed, "heat-pump", index),
  );
  const scale = wanted.powerKw === undefined ? 1 : wanted.powerKw / drawn.maxPowerKw;
  return {
    ...drawn,
    maxPowerKw: wanted.powerKw ?? drawn.maxPowerKw,
    tankKwh: Math.round(10 * drawn.tankKwh * scale) / 10,
    heatKw: drawn.heatKw.slice(first, first + grid.slots).map((power) => power * scale),
    cop: drawn.cop.slice(first, first + grid.slots),
  };
}

/** Takes what a device took out of the load that holds it. */
function cutOut(
  id: string,
  what: string,
  { isInLoad }: HomeDevices,
  loadKw: Float64Array,
  { powerKw, until }: Taken,
  { dtHours }: TimeGrid,
): string[] {
  const wantedKwh = powerKw.reduce((sum, power) => sum + power, 0) * dtHours;
  if (isInLoad === false) {
    return [
      `${id}: its load is taken to be without its ${what}, as the list of devices says (in_load)`,
    ];
  }
  const sorted = loadKw.toSorted();
  const floorKw = sorted[Math.floor(FLOOR_SHARE * sorted.length)];
  const rest = loadKw.slice();
  let carried = 0, carriedUntil = 0, cutKwh = 0;
  for (let slot = 0; slot < rest.length; slot++) {
    if (slot >= carriedUntil) carried = 0;
    carried += powerKw[slot];
    if (powerKw[slot] > 0) carriedUntil = Math.max(carriedUntil, until[slot]);
    const cut = Math.min(carried, Math.max(0, rest[slot] - floorKw));
    rest[slot] -= cut;
    carried -= cut;
    cutKwh += cut * dtHours;
  }
  const sizes = `${rounded(cutKwh)} of the ${rounded(wantedKwh)} kWh that its ${what} takes`;
  if (isInLoad === undefined && cutKwh < LEAST_HELD * wantedKwh) {
    return [
      `${id}: its load seems to be without its ${what}, as only ${sizes} fit into it: nothing is cut out ` +
      "of it (say in_load yes or no in the list of devices)",
    ];
  }
  loadKw.set(rest);
  return [`${id}: ${sizes} are cut out of the measured load`];
}
