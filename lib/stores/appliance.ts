/**
 * An appliance as a device by slots: a store that is filled within the window of a run and emptied at its
 * deadline. It can be filled bit by bit, where a machine runs in one piece; `docs/devices.md` says by how
 * much that is too good.
 *
 * - Power is possible for the share of a slot that lies in a window; the store holds no more than the run
 *   takes, and nothing between runs.
 * - At the deadline the run's energy is taken; what lacks of it is unmet.
 * - A deadline is known from the beginning of its window on, and the floor is what full power could still
 *   lift to the run's energy.
 *
 * @module
 */

import type { Appliance } from "../data/devices/appliance.ts";
import type { Device } from "../data/device.ts";
import type { TimeGrid } from "../units.ts";
import { hoursAfter, shareWithin, slotSpan } from "./spans.ts";

/**
 * The appliance by slots.
 *
 * @example
 * ```ts
 * import { applianceBySlot } from "./appliance.ts";
 * const hour = (h: number) => Date.UTC(2025, 0, 1, h);
 * const washer = {
 *   kind: "appliance" as const,
 *   name: "washer",
 *   maxPowerKw: 2,
 *   unmetPricePerKwh: 1,
 *   runs: [{ startMs: hour(1), endMs: hour(4), energyKwh: 3 }],
 * };
 * const grid = { startMs: hour(0), utcOffsetMinutes: 0, dtHours: 1, slots: 5 };
 * const { floorKwh, mostKwh, drainKwh } = applianceBySlot(washer, grid);
 * if (mostKwh.join() !== "0,3,3,0,0" || drainKwh.join() !== "0,0,0,3,0") throw new Error("3 kWh");
 * if (floorKwh.join() !== "0,0,1,0,0") throw new Error("2 of 3 kWh fit into the last hour");
 * ```
 */
export function applianceBySlot(appliance: Appliance, grid: TimeGrid): Device {
  const { slots } = grid;
  const { maxPowerKw, runs } = appliance;
  const drainKwh = new Float64Array(slots), mostKwh = new Float64Array(slots);
  const floorKwh = new Float64Array(slots);
  const knownSlots = new Float64Array(slots).fill(1);
  for (const run of runs) {
    const { first, last } = slotSpan(run, grid);
    if (last < slots) drainKwh[last] += run.energyKwh;
    for (let t = Math.max(0, first); t <= Math.min(last, slots - 1); t++) {
      knownSlots[t] = Math.max(knownSlots[t], Math.min(last + 1, slots) - t);
      if (t === last) continue;
      mostKwh[t] = run.energyKwh;
      floorKwh[t] = Math.max(0, run.energyKwh - maxPowerKw * hoursAfter(grid, t, run.endMs));
    }
  }
  return {
    kind: "appliance",
    name: appliance.name,
    // One that never runs has to be of some size.
    capacityKwh: runs.reduce((most, { energyKwh }) => Math.max(most, energyKwh), 0) || maxPowerKw,
    selfDischargePerHour: 0,
    dischargeEfficiency: 1,
    unmetPricePerKwh: appliance.unmetPricePerKwh,
    chargeKw: shareWithin(runs, grid).map((within) => within * maxPowerKw),
    dischargeKw: new Float64Array(1),
    chargeEfficiency: Float64Array.of(1),
    leastKwh: new Float64Array(1),
    floorKwh,
    mostKwh,
    drainKwh,
    knownSlots,
  };
}
