/**
 * A heat pump with its tank and back-up heater as a device by slots.
 *
 * - Charging is running it: a kWh gives COP kWh of heat to the tank, which the demand draws from at a steady
 *   rate. Nothing comes back as electricity.
 * - In a slot whose demand exceeds what the pump can give, the back-up heater runs beside it, at a kWh of
 *   heat per kWh, as far as is needed to meet the demand. The two then run in a fixed proportion, as a pump of
 *   their common power and efficiency, so that the device stays linear: exact where the demand is met as it
 *   comes, and too dear by the heater's share where the tank meets a part of it.
 * - Heat that neither gives is comfort that is missed: the store's unmet energy.
 *
 * @module
 */

import { expm1 } from "../arithmetic.ts";
import type { HeatPump } from "../data/devices/heat_pump.ts";
import type { Device } from "../data/device.ts";
import type { TimeGrid } from "../units.ts";

/**
 * The heat pump by slots.
 *
 * @example
 * ```ts
 * import { heatPumpBySlot } from "./heat_pump.ts";
 * const pump = {
 *   kind: "heat-pump" as const,
 *   name: "heating",
 *   maxPowerKw: 2,
 *   backupKw: 6,
 *   tankKwh: 8,
 *   lossPerHour: 0,
 *   unmetPricePerKwh: 1,
 *   heatKw: Float64Array.of(3, 10),
 *   cop: Float64Array.of(4, 3),
 * };
 * const grid = { startMs: 0, utcOffsetMinutes: 0, dtHours: 1, slots: 2 };
 * const { chargeKw, chargeEfficiency } = heatPumpBySlot(pump, grid);
 * if (chargeKw.join() !== "2,6") throw new Error("6 kW of heat from the pump, 4 kW from the heater");
 * if (chargeEfficiency[0] !== 4 || chargeEfficiency[1] !== 10 / 6) throw new Error("10 kW from 6");
 * ```
 */
export function heatPumpBySlot(pump: HeatPump, { dtHours }: TimeGrid): Device {
  const { maxPowerKw, backupKw, lossPerHour, heatKw, cop } = pump;
  const loss = lossPerHour * dtHours;
  const effectiveHours = loss === 0 ? dtHours : -expm1(-loss) / lossPerHour;
  const heaterKw = heatKw.map((heat, t) =>
    Math.min(backupKw, Math.max(0, heat - cop[t] * maxPowerKw))
  );
  return {
    kind: "heat-pump",
    name: pump.name,
    capacityKwh: pump.tankKwh,
    selfDischargePerHour: lossPerHour,
    dischargeEfficiency: 1,
    unmetPricePerKwh: pump.unmetPricePerKwh,
    chargeKw: heaterKw.map((heater) => maxPowerKw + heater),
    dischargeKw: new Float64Array(1),
    chargeEfficiency: heaterKw.map((heater, t) =>
      heater === 0 ? cop[t] : (cop[t] * maxPowerKw + heater) / (maxPowerKw + heater)
    ),
    leastKwh: new Float64Array(1),
    floorKwh: new Float64Array(1),
    mostKwh: Float64Array.of(pump.tankKwh),
    drainKwh: heatKw.map((heat) => effectiveHours * heat),
  };
}
