/**
 * A car as a device by slots.
 *
 * - Power is possible for the share of a slot in which the car is plugged in.
 * - In the slot of a departure the trip leaves the battery, at the slot's end, and what is required has to
 *   be there before: `least = required − trip`, at least 0. What lacks is charged elsewhere, and counted
 *   once. While the car is away it holds what the trip left.
 * - Where departures are announced, the floor of a slot in which the car is plugged in is what full power
 *   until the departure would still lift to what is required: `required − ηc·P·(hours left)`. Of a trip,
 *   of the next session, and of a departure that is unknown the floor knows nothing.
 * - A charger gives either nothing or at least its least power. As slots have means of power, a mean below
 *   the least is charged in a part of the slot ({@linkcode chargingShare}), so that every mean from 0 on is
 *   possible, for the environment and for linear programs alike.
 * - A car that stands loses nothing.
 *
 * @module
 */

import type { Car } from "../data/devices/car.ts";
import type { Device } from "../data/device.ts";
import type { TimeGrid } from "../units.ts";
import { leavingChances } from "./leaving.ts";
import { hoursAfter, shareWithin, slotSpan } from "./spans.ts";

/**
 * The car by slots.
 *
 * @example
 * ```ts
 * import { carBySlot } from "./car.ts";
 * const hour = (h: number) => Date.UTC(2025, 0, 1, h);
 * const car = {
 *   kind: "car" as const,
 *   name: "ev",
 *   capacityKwh: 40,
 *   maxChargeKw: 10,
 *   leastChargeKw: 4,
 *   maxDischargeKw: 0,
 *   chargeEfficiency: 0.9,
 *   dischargeEfficiency: 0.9,
 *   unmetPricePerKwh: 0.7,
 *   departure: "announced" as const,
 *   sessions: [{ startMs: hour(1), endMs: hour(4), tripKwh: 12, requiredKwh: 30 }],
 * };
 * const grid = { startMs: hour(0), utcOffsetMinutes: 0, dtHours: 1, slots: 6 };
 * const { chargeKw, floorKwh, drainKwh } = carBySlot(car, grid);
 * if (chargeKw.join() !== "0,10,10,10,0,0") throw new Error("plugged in for three hours");
 * if (floorKwh.join() !== "0,12,21,18,0,0") throw new Error("9 kWh an hour up to 30, then 12 less");
 * if (drainKwh.join() !== "0,0,0,12,0,0") throw new Error("the trip leaves with the car");
 * ```
 */
export function carBySlot(car: Car, grid: TimeGrid): Device {
  const { slots } = grid;
  const share = shareWithin(car.sessions, grid);
  const drainKwh = new Float64Array(slots), leastKwh = new Float64Array(slots);
  const floorKwh = new Float64Array(slots);
  const knownSlots = new Float64Array(slots).fill(1);
  const perHourKwh = car.chargeEfficiency * car.maxChargeKw;
  // Of several departures in a slot, what is required at one has to last for the trips after it.
  for (const session of car.sessions.toReversed()) {
    const { first, last } = slotSpan(session, grid);
    if (last < slots) {
      drainKwh[last] += session.tripKwh;
      leastKwh[last] = Math.max(leastKwh[last], session.requiredKwh - drainKwh[last]);
    }
    if (car.departure === "unknown") continue;
    for (let t = Math.max(0, first); t <= Math.min(last, slots - 1); t++) {
      knownSlots[t] = Math.max(knownSlots[t], Math.min(last + 1, slots) - t);
      if (t === last) continue;
      const reachableKwh = perHourKwh * hoursAfter(grid, t, session.endMs);
      floorKwh[t] = Math.max(0, session.requiredKwh - reachableKwh);
    }
  }
  return {
    kind: "car",
    name: car.name,
    capacityKwh: car.capacityKwh,
    selfDischargePerHour: 0,
    dischargeEfficiency: car.dischargeEfficiency,
    unmetPricePerKwh: car.unmetPricePerKwh,
    chargeKw: share.map((within) => within * car.maxChargeKw),
    dischargeKw: share.map((within) => within * car.maxDischargeKw),
    chargeEfficiency: Float64Array.of(car.chargeEfficiency),
    leastKwh,
    floorKwh: floorKwh.map((floor, t) => Math.max(floor, leastKwh[t])),
    mostKwh: Float64Array.of(car.capacityKwh),
    drainKwh,
    knownSlots,
    ...(car.departure === "unknown" && { leavingChance: leavingChances(car.sessions, grid) }),
  };
}

/** Share of a slot in which the charger is on at a mean power: at the least power, or all the time. */
export function chargingShare({ leastChargeKw }: Car, powerKw: number): number {
  return powerKw >= leastChargeKw ? 1 : Math.max(0, powerKw / leastChargeKw);
}
