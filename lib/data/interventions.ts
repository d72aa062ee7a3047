/**
 * Interventions: what befalls a community in the middle of a day. Where a scenario changes every day
 * of a data set, an intervention changes one day from one slot on and leaves what was before as it
 * was.
 *
 * | intervention | what happens | until |
 * | --- | --- | --- |
 * | `cloud` | panels at a fifth of their power | 2 h later |
 * | `outage` | the grid connection carries nothing | 3 h later |
 * | `tariff-jump` | twice the import price | the end of the day |
 * | `battery-failure` | one battery can neither charge nor discharge; what it holds stays in it | the end of the day |
 * | `late-car` | the cars of a home that are still to come home today come two hours later | |
 * | `early-car` | the cars of a home leave two hours before they said, if that is today | |
 * | `charger-failure` | the cars of a home can neither charge nor give back | the end of the day |
 *
 * None lasts beyond the end of the day in which it begins.
 *
 * @module
 */

import { withCarsBefallen } from "./devices/interventions.ts";
import type { Dataset, Profiles } from "./profiles.ts";
import { withImportPrices } from "./tariffs.ts";

/** Kinds of interventions that befall all homes. */
export const commonInterventionKinds = ["cloud", "outage", "tariff-jump"] as const;

/** Kinds of interventions that befall a home. */
export const homeInterventionKinds = [
  "battery-failure",
  "late-car",
  "early-car",
  "charger-failure",
] as const;

/** Kinds of interventions. */
export const interventionKinds = [...commonInterventionKinds, ...homeInterventionKinds] as const;

/** Kind of an intervention. */
export type InterventionKind = typeof interventionKinds[number];

/** What befalls a community. */
export type Intervention =
  | { readonly kind: typeof commonInterventionKinds[number] }
  | {
    readonly kind: typeof homeInterventionKinds[number];
    /** Whom it befalls. */
    readonly prosumer: string;
  };

const CLOUD = { pv: 0.2, hours: 2 };
const OUTAGE_HOURS = 3;
const TARIFF_JUMP = 2;

/**
 * How long an intervention of this kind lasts: 0 where it befalls a moment, infinite where it lasts to
 * the end of the day. [h]
 */
export function lastingHours(kind: InterventionKind): number {
  switch (kind) {
    case "cloud":
      return CLOUD.hours;
    case "outage":
      return OUTAGE_HOURS;
    case "late-car":
    case "early-car":
      return 0;
    case "tariff-jump":
    case "battery-failure":
    case "charger-failure":
      return Infinity;
  }
}

/** Whether an intervention of this kind befalls a home, which then has to be named. */
export function befallsHome(kind: string): kind is typeof homeInterventionKinds[number] {
  return (homeInterventionKinds as readonly string[]).includes(kind);
}

/** Slots of the day that an intervention may change, as positions in the data set. */
export interface SlotRange {
  /** The first. */
  readonly from: number;
  /** The first beyond. */
  readonly end: number;
}

/**
 * A copy of `dataset`, changed within `range`. A failed battery or charger is out of order in the whole copy,
 * so the copy is for what comes after.
 *
 * @throws {RangeError} If the range is empty or outside the data set, or the prosumer does not exist
 * or has nothing that could be befallen.
 *
 * @example
 * ```ts
 * import { applyIntervention } from "./interventions.ts";
 * import { synthesize } from "./synthetic.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
 * const { profiles } = applyIntervention(dataset, { kind: "outage" }, { from: 12, end: 24 });
 * const limits = [...profiles.gridImportLimitKw.subarray(11, 16)];
 * if (limits.join() !== "Infinity,0,0,0,Infinity") throw new Error("no grid from 12 to 15");
 * ```
 */
export function applyIntervention(
  dataset: Dataset,
  intervention: Intervention,
  range: SlotRange,
): Dataset {
  const { community, profiles } = dataset;
  const { slots, dtHours } = profiles.grid;
  if (!(range.from >= 0 && range.from < range.end && range.end <= slots)) {
    throw new RangeError(
      `an intervention needs slots 0 ≤ from < end ≤ ${slots}, got ${range.from} to ${range.end}`,
    );
  }
  const lasting = (hours: number) => ({
    from: range.from,
    end: Math.min(range.end, range.from + Math.round(hours / dtHours)),
  });
  switch (intervention.kind) {
    case "cloud":
      return { ...dataset, profiles: clouded(profiles, lasting(CLOUD.hours)) };
    case "outage": {
      const { from, end } = lasting(OUTAGE_HOURS);
      const gridImportLimitKw = profiles.gridImportLimitKw.slice().fill(0, from, end);
      const gridExportLimitKw = profiles.gridExportLimitKw.slice().fill(0, from, end);
      return { ...dataset, profiles: { ...profiles, gridImportLimitKw, gridExportLimitKw } };
    }
    case "tariff-jump": {
      // A multiple of a negative price would be lower still.
      return withImportPrices(
        dataset,
        (price, slot) =>
          slot >= range.from && slot < range.end ? Math.max(price, TARIFF_JUMP * price) : price,
      );
    }
    case "battery-failure":
      return { ...dataset, community: withoutBattery(community, intervention.prosumer) };
    case "late-car":
    case "early-car":
    case "charger-failure":
      return {
        ...dataset,
        community: withCarsBefallen(dataset, intervention.kind, intervention.prosumer, range),
      };
  }
}

function clouded(profiles: Profiles, { from, end }: SlotRange): Profiles {
  const pvKw = profiles.pvKw.map((power, index) => {
    const slot = index % profiles.grid.slots;
    return slot >= from && slot < end ? CLOUD.pv * power : power;
  });
  return { ...profiles, pvKw };
}

function withoutBattery(community: Dataset["community"], id: string): Dataset["community"] {
  const battery = community.prosumers.find((prosumer) => prosumer.id === id)?.battery;
  if (battery === undefined) {
    throw new RangeError(`a battery can only fail in a home of the community, got "${id}"`);
  }
  if (battery === null) throw new RangeError(`${id} has no battery that could fail`);
  if (battery.maxChargeKw === 0 && battery.maxDischargeKw === 0) {
    throw new RangeError(`the battery of ${id} has failed already`);
  }
  return {
    ...community,
    prosumers: community.prosumers.map((prosumer) =>
      prosumer.id === id
        ? { ...prosumer, battery: { ...battery, maxChargeKw: 0, maxDischargeKw: 0 } }
        : prosumer
    ),
  };
}
