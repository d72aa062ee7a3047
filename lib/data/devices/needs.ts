/**
 * What devices need, whoever controls them: trips, heat and runs as electricity.
 *
 * @module
 */

import type { TimeGrid } from "../../units.ts";
import type { KindDevice } from "./home_device.ts";

const MS_PER_HOUR = 3_600_000;

/**
 * Electricity that a device needs over the data at the efficiencies of its charging: for the trips that
 * begin in it, for its heat, met as it comes, and for the runs that end in it. [kWh]
 */
export function neededKwh(device: KindDevice, grid: TimeGrid): number {
  const dataEndMs = grid.startMs + grid.slots * grid.dtHours * MS_PER_HOUR;
  let kwh = 0;
  switch (device.kind) {
    case "car":
      for (const { endMs, tripKwh } of device.sessions) if (endMs <= dataEndMs) kwh += tripKwh;
      return kwh / device.chargeEfficiency;
    case "heat-pump":
      for (let t = 0; t < grid.slots; t++) {
        const pumpKw = Math.min(device.maxPowerKw, device.heatKw[t] / device.cop[t]);
        kwh += (pumpKw + Math.min(device.backupKw, device.heatKw[t] - pumpKw * device.cop[t])) *
          grid.dtHours;
      }
      return kwh;
    case "appliance":
      for (const { endMs, energyKwh } of device.runs) if (endMs <= dataEndMs) kwh += energyKwh;
      return kwh;
  }
}
