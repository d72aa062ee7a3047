/**
 * The same homes with larger or smaller batteries: capacity varies, power and efficiencies stay.
 *
 * So that a larger battery can do whatever a smaller one can, all sizes keep the same reserve in kWh,
 * that of the smallest. (Batteries whose power depends on their state of charge are an exception: at
 * the same energy a larger one is emptier.)
 *
 * @module
 */

import type { Battery, Prosumer } from "./community.ts";
import type { Dataset } from "./profiles.ts";

/** A size of every battery: kWh of each, or a multiple of what the home has. */
export type BatterySize = { readonly capacityKwh: number } | { readonly factor: number };

/** Most sizes in a sweep. */
const MOST_SIZES = 20;
/** Largest battery of a home that is taken for meant. [kWh] */
const LARGEST_KWH = 10_000;

/**
 * Reads `battery=0,5,10,20`: capacities of every home's battery, in rising order. [kWh]
 *
 * @throws {RangeError} If it is anything else.
 *
 * @example
 * ```ts
 * import { parseBatterySizes } from "./battery_sizes.ts";
 * if (parseBatterySizes("battery=0,5,10").length !== 3) throw new Error("three sizes");
 * ```
 */
export function parseBatterySizes(text: string): readonly BatterySize[] {
  const match = /^battery=(.+)$/.exec(text.trim());
  const words = match?.[1].split(",").map((word) => word.trim()) ?? [];
  const sizes = words.map((word) => /^\d+(\.\d+)?$/.test(word) ? Number(word) : NaN);
  const rise = sizes.every((size, k) => size <= LARGEST_KWH && (k === 0 || size > sizes[k - 1]));
  if (sizes.length < 2 || sizes.length > MOST_SIZES || !rise) {
    throw new RangeError(
      `--vary must be battery= with 2 to ${MOST_SIZES} rising capacities in kWh, such as ` +
        `battery=0,5,10,20, got ${JSON.stringify(text)}`,
    );
  }
  return sizes.map((capacityKwh) => ({ capacityKwh }));
}

/** The same batteries without an own state of charge to begin with: the environment's holds for all. */
export function beginningAlike(dataset: Dataset): Dataset {
  const prosumers = dataset.community.prosumers.map((home) => {
    if (home.battery === null) return home;
    const { initialSoc: _, ...battery } = home.battery;
    return { ...home, battery };
  });
  return { ...dataset, community: { ...dataset.community, prosumers } };
}

/** Homes with a battery. */
export function homesWithBattery({ community: { prosumers } }: Dataset): readonly Prosumer[] {
  return prosumers.filter(({ battery }) => battery !== null);
}

/**
 * The data set once for each size; homes without a battery stay as they are.
 *
 * @throws {RangeError} If no home has a battery.
 *
 * @example
 * ```ts
 * import { synthesize } from "./synthetic.ts";
 * import { withBatterySizes } from "./battery_sizes.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 4, days: 1, dtHours: 1 });
 * const [none, twice] = withBatterySizes(dataset, [{ factor: 0 }, { factor: 2 }]);
 * const total = ({ community }: typeof none) =>
 *   community.prosumers.reduce((sum, { battery }) => sum + (battery?.capacityKwh ?? 0), 0);
 * if (total(none) !== 0 || total(twice) !== 2 * total(dataset)) throw new Error("none, and twice");
 * ```
 */
export function withBatterySizes(dataset: Dataset, sizes: readonly BatterySize[]): Dataset[] {
  if (homesWithBattery(dataset).length === 0) {
    throw new RangeError(
      `no home of ${dataset.community.name} has a battery whose size could vary; give one to ` +
        "those that are to have one, with its power and efficiencies, in community.json",
    );
  }
  return sizes.map((size) => ({
    ...dataset,
    community: {
      ...dataset.community,
      prosumers: dataset.community.prosumers.map((home) => ({
        ...home,
        battery: home.battery === null ? null : resized(home.battery, size, sizes),
      })),
    },
  }));
}

function resized(
  battery: Battery,
  size: BatterySize,
  sizes: readonly BatterySize[],
): Battery | null {
  const kwhOf = (each: BatterySize) =>
    "factor" in each ? each.factor * battery.capacityKwh : each.capacityKwh;
  const capacityKwh = kwhOf(size);
  if (capacityKwh === 0) return null;
  const smallest = Math.min(...sizes.map(kwhOf).filter((kwh) => kwh > 0));
  return { ...battery, capacityKwh, socMin: battery.socMin * smallest / capacityKwh };
}
