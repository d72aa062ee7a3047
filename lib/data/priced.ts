/**
 * A data set at the prices of a configuration: every home's import price and feed-in tariff, slot by
 * slot, and what it is charged by the month.
 *
 * @module
 */

import { HOURS_PER_DAY, localTime, type TimeGrid } from "../units.ts";
import { didYouMean } from "../text/nearest.ts";
import { quoted } from "../text/shown.ts";
import { type Clock, clockOf, localOf } from "./importers/clock.ts";
import type { Dataset } from "./profiles.ts";
import type { EnergyPrice, PriceWindow, TariffConfig } from "./tariff_config.ts";
import { localBase } from "./tariff_config.ts";
import { type Tariff, type Tariffs, tariffsOf } from "./tariffs.ts";

/** What homes are charged by the month, VAT included. */
export interface Charges {
  /** The configuration that it comes from. */
  readonly tariffs: TariffConfig;
  /** Class of each home. `[homes]` */
  readonly classOf: readonly string[];
  /** The prices that the data set had before: what dynamic prices are made from. */
  readonly before: Tariffs;
  /** What the data set had before in full, to undo it. */
  readonly undo: {
    readonly common: Tariff;
    readonly tariffs: Dataset["tariffs"];
    readonly tariffClasses: readonly (string | undefined)[];
  };
  /** Whether import prices were changed afterwards, as by a scenario. */
  readonly isPriceChanged?: boolean;
  /** Whatever is used. `[homes]` [currency/month] */
  readonly standingPerMonth: readonly number[];
  /** On the highest import of a month through the meter. `[homes]` [currency/kW and month] */
  readonly capacityPerKwMonth: readonly number[];
  /** On the highest import of a month through the connection. [currency/kW and month] */
  readonly communityCapacityPerKwMonth: number;
}

/**
 * The data set at other prices.
 *
 * @param before The data set, priced or not.
 * @param tariffs Prices, in the place of those that the data set is priced by; the data set itself if
 * `undefined`.
 * @throws {RangeError} If a home that is named is not there, or has a class that is not.
 *
 * @example
 * ```ts
 * import { priced } from "./priced.ts";
 * import { synthesize } from "./synthetic.ts";
 * import { tariffConfigSchema } from "./tariff_config.ts";
 * const dataset = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
 * const { profiles } = priced(dataset, tariffConfigSchema.parse({
 *   classes: { household: { energy: { kind: "flat", pricePerKwh: 0.2 }, vat: 0.5 } },
 *   default: "household",
 * }));
 * if (Math.abs(profiles.importPricePerKwh[5] - 0.3) > 1e-12) throw new Error("with VAT");
 * ```
 */
export function priced(before: Dataset, tariffs: TariffConfig | undefined): Dataset {
  if (tariffs === undefined) return before;
  const dataset = unpriced(before);
  const { community: { prosumers }, profiles } = dataset;
  const ids = prosumers.map(({ id }) => id);
  for (const id of Object.keys(tariffs.homes)) {
    if (ids.includes(id)) continue;
    throw new RangeError(
      `tariffs.homes must name homes of the data set, got ${quoted(id)}${didYouMean(id, ids)}`,
    );
  }
  const classNames = prosumers.map(({ id, tariffClass }) => {
    const name = Object.hasOwn(tariffs.homes, id)
      ? tariffs.homes[id]
      : tariffClass ?? tariffs.default;
    if (Object.hasOwn(tariffs.classes, name)) return name;
    throw new RangeError(
      `tariffs.classes must hold ${
        quoted(name)
      }, the tariffClass of ${id}, or tariffs.homes give ` +
        `that home another; got ${Object.keys(tariffs.classes).join(", ")}`,
    );
  });
  const classes = classNames.map((each) => tariffs.classes[each]);
  const base = tariffsOf(dataset);
  const made = new Map<string, Tariff>();
  const names = classNames.map((each, i) => {
    const own = base.classOf[i];
    const name = base.classes.length === 1 ? each : `${each}-${own}`;
    if (!made.has(name)) {
      made.set(name, tariffOf(tariffs, each, base.classes[own], profiles.grid));
    }
    return name;
  });
  const [first] = made.values();
  const charges: Charges = {
    tariffs,
    classOf: classNames,
    before: base,
    undo: {
      common: {
        importPricePerKwh: profiles.importPricePerKwh,
        feedInTariffPerKwh: profiles.feedInTariffPerKwh,
      },
      tariffs: dataset.tariffs,
      tariffClasses: prosumers.map(({ tariffClass }) => tariffClass),
    },
    standingPerMonth: classes.map(({ standingChargePerMonth, vat }) =>
      standingChargePerMonth * (1 + vat)
    ),
    capacityPerKwMonth: classes.map(({ capacityChargePerKwMonth, vat }) =>
      capacityChargePerKwMonth * (1 + vat)
    ),
    communityCapacityPerKwMonth: tariffs.community.capacityChargePerKwMonth *
      (1 + localBase(tariffs).vat),
  };
  const { tariffs: _, ...rest } = dataset;
  return {
    ...rest,
    community: {
      ...dataset.community,
      prosumers: prosumers.map(({ tariffClass: _, ...home }, i) =>
        made.size === 1 ? home : { ...home, tariffClass: names[i] }
      ),
    },
    profiles: { ...profiles, ...first },
    ...(made.size > 1 && { tariffs: Object.fromEntries(made) }),
    charges,
  };
}

