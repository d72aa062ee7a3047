/**
 * Load and sun of homes, slot by slot, from the series of their meters.
 *
 * - A home with import and export registers uses `import − export + PV` where its PV is measured. Where
 *   it is not, only the net is known: import counts as load and export as sun, which is said.
 * - Readings above what a connection carries, and readings below zero, are left out and filled like gaps,
 *   which is said.
 *
 * @module
 */

import type { SlotEnergy } from "./energy.ts";
import { type Filled, fillGaps } from "./gaps.ts";
import type { MeterSeries } from "./meter_file.ts";
import type { Role } from "./names.ts";
import { type HomeRules, rounded, slotsOf } from "./readings.ts";

/** A filled gap of a home. */
export interface HomeGap extends Filled {
  readonly home: string;
  readonly role: Role;
}

/** Power of a home by slots, and what was done to get there. */
export interface HomeProfile {
  readonly loadKw: Float64Array;
  /** `null` where no sun is measured. */
  readonly pvKw: Float64Array | null;
  readonly gaps: readonly HomeGap[];
  /** How load was found, where it may lack what panels feed the home first; in words. */
  readonly mayBeNet: string | null;
  /** In words. */
  readonly notes: readonly string[];
}

/** Largest share of a series that may be made up. */
const MOST_FILLED = 0.25;
const PHASES = 3;

/**
 * Makes the profile of a home.
 *
 * @param home Its id.
 * @param series All of its series.
 * @throws {RangeError} Naming the reading, or what is missing.
 */
export async function homeProfile(
  home: string,
  series: readonly MeterSeries[],
  rules: HomeRules,
): Promise<HomeProfile> {
  const notes: string[] = [], gaps: HomeGap[] = [];
  const energies = new Map<Role, Float64Array>();
  const add = (role: Role, energyKwh: Float64Array) => {
    const before = energies.get(role);
    energies.set(
      role,
      before === undefined ? energyKwh : energyKwh.map((kwh, k) => kwh + before[k]),
    );
  };
  for (const role of ["load", "import", "export", "pv"] as const) {
    for (const own of byRegister(home, series.filter(({ column }) => column.role === role))) {
      const { slots, exported, said } = await slotsOf(home, role, own, rules);
      notes.push(...said);
      const filled = fillGaps(slots, rules.fillHours, rules.utcOffsetMinutes * 60) ?? [];
      requireEnough(home, role, own, filled, slots, rules);
      gaps.push(...filled.map((gap) => ({ ...gap, home, role })));
      if (exported !== null) {
        fillGaps(exported, rules.fillHours, rules.utcOffsetMinutes * 60);
        add("import", slots.energyKwh);
        add("export", exported.energyKwh);
      } else add(role, slots.energyKwh);
    }
  }
  const pv = energies.get("pv"), load = energies.get("load");
  const taken = energies.get("import"), given = energies.get("export");
  const hours = rules.grid.slotSeconds / 3600;
  const power = (energyKwh: Float64Array) => energyKwh.map((energy) => energy / hours);
  const profile = (
    loadKwh: Float64Array,
    sunKwh: Float64Array | undefined,
    mayBeNet: string | null = null,
  ) => ({
    loadKw: power(loadKwh),
    pvKw: sunKwh === undefined ? null : power(sunKwh),
    gaps,
    mayBeNet,
    notes,
  });
  if (load !== undefined) {
    if (taken !== undefined || given !== undefined) {
      notes.push(`${home}: its load is measured; import and export are not needed and not used`);
    }
    return profile(load, pv, "load is taken as it is measured, as all that the home uses");
  }
  if (taken === undefined) {
    throw new RangeError(
      `${series[0].path}: ${home} has ${
        [...energies.keys()].join(" and ")
      } but neither load nor import; add its meter, or ` +
        "rename it to that of its home",
    );
  }
  if (given === undefined) {
    return profile(taken, pv, "import is taken as load, as there is no export register");
  }
  if (pv === undefined) {
    if (given.every((energy) => energy === 0)) {
      return profile(taken, undefined, "import is taken as load, as nothing is exported");
    }
    notes.push(
      `${home}: its panels are not measured, so that only the net is known: import counts as load, ` +
        "export as sun",
    );
    return profile(taken, given);
  }
  const [loadKwh, clippedKwh] = gross(taken, given, pv);
  const sum = loadKwh.reduce((all, energy) => all + energy, 0);
  if (clippedKwh > 1e-3 * sum) {
    notes.push(
      `${home}: import − export + PV is below zero by ${
        rounded(clippedKwh)
      } kWh in all, taken as 0; ` +
        "are the clocks of meter and panels the same?",
    );
  }
  return profile(loadKwh, pv);
}

/**
 * Series that are each filled on their own and then add up: registers by tariff and by phase, unless there
 * is one that has their sum already.
 *
 * @throws {RangeError} If a phase lacks.
 */
function byRegister(home: string, series: readonly MeterSeries[]): MeterSeries[][] {
  if (series.length === 0) return [];
  const phases = [...new Set(series.map(({ column }) => column.phase ?? 0))].sort();
  const counted = phases.includes(0) ? [0] : phases;
  if (counted[0] !== 0 && counted.length < PHASES) {
    const lacking = [1, 2, 3].filter((phase) => !phases.includes(phase));
    throw new RangeError(
      `${series[0].path}: ${home}: has ${series[0].column.role} of phase ${
        phases.join(" and ")
      }, not of ` +
        `phase ${lacking.join(" and ")}; give all three, or their sum (1-0:1.8.0 or 1-1:1.29.0)`,
    );
  }
  return counted.flatMap((phase) => {
    const own = series.filter(({ column }) => (column.phase ?? 0) === phase);
    const tariffs = [...new Set(own.map(({ column }) => column.tariff ?? 0))];
    const used = tariffs.includes(0) ? [0] : tariffs;
    // Of intervals only the tariff that holds has one.
    if (own.every(({ column }) => column.quantity !== "register")) {
      return [own.filter(({ column }) => used.includes(column.tariff ?? 0))];
    }
    return used.map((tariff) => own.filter(({ column }) => (column.tariff ?? 0) === tariff));
  });
}

function gross(
  taken: Float64Array,
  given: Float64Array,
  pv: Float64Array,
): [Float64Array, number] {
  let clippedKwh = 0;
  const load = taken.map((energy, slot) => {
    const net = energy - given[slot] + pv[slot];
    if (net >= 0) return net;
    clippedKwh -= net;
    return 0;
  });
  return [load, clippedKwh];
}

function requireEnough(
  home: string,
  role: Role,
  series: readonly MeterSeries[],
  filled: readonly Filled[],
  { grid }: SlotEnergy,
  { time }: HomeRules,
): void {
  // A register's sum is known, whatever is missing in between.
  const count = filled.filter(({ rule }) => !rule.startsWith("register"))
    .reduce((sum, { slots }) => sum + slots, 0);
  if (count <= MOST_FILLED * grid.slots && count < grid.slots) return;
  const first = Math.min(...series.map(({ readings }) => readings.moments[0]));
  const last = Math.max(...series.map(({ readings }) => readings.moments.at(-1)!));
  const slotOf = (seconds: number) => Math.floor((seconds - grid.startSeconds) / grid.slotSeconds);
  throw new RangeError(
    `${
      series[0].path
    }: ${home}: ${count} of ${grid.slots} slots have no ${role} reading (it has some from ` +
      `${time(slotOf(first))} to ${
        time(slotOf(last))
      }); cut to a time that all homes share with --from ` +
      "and --to, or leave the home out with --without",
  );
}
