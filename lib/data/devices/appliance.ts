/**
 * An appliance that may run at any time between two moments, such as a dishwasher, by its runs.
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
  type Span,
} from "./check.ts";

/** A run, which takes its energy not before `startMs` and ends by the deadline, `endMs`. */
export interface ApplianceRun extends Span {
  /** What it takes. [kWh] */
  readonly energyKwh: number;
}

/** An appliance. */
export interface Appliance {
  /** What it is. */
  readonly kind: "appliance";
  /** Names it within its home. */
  readonly name: string;
  /** Largest power. [kW] */
  readonly maxPowerKw: number;
  /** Price of what lacks at a deadline. [currency/kWh] */
  readonly unmetPricePerKwh: number;
  /** When it has to run, in the order of time. */
  readonly runs: readonly ApplianceRun[];
}

/** Names of a run's columns in `runs.csv`. */
export const RUN = { start: "earliest", end: "deadline", span: "run" } as const;

const MS_PER_HOUR = 3_600_000;
/** A run may be as long as its window, give or take rounding. */
const ROUNDING = 1e-9;

/**
 * Checks that an appliance is possible.
 *
 * @param id Of the prosumer, for messages.
 * @throws {RangeError} Naming field, value and place.
 */
export function validateAppliance(
  { name, maxPowerKw, unmetPricePerKwh, runs }: Appliance,
  grid: TimeGrid,
  id: string,
  place: DevicePlace = (_field, row) =>
    `${row === undefined ? "" : `run ${row + 1} of `}${deviceName(name, id)}`,
): void {
  const demand = demandAt(place);
  demandName(demand, name);
  demand(isPositive(maxPowerKw), "maxPowerKw", "positive", maxPowerKw);
  demand(isNonNegative(unmetPricePerKwh), "unmetPricePerKwh", "≥ 0", unmetPricePerKwh);
  demandSpans(demand, runs, grid, RUN);
  runs.forEach(({ startMs, endMs, energyKwh }, row) => {
    demand(isPositive(energyKwh), "energyKwh", "positive", energyKwh, "correct it", row);
    const windowHours = (endMs - startMs) / MS_PER_HOUR;
    const mostKwh = maxPowerKw * windowHours;
    demand(
      energyKwh <= mostKwh * (1 + ROUNDING),
      "energyKwh",
      `at most what maxPowerKw, ${maxPowerKw} kW, gives in the window of ` +
        `${Number(windowHours.toPrecision(4))} h, ${Number(mostKwh.toPrecision(4))} kWh`,
      energyKwh,
      "the window is shorter than the run: make it longer",
      row,
    );
  });
}
