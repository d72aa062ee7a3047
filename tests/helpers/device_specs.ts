/** Cars, heat pumps and appliances for tests. */

import type { Appliance } from "../../lib/data/devices/appliance.ts";
import type { Car } from "../../lib/data/devices/car.ts";
import type { HeatPump } from "../../lib/data/devices/heat_pump.ts";
import type { HomeDevice } from "../../lib/data/devices/home_device.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import type { TimeGrid } from "../../lib/units.ts";

const MS_PER_HOUR = 3_600_000;

/** A moment some hours after the start of a grid. [ms] */
export const at = (grid: TimeGrid, hours: number) =>
  grid.startMs + Math.round(hours * 3600) * (MS_PER_HOUR / 3600);

/** A car of 40 kWh, changed, that is at home from hour to hour, and what it drives and requires then. */
export function car(
  grid: TimeGrid,
  sessions: readonly (readonly [from: number, to: number, trip: number, required: number])[],
  change: Partial<Car> = {},
): Car {
  return {
    kind: "car",
    name: "ev",
    capacityKwh: 40,
    maxChargeKw: 10,
    leastChargeKw: 4,
    maxDischargeKw: 0,
    chargeEfficiency: 0.9,
    dischargeEfficiency: 0.8,
    unmetPricePerKwh: 0.7,
    departure: "announced",
    sessions: sessions.map(([from, to, tripKwh, requiredKwh]) => (
      { startMs: at(grid, from), endMs: at(grid, to), tripKwh, requiredKwh }
    )),
    ...change,
  };
}

/** A heat pump of 2 kW with a heater of 3 kW and a tank of 8 kWh, changed. */
export function heatPump(
  grid: TimeGrid,
  heatKw: (slot: number) => number,
  cop: (slot: number) => number,
  change: Partial<HeatPump> = {},
): HeatPump {
  const column = (value: (slot: number) => number) =>
    Float64Array.from({ length: grid.slots }, (_, slot) => value(slot));
  return {
    kind: "heat-pump",
    name: "heating",
    maxPowerKw: 2,
    backupKw: 3,
    tankKwh: 8,
    lossPerHour: 0.01,
    unmetPricePerKwh: 1,
    heatKw: column(heatKw),
    cop: column(cop),
    ...change,
  };
}

/** A machine of 2 kW, changed, that may run from hour to hour, and what it takes. */
export function appliance(
  grid: TimeGrid,
  runs: readonly (readonly [from: number, to: number, energyKwh: number])[],
  change: Partial<Appliance> = {},
): Appliance {
  return {
    kind: "appliance",
    name: "washer",
    maxPowerKw: 2,
    unmetPricePerKwh: 1,
    runs: runs.map(([from, to, energyKwh]) => (
      { startMs: at(grid, from), endMs: at(grid, to), energyKwh }
    )),
    ...change,
  };
}

/** A data set whose homes have these devices. */
export function withSpecs(
  dataset: Dataset,
  devices: (grid: TimeGrid) => readonly (readonly HomeDevice[])[],
): Dataset {
  const lists = devices(dataset.profiles.grid);
  const prosumers = dataset.community.prosumers.map((prosumer, i) =>
    (lists[i] ?? []).length === 0 ? prosumer : { ...prosumer, devices: lists[i] }
  );
  return { ...dataset, community: { ...dataset.community, prosumers } };
}