/** The data set as it was before it was priced; itself where it was not. */
export function unpriced(dataset: Dataset): Dataset {
  const { charges, tariffs: _, ...rest } = dataset;
  if (charges === undefined) return dataset;
  const { common, tariffs, tariffClasses } = charges.undo;
  return {
    ...rest,
    community: {
      ...dataset.community,
      prosumers: dataset.community.prosumers.map(({ tariffClass: _, ...home }, i) =>
        tariffClasses[i] === undefined ? home : { ...home, tariffClass: tariffClasses[i] }
      ),
    },
    profiles: { ...dataset.profiles, ...common },
    ...(tariffs !== undefined && { tariffs }),
  };
}

function tariffOf(
  { classes, timeZone }: TariffConfig,
  name: string,
  { importPricePerKwh, feedInTariffPerKwh }: Tariff,
  grid: TimeGrid,
): Tariff {
  const { energy, networkFeePerKwh, surchargePerKwh, vat, feedInPerKwh } = classes[name];
  const energyPrice = energyPrices(energy, importPricePerKwh, grid, timeZone);
  return {
    importPricePerKwh: energyPrice.map((price) =>
      (price + networkFeePerKwh + surchargePerKwh) * (1 + vat)
    ),
    feedInTariffPerKwh: feedInPerKwh === "data"
      ? feedInTariffPerKwh
      : new Float64Array(grid.slots).fill(feedInPerKwh ?? 0),
  };
}

function energyPrices(
  energy: EnergyPrice,
  dayAhead: Float64Array,
  grid: TimeGrid,
  timeZone: string | undefined,
): Float64Array {
  const clock = timeZone === undefined ? null : clockOf(timeZone);
  switch (energy.kind) {
    case "flat":
      return new Float64Array(grid.slots).fill(energy.pricePerKwh);
    case "dynamic":
      return dayAhead.map((price) => price + energy.markupPerKwh);
    case "time-of-use":
      return Float64Array.from({ length: grid.slots }, (_, slot) => {
        const { hourOfDay, weekday } = localTime(
          clock === null ? grid : byClock(clock, grid, slot),
          slot,
        );
        const window = energy.windows.find((each) => isWithin(each, hourOfDay, weekday));
        return (window ?? energy).pricePerKwh;
      });
  }
}

/** The slots with the offset that a clock has in one of them. */
function byClock(clock: Clock, grid: TimeGrid, slot: number): TimeGrid {
  const moment = Math.round(grid.startMs / 1000 + slot * grid.dtHours * 3600);
  return { ...grid, utcOffsetMinutes: (localOf(clock, moment) - moment) / 60 };
}

function isWithin({ from, to, days }: PriceWindow, hourOfDay: number, weekday: number): boolean {
  if (days !== "all" && (days === "weekends") !== (weekday >= 5)) return false;
  const [begin, end] = [from, to].map(hoursOf);
  return begin < end
    ? hourOfDay >= begin && hourOfDay < end
    : hourOfDay >= begin || hourOfDay < end;
}

function hoursOf(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours + minutes / 60) % (HOURS_PER_DAY + 1);
}
