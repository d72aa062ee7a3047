/**
 * Interventions that befall the cars of a home, see {@link ../interventions.ts}.
 *
 * @module
 */

import { quoted } from "../../text/shown.ts";
import type { Community } from "../community.ts";
import type { Dataset } from "../profiles.ts";
import type { Car, CarSession } from "./car.ts";
import {
  arrivingLater,
  carsOf,
  leavingEarlier,
  withChangedDevices,
  withoutCharger,
} from "./changes.ts";

const CARS_MS = 2 * 3_600_000;

/** What may befall cars, and what a home has without a car that it could befall. */
const NOTHING_TO_BEFALL = {
  "late-car": "comes home later today",
  "early-car": "leaves later today",
  "charger-failure": "has a charger that works",
} as const;

/**
 * The community with other cars in one home.
 *
 * @param prosumer Whom it befalls.
 * @param range Slots of the day that are still to come.
 * @throws {RangeError} If there is no such home, or no car in it that this could befall.
 */
export function withCarsBefallen(
  { community, profiles: { grid } }: Dataset,
  kind: keyof typeof NOTHING_TO_BEFALL,
  prosumer: string,
  { from, end }: { readonly from: number; readonly end: number },
): Community {
  if (!community.prosumers.some(({ id }) => id === prosumer)) {
    throw new RangeError(`a car can only be in a home of the community, got ${quoted(prosumer)}`);
  }
  const moment = (slot: number) => grid.startMs + slot * grid.dtHours * 3_600_000;
  const [nowMs, overMs] = [moment(from), moment(end)];
  const isToday = (ms: number) => ms > nowMs && ms < overMs;
  const change = (car: Car): Car => {
    const withSessions = (befallen: (session: CarSession) => CarSession) => (
      { ...car, sessions: car.sessions.map(befallen) }
    );
    switch (kind) {
      case "charger-failure":
        return withoutCharger(car);
      case "late-car":
        return withSessions((session) =>
          isToday(session.startMs) ? arrivingLater(session, CARS_MS) : session
        );
      case "early-car":
        return withSessions((session) =>
          isToday(session.endMs) ? leavingEarlier(session, CARS_MS, nowMs) : session
        );
    }
  };
  const cars = carsOf(community, prosumer);
  if (cars.length === 0) throw new RangeError(`${prosumer} has no car`);
  if (cars.every((car) => isSame(car, change(car)))) {
    throw new RangeError(`no car of ${prosumer} ${NOTHING_TO_BEFALL[kind]}`);
  }
  return withChangedDevices(
    community,
    (device, id) => device.kind === "car" && id === prosumer ? change(device) : device,
  );
}

function isSame(a: Car, b: Car): boolean {
  return a.maxChargeKw === b.maxChargeKw && a.maxDischargeKw === b.maxDischargeKw &&
    a.sessions.every(({ startMs, endMs }, k) =>
      startMs === b.sessions[k].startMs && endMs === b.sessions[k].endMs
    );
}
