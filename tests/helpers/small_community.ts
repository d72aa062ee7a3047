/**
 * One deterministic day of three homes with one battery, small enough for an exact answer.
 *
 * @module
 */

import type { Battery } from "../../lib/data/community.ts";
import type { Dataset } from "../../lib/data/profiles.ts";

/** A battery whose every number is plain. */
export const plainBattery: Battery = {
  capacityKwh: 8,
  maxChargeKw: 4,
  maxDischargeKw: 4,
  chargeEfficiency: 0.95,
  dischargeEfficiency: 0.95,
  selfDischargePerHour: 0,
  socMin: 0,
  socMax: 1,
};

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const morningAndEvening = (hour: number) =>
  0.4 + 0.9 * Math.exp(-((hour - 7.5) ** 2) / 3) + 1.6 * Math.exp(-((hour - 19) ** 2) / 6);
const sun = (hour: number) => Math.max(0, Math.sin((Math.PI * (hour - 5.5)) / 14));

/** A home with PV and a battery, one with PV, and one with neither, on a summer day. */
export function smallCommunity(): Dataset {
  const column = (value: (hour: number) => number) => Float64Array.from(HOURS, value);
  return {
    community: {
      name: "three homes",
      currency: "EUR",
      prosumers: [
        { id: "solar-battery", pvCapacityKw: 3, battery: plainBattery },
        { id: "solar", pvCapacityKw: 2, battery: null },
        { id: "consumer", pvCapacityKw: 0, battery: null },
      ],
    },
    profiles: {
      grid: { startMs: Date.UTC(2025, 5, 21), utcOffsetMinutes: 0, dtHours: 1, slots: 24 },
      loadKw: Float64Array.from(
        [1, 0.8, 1.3].flatMap((scale) => HOURS.map((hour) => scale * morningAndEvening(hour))),
      ),
      pvKw: Float64Array.from(
        [3, 2, 0].flatMap((peakKw) => HOURS.map((hour) => peakKw * sun(hour))),
      ),
      importPricePerKwh: column((hour) => hour < 6 ? 0.2 : hour >= 17 && hour < 22 ? 0.42 : 0.3),
      feedInTariffPerKwh: column(() => 0.08),
      carbonKgPerKwh: column((hour) => 0.35 - 0.15 * sun(hour)),
      gridImportLimitKw: column(() => Infinity),
      gridExportLimitKw: column(() => Infinity),
    },
  };
}
