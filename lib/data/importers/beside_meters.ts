/**
 * What an import makes of a home beside its meters: a standard load profile in their place, the installed
 * power of its panels, and what to say of its gaps.
 *
 * @module
 */

import { shown } from "../../text/shown.ts";
import type { TimeGrid } from "../../units.ts";
import { standardProfile } from "../standard_profiles/standard_profile.ts";
import { clockOf, localOf } from "./clock.ts";
import type { HomeDevices } from "./devices_table.ts";
import type { HomeGap, HomeProfile } from "./homes.ts";
import { rounded } from "./readings.ts";

/** Load of a home without a meter, by a standard load profile. */
export function withoutMeter(
  id: string,
  { yearlyKwh, profile }: HomeDevices,
  grid: TimeGrid,
  timeZone: string | undefined,
): HomeProfile {
  const name = profile ?? "H25";
  const clock = clockOf(timeZone ?? "Europe/Berlin");
  const local = (epochMs: number) => localOf(clock, epochMs / 1000) * 1000;
  return {
    loadKw: standardProfile(name, yearlyKwh!, grid, local),
    pvKw: null,
    gaps: [],
    mayBeNet: null,
    notes: [
      `${id}: has no meter and follows ${name} of BDEW 2025 with ${yearlyKwh} kWh a year` +
      (name === "P25" || name === "S25"
        ? ", which is what the grid delivers beside own panels"
        : ""),
    ],
  };
}

/** Installed power: as stated, else what was measured at most. */
export function capacityOf(
  id: string,
  devices: HomeDevices | undefined,
  pvKw: Float64Array | null,
): { pvCapacityKw: number; note: string[] } {
  const stated = devices?.pvCapacityKw;
  const largest = pvKw?.reduce((most, power) => Math.max(most, power), 0) ?? 0;
  if (pvKw === null) {
    return {
      pvCapacityKw: stated ?? 0,
      note: stated !== undefined && stated > 0
        ? [
          `${id}: panels of ${stated} kW have neither a meter nor weather and give no sun; add the file ` +
          "of their meter, or PVGIS or EPW weather",
        ]
        : [],
    };
  }
  if (stated !== undefined && stated > 0) return { pvCapacityKw: stated, note: [] };
  return {
    pvCapacityKw: rounded(largest),
    note: largest > 0
      ? [`${id}: no installed PV is stated; ${rounded(largest)} kW are taken, the most measured`]
      : [],
  };
}

/** Homes with panels whose load may lack what these feed them first, a line for each reason. */
export function mayBeNetNotes(homes: readonly (readonly [id: string, why: string])[]): string[] {
  return [...new Set(homes.map(([, why]) => why))].map((reason) => {
    const ids = homes.filter(([, why]) => why === reason).map(([id]) => id).join(", ");
    return `${shown(ids, 300)}: ${reason}; where panels feed the home first its load is larger`;
  });
}

/** What was filled, a line for each home, and no more lines than can be read. */
export function sumUpGaps(gaps: readonly HomeGap[], slots: number): string[] {
  const homes = [...new Set(gaps.map(({ home }) => home))];
  const lines = homes.map((home) => {
    const own = gaps.filter((gap) => gap.home === home);
    const count = (rule: HomeGap["rule"]) =>
      own.filter((gap) => gap.rule === rule).reduce((sum, gap) => sum + gap.slots, 0);
    const parts = [
      [count("interpolated"), "interpolated"],
      [count("weekday-mean"), "by the same weekday's mean"],
      [count("register-evenly"), "from a register's sum, evenly"],
      [count("register-by-weekday"), "from a register's sum, like the same weekday"],
    ].filter(([slots]) => Number(slots) > 0).map(([slots, how]) => `${slots} ${how}`);
    const all = own.reduce((sum, gap) => sum + gap.slots, 0);
    return `${home}: ${all} of ${slots} slots filled: ${parts.join(", ")}`;
  });
  const most = 20;
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most), `and ${lines.length - most} more homes with gaps (gaps.csv)`];
}
