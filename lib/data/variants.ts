/**
 * The same data set with one thing otherwise: other batteries, another price, fewer homes. For asking
 * "what if" in one line; everything else stays as it is.
 *
 * @module
 */

import { localTime } from "../units.ts";
import { quoted } from "../text/shown.ts";
import { withBatterySizes } from "./battery_sizes.ts";
import { type Battery, validateCommunity } from "./community.ts";
import { type Dataset, validateDataset } from "./profiles.ts";

/**
 * The data set with another battery: a capacity for every home that has one [kWh], or a battery for
 * one home, `null` for none.
 *
 * @param home Id of the home; all homes that have a battery if absent.
 * @throws {RangeError} If there is no such home, or no battery to resize.
 *
 * @example
 * ```ts
 * import { synthesize } from "./synthetic.ts";
 * import { withBattery } from "./variants.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 4, days: 1, dtHours: 1 });
 * const large = withBattery(dataset, 20);
 * const without = withBattery(dataset, null, "house-01");
 * if (large.community.prosumers[0].battery?.capacityKwh !== 20) throw new Error("20 kWh");
 * if (without.community.prosumers[0].battery !== null) throw new Error("none");
 * ```
 */
export function withBattery(
  dataset: Dataset,
  battery: number | Battery | null,
  home?: string,
): Dataset {
  if (typeof battery === "number" && !(battery >= 0 && battery < Infinity)) {
    throw new RangeError(`battery must be a capacity of at least 0 kWh, got ${battery}`);
  }
  const { community } = dataset;
  const known = community.prosumers.map(({ id }) => id);
  if (home !== undefined && !known.includes(home)) {
    throw new RangeError(`no home ${quoted(home)}; there are ${known.join(", ")}`);
  }
  // A capacity alone says nothing of power and efficiencies: the home keeps those that it has.
  const resized = typeof battery === "number"
    ? withBatterySizes(dataset, [{ capacityKwh: battery }])[0].community.prosumers
    : null;
  const prosumers = community.prosumers.map((prosumer, k) => {
    if (home !== undefined && prosumer.id !== home) return prosumer;
    if (typeof battery !== "number") return { ...prosumer, battery };
    if (home !== undefined && prosumer.battery === null) {
      throw new RangeError(`${home} has no battery to resize; give all parameters of one`);
    }
    return resized![k];
  });
  const changed = { ...dataset, community: { ...community, prosumers } };
  validateCommunity(changed.community);
  return changed;
}

/**
 * The data set with another price of imported energy in every slot, for homes of all tariffs.
 *
 * @param price One price, or the price by what it was and the local hour of the day. [currency/kWh]
 * @throws {RangeError} If a price is no number.
 *
 * @example
 * ```ts
 * import { synthesize } from "./synthetic.ts";
 * import { withPrice } from "./variants.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
 * const dearEvening = withPrice(dataset, (price, hour) => hour >= 18 ? 2 * price : price);
 * const { importPricePerKwh: price } = dearEvening.profiles;
 * if (price[18] !== 2 * dataset.profiles.importPricePerKwh[18]) throw new Error("dearer");
 * if (withPrice(dataset, 0.3).profiles.importPricePerKwh[7] !== 0.3) throw new Error("flat");
 * ```
 */
export function withPrice(
  dataset: Dataset,
  price: number | ((pricePerKwh: number, hourOfDay: number) => number),
): Dataset {
  const { grid } = dataset.profiles;
  const changed = (pricesPerKwh: Float64Array) =>
    pricesPerKwh.map((pricePerKwh, slot) =>
      typeof price === "number" ? price : price(pricePerKwh, localTime(grid, slot).hourOfDay)
    );
  const { tariffs, profiles } = dataset;
  const other = {
    ...dataset,
    profiles: { ...profiles, importPricePerKwh: changed(profiles.importPricePerKwh) },
    ...(tariffs !== undefined && {
      tariffs: Object.fromEntries(
        Object.entries(tariffs).map(([name, tariff]) => [
          name,
          { ...tariff, importPricePerKwh: changed(tariff.importPricePerKwh) },
        ]),
      ),
    }),
  };
  validateDataset(other);
  return other;
}

/**
 * The data set with its first `count` homes alone.
 *
 * @throws {RangeError} If it has fewer.
 *
 * @example
 * ```ts
 * import { synthesize } from "./synthetic.ts";
 * import { withHomes } from "./variants.ts";
 * const three = withHomes(synthesize({ seed: 1, prosumers: 10, days: 1, dtHours: 1 }), 3);
 * if (three.profiles.loadKw.length !== 3 * 24) throw new Error("three homes, 24 hours");
 * ```
 */
export function withHomes(dataset: Dataset, count: number): Dataset {
  const { community, profiles, network } = dataset;
  const homes = community.prosumers.length;
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= homes)) {
    throw new RangeError(
      `homes must be a whole number from 1 to ${homes}, got ${count}; for more homes make more: ` +
        "synthesize({ …, prosumers: 20 })",
    );
  }
  const prosumers = community.prosumers.slice(0, count);
  const first = (column: Float64Array) => column.slice(0, count * profiles.grid.slots);
  const { reactiveKvar } = profiles;
  return {
    ...dataset,
    community: { ...community, prosumers },
    profiles: {
      ...profiles,
      loadKw: first(profiles.loadKw),
      pvKw: first(profiles.pvKw),
      ...(reactiveKvar !== undefined && { reactiveKvar: first(reactiveKvar) }),
    },
    ...(network !== undefined && {
      network: {
        ...network,
        homes: Object.fromEntries(prosumers.map(({ id }) => [id, network.homes[id]])),
      },
    }),
  };
}
