/**
 * Changes of devices: cars that come late or leave early, another weather, a charger that fails.
 *
 * @module
 */

import type { Community } from "../community.ts";
import type { Car, CarSession } from "./car.ts";
import { type HomeDevice, isBySlot, type KindDevice } from "./home_device.ts";

/** Shortest time at home that a change leaves. [ms] */
const SHORTEST_MS = 60_000;

/** A copy in which devices that files know are changed; nothing else is, and homes without them are the same. */
export function withChangedDevices(
  community: Community,
  change: (device: KindDevice, id: string) => KindDevice,
): Community {
  const changed = (device: HomeDevice, id: string) =>
    isBySlot(device) ? device : change(device, id);
  return {
    ...community,
    prosumers: community.prosumers.map((prosumer) =>
      prosumer.devices === undefined ? prosumer : {
        ...prosumer,
        devices: prosumer.devices.map((device) => changed(device, prosumer.id)),
      }
    ),
  };
}

/** Cars of a community, or of one home. */
export function carsOf({ prosumers }: Community, id?: string): Car[] {
  return prosumers.filter((prosumer) => id === undefined || prosumer.id === id)
    .flatMap(({ devices = [] }) =>
      devices.flatMap((device) => isBySlot(device) || device.kind !== "car" ? [] : [device])
    );
}

/** A session that begins later, but before it ends. */
export function arrivingLater(session: CarSession, byMs: number): CarSession {
  const latestMs = session.endMs - SHORTEST_MS;
  return {
    ...session,
    startMs: Math.max(session.startMs, Math.min(session.startMs + byMs, latestMs)),
  };
}

/** A session that ends earlier, but after it began and after a moment. */
export function leavingEarlier(session: CarSession, byMs: number, afterMs: number): CarSession {
  const earliestMs = Math.max(session.startMs, afterMs) + SHORTEST_MS;
  return { ...session, endMs: Math.min(session.endMs, Math.max(session.endMs - byMs, earliestMs)) };
}

/** How another weather changes what devices need. */
export interface WeatherChange {
  /** Factor on heat demand. */
  readonly heat: number;
  /** Factor on the coefficient of performance, which stays at least 1. */
  readonly cop: number;
  /** Factor on what trips take, as far as the battery holds it. */
  readonly trip: number;
}

/** A device in another weather. */
export function inWeather(device: KindDevice, { heat, cop, trip }: WeatherChange): KindDevice {
  switch (device.kind) {
    case "car": {
      const { capacityKwh } = device;
      return {
        ...device,
        sessions: device.sessions.map((session) => ({
          ...session,
          tripKwh: Math.min(capacityKwh, trip * session.tripKwh),
        })),
      };
    }
    case "heat-pump":
      return {
        ...device,
        heatKw: device.heatKw.map((kw) => heat * kw),
        // A file may hold less than 1, which no weather raises.
        cop: device.cop.map((value) => Math.max(Math.min(value, 1), cop * value)),
      };
    case "appliance":
      return device;
  }
}

/** A car whose charger has failed: it leaves and comes as ever, but neither charges nor gives back. */
export function withoutCharger(car: Car): Car {
  return { ...car, maxChargeKw: 0, leastChargeKw: 0, maxDischargeKw: 0 };
}
