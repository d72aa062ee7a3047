/**
 * Which homes of a synthetic community have cars, heat pumps and appliances, and of which kind.
 *
 * Each is spread evenly over the homes, heat pumps half a step after cars, so that some homes have both and
 * some none. Everything is drawn from streams of its own, so that nothing else changes with it.
 *
 * @module
 */

import { stream } from "../../random.ts";
import type { TimeGrid } from "../../units.ts";
import type { Car } from "../devices/car.ts";
import type { KindDevice } from "../devices/home_device.ts";
import { drawAppliance } from "./appliances.ts";
import { drawCar } from "./cars.ts";
import { drawHeatPump, drawSpells } from "./heat_pumps.ts";
import type { Calendar } from "./quarter_hours.ts";
import type { Weather } from "./weather.ts";

/** How many homes have what. */
export interface DeviceCounts {
  /** Homes with a car; none if absent. */
  readonly cars?: number;
  /** Homes with a heat pump; none if absent. */
  readonly heatPumps?: number;
  /** Homes with an appliance that may wait; none if absent. */
  readonly appliances?: number;
  /** Whether departures are announced; they are if absent. */
  readonly departures?: Car["departure"];
}

/**
 * Devices by home.
 *
 * @throws {RangeError} If a number is none from 0 to that of the homes.
 */
export function drawHomeDevices(
  { cars = 0, heatPumps = 0, appliances = 0, departures = "announced" }: DeviceCounts,
  homes: number,
  seed: number,
  grid: TimeGrid,
  calendar: Calendar,
  weather: Weather,
): KindDevice[][] {
  const devices = Array.from({ length: homes }, (): KindDevice[] => []);
  const spread = (what: string, count: number, offset: number, draw: (k: number) => KindDevice) => {
    if (!Number.isSafeInteger(count) || count < 0 || count > homes) {
      throw new RangeError(
        `${what} must be a whole number from 0 to that of the homes, ${homes}, got ${count}`,
      );
    }
    for (let k = 0; k < count; k++) devices[Math.floor((k + offset) * homes / count)].push(draw(k));
  };
  spread("cars", cars, 0, (k) => drawCar(k, grid, departures, stream(seed, "car", k)));
  const outsideC = heatPumps > 0
    ? drawSpells(weather.airTemperature, stream(seed, "spells"))
    : weather.airTemperature;
  spread(
    "heatPumps",
    heatPumps,
    0.5,
    (k) => drawHeatPump(k, outsideC, calendar, grid.dtHours, stream(seed, "heat-pump", k)),
  );
  spread("appliances", appliances, 0, (k) => drawAppliance(k, grid, stream(seed, "appliance", k)));
  return devices;
}
