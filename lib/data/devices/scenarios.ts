/**
 * Scenarios of weather and of cars, see {@link ../scenarios.ts}. The factors of the weather are assumptions:
 * what ten degrees do to a house with a heating limit of 15 °C and to the pump of {@link ./heat_pump.ts}.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import type { Dataset } from "../profiles.ts";
import type { CarSession } from "./car.ts";
import {
  arrivingLater,
  carsOf,
  inWeather,
  leavingEarlier,
  type WeatherChange,
  withChangedDevices,
} from "./changes.ts";

const COLD = { heat: 1.6, cop: 0.75, trip: 1.2, load: 1.05, pv: 1 };
const HOT = { heat: 0.3, cop: 1.25, trip: 1, load: 1.15, pv: 0.95 };
const CARS_MS = 2 * 3_600_000;

/** About ten degrees colder. */
export function inColdWeek(dataset: Dataset): Dataset {
  return weathered(dataset, COLD);
}

/** About ten degrees warmer. */
export function inHeatWave(dataset: Dataset): Dataset {
  return weathered(dataset, HOT);
}

/**
 * Cars come home two hours later.
 *
 * @throws {RangeError} If there are none.
 */
export function withLateCars(dataset: Dataset): Dataset {
  return withSessions(dataset, "late-cars", (session) => arrivingLater(session, CARS_MS));
}

/**
 * Cars leave two hours earlier.
 *
 * @throws {RangeError} If there are none.
 */
export function withEarlyCars(dataset: Dataset): Dataset {
  const { startMs } = dataset.profiles.grid;
  return withSessions(
    dataset,
    "early-cars",
    (session) => leavingEarlier(session, CARS_MS, startMs),
  );
}

function weathered(
  dataset: Dataset,
  change: WeatherChange & { readonly load: number; readonly pv: number },
): Dataset {
  const { community, profiles } = dataset;
  const scaled = (values: Float64Array, factor: number) =>
    factor === 1 ? values : values.map((value) => factor * value);
  return {
    ...dataset,
    community: withChangedDevices(community, (device) => inWeather(device, change)),
    profiles: {
      ...profiles,
      loadKw: scaled(profiles.loadKw, change.load),
      pvKw: scaled(profiles.pvKw, change.pv),
    },
  };
}

function withSessions(
  dataset: Dataset,
  scenario: string,
  change: (session: CarSession) => CarSession,
): Dataset {
  const { community } = dataset;
  if (carsOf(community).length === 0) {
    throw new RangeError(
      `the scenario ${scenario} needs a car, and no home of ${
        quoted(community.name)
      } has one; take ` +
        "another scenario, or homes with cars",
    );
  }
  return {
    ...dataset,
    community: withChangedDevices(
      community,
      (device) =>
        device.kind === "car" ? { ...device, sessions: device.sessions.map(change) } : device,
    ),
  };
}
