/**
 * An electric car that charges at home, by the sessions in which it is plugged in.
 *
 * @module
 */

import type { TimeGrid } from "../../units.ts";
import {
  demandAt,
  demandName,
  demandSpans,
  deviceName,
  type DevicePlace,
  isNonNegative,
  isPositive,
  isShare,
  type Span,
} from "./check.ts";

/** A time at home, from the arrival (`startMs`) to the departure (`endMs`), and the trip after it. */
export interface CarSession extends Span {
  /** What the trip that begins at the departure takes out of the battery. [kWh] */
  readonly tripKwh: number;
  /** What the battery has to hold at the departure; a trip that takes more is not foreseen. [kWh] */
  readonly requiredKwh: number;
}

/** What is known of a session that has begun: its departure, or only when cars use to leave. */
export const departureKinds = ["announced", "unknown"] as const;

/** A car. Power is measured on the AC side of its charger. */
export interface Car {
  /** What it is. */
  readonly kind: "car";
  /** Names it within its home. */
  readonly name: string;
  /** What its battery can hold. [kWh] */
  readonly capacityKwh: number;
  /** Largest charging power; 0 where the charger has failed. [kW] */
  readonly maxChargeKw: number;
  /**
   * Least charging power, below which the charger is off; a smaller mean over a slot is charged in a
   * part of it. [kW]
   */
  readonly leastChargeKw: number;
  /** Largest power that it gives back, as a magnitude; 0 for a car that only charges. [kW] */
  readonly maxDischargeKw: number;
  /** Share of charged energy that is stored, in (0, 1]. */
  readonly chargeEfficiency: number;
  /** Share of stored energy that comes out, in (0, 1]. */
  readonly dischargeEfficiency: number;
  /** Price of what lacks at a departure, charged elsewhere. [currency/kWh stored] */
  readonly unmetPricePerKwh: number;
  /** Whether a departure is known from the arrival on, or not before the car leaves. */
  readonly departure: (typeof departureKinds)[number];
  /** What it drives with. [kWh/km] */
  readonly consumptionKwhPerKm?: number;
  /** When it is at home, in the order of time. */
  readonly sessions: readonly CarSession[];
}

/** Names of a session's columns in `sessions.csv`. */
export const SESSION = { start: "arrival", end: "departure", span: "session" } as const;

/**
 * Checks that a car is possible.
 *
 * @param id Of the prosumer, for messages.
 * @throws {RangeError} Naming field, value and place.
 */
export function validateCar(
  car: Car,
  grid: TimeGrid,
  id: string,
  place: DevicePlace = (_field, row) =>
    `${row === undefined ? "" : `session ${row + 1} of `}${deviceName(car.name, id)}`,
): void {
  const demand = demandAt(place);
  demandName(demand, car.name);
  const { capacityKwh, maxChargeKw, leastChargeKw, maxDischargeKw, unmetPricePerKwh } = car;
  demand(isPositive(capacityKwh), "capacityKwh", "positive", capacityKwh);
  demand(isNonNegative(maxChargeKw), "maxChargeKw", "≥ 0", maxChargeKw);
  const isBelow = isNonNegative(leastChargeKw) && leastChargeKw <= maxChargeKw;
  demand(isBelow, "leastChargeKw", `0 to maxChargeKw, ${maxChargeKw}`, leastChargeKw);
  demand(isNonNegative(maxDischargeKw), "maxDischargeKw", "≥ 0", maxDischargeKw);
  for (const field of ["chargeEfficiency", "dischargeEfficiency"] as const) {
    demand(isShare(car[field]), field, "in (0, 1]", car[field]);
  }
  demand(isNonNegative(unmetPricePerKwh), "unmetPricePerKwh", "≥ 0", unmetPricePerKwh);
  demand(
    departureKinds.includes(car.departure),
    "departure",
    "announced or unknown",
    car.departure,
  );
  const { consumptionKwhPerKm: perKm = 1 } = car;
  demand(isPositive(perKm), "consumptionKwhPerKm", "positive", perKm);
  demandSpans(demand, car.sessions, grid, SESSION);
  car.sessions.forEach(({ tripKwh, requiredKwh }, row) => {
    for (const [field, kwh] of [["tripKwh", tripKwh], ["requiredKwh", requiredKwh]] as const) {
      demand(isNonNegative(kwh), field, "≥ 0", kwh, "correct it", row);
      demand(
        kwh <= capacityKwh,
        field,
        `at most the capacity, ${capacityKwh} kWh`,
        kwh,
        "leave out what is charged on the way, or correct capacityKwh",
        row,
      );
    }
  });
}
