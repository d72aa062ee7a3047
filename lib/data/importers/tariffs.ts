/**
 * What homes pay and earn: by the class that the list of devices gives each of them.
 *
 * | class | import price |
 * | --- | --- |
 * | `dynamic` | (day-ahead price + surcharge) × (1 + VAT) |
 * | `time-of-use` | three steps a day, those of the made-up data sets |
 * | `flat` | one price at all times |
 *
 * @module
 */

import { localTime, type TimeGrid } from "../../units.ts";
import { quoted, shown } from "../../text/shown.ts";
import type { Prosumer } from "../community.ts";
import type { Tariff } from "../tariffs.ts";
import { SURCHARGE_PER_KWH, VAT } from "../synthetic/day_ahead.ts";
import { FEED_IN_TARIFF, FLAT_PRICE, importPrice } from "../synthetic/tariff.ts";
import { clockOf, localOf } from "./clock.ts";
import type { HomeDevices } from "./devices_table.ts";
import type { SlotGrid } from "./energy.ts";
import { type Prices, pricesBySlot } from "./prices.ts";
import type { ImportRules } from "./settings.ts";
import { plainName } from "./small_table.ts";

const CLASSES = {
  "dynamic": ["dynamic", "dayahead", "spot", "dynamisch", "hourly", "realtime", "rtp"],
  "time-of-use": ["tou", "timeofuse", "htnt", "doppeltarif", "zeitvariabel", "multirate"],
  "flat": ["flat", "fix", "fixed", "fest", "standard", "single"],
} as const;

type Class = keyof typeof CLASSES;

/** What tariffs are made from. */
export interface TariffSources {
  readonly devicesPath: string;
  readonly prices: Prices | null;
  readonly rules: ImportRules;
  readonly grid: TimeGrid;
  /** Clock by which hours are counted; that of the grid if absent. */
  readonly timeZone: string | undefined;
  readonly slots: SlotGrid;
  readonly fillHours: number;
  readonly time: (slot: number) => string;
}

/** Tariffs of a community. */
export interface HomeTariffs {
  readonly prosumers: readonly Prosumer[];
  /** Of homes without a class. */
  readonly common: Tariff;
  readonly classes: Readonly<Record<string, Tariff>> | null;
  readonly currency: string;
  readonly notes: readonly string[];
}

/**
 * Gives each home its tariff.
 *
 * @throws {RangeError} If a class is not known, or needs prices that are not there.
 */
export function tariffsOfHomes(
  prosumers: readonly Prosumer[],
  devices: readonly (HomeDevices | undefined)[],
  sources: TariffSources,
): HomeTariffs {
  const { prices, rules, grid } = sources;
  const classOf = devices.map((own) => own?.tariff === undefined ? undefined : named(own, sources));
  const used = [...new Set(classOf.filter((name) => name !== undefined))];
  const feedInTariffPerKwh = new Float64Array(grid.slots)
    .fill(rules.feedInTariffPerKwh ?? FEED_IN_TARIFF);
  const notes: string[] = [];
  const flat = rules.importPricePerKwh ?? FLAT_PRICE;
  const dynamic = prices === null ? null : dynamicPrices(prices, sources, notes);
  const tariff = (name: Class): Tariff => {
    const importPricePerKwh = name === "dynamic"
      ? dynamic!
      : name === "flat"
      ? new Float64Array(grid.slots).fill(flat)
      : Float64Array.from({ length: grid.slots }, (_, t) => importPrice(hourOfDay(sources, t)));
    return { importPricePerKwh, feedInTariffPerKwh };
  };
  const common = tariff(dynamic === null ? "flat" : "dynamic");
  const unstated = dynamic === null
    ? []
    : prosumers.filter((_, i) => classOf[i] === undefined).map(({ id }) => id);
  if (unstated.length > 0) {
    notes.push(
      `${
        shown(unstated.join(", "), 300)
      }: no tariff stated; the day-ahead price is taken (write flat ` +
        "in the list of devices for one price at all times)",
    );
  }
  const isFlatUsed = used.includes("flat") || (dynamic === null && classOf.includes(undefined));
  if (isFlatUsed && rules.importPricePerKwh === undefined) {
    notes.push(`no flat price is stated; ${rounded(flat)} per kWh is taken (--import-price)`);
  }
  if (used.includes("time-of-use")) {
    notes.push(
      "time-of-use: 0.2 per kWh to 6:00, 0.42 from 17:00 to 21:00, 0.3 else, an example of steps",
    );
  }
  if (rules.feedInTariffPerKwh === undefined) {
    notes.push(
      `no feed-in tariff is stated; ${FEED_IN_TARIFF} per kWh is taken (--feed-in-tariff)`,
    );
  }
  return {
    prosumers: prosumers.map((prosumer, i) => {
      const tariffClass = classOf[i];
      return tariffClass === undefined ? prosumer : { ...prosumer, tariffClass };
    }),
    common,
    classes: used.length === 0
      ? null
      : Object.fromEntries(used.map((name) => [name, tariff(name)])),
    currency: rules.currency ?? prices?.currency ?? "EUR",
    notes,
  };
}

/** By the clock on the wall, as contracts count. [h] */
function hourOfDay({ grid, timeZone }: TariffSources, slot: number): number {
  if (timeZone === undefined) return localTime(grid, slot).hourOfDay;
  const moment = grid.startMs / 1000 + slot * grid.dtHours * 3600;
  const local = localOf(clockOf(timeZone), moment);
  return (local % 86_400 + 86_400) % 86_400 / 3600;
}

function named({ row, tariff, home }: HomeDevices, { devicesPath, prices }: TariffSources): Class {
  const plain = plainName(tariff!);
  const found = (Object.keys(CLASSES) as Class[])
    .find((name) => (CLASSES[name] as readonly string[]).includes(plain));
  if (found === undefined) {
    throw new RangeError(
      `${devicesPath} row ${row}, column tariff: must be one of ${
        Object.keys(CLASSES).join(", ")
      }, ` +
        `got ${quoted(tariff!)}`,
    );
  }
  if (found === "dynamic" && prices === null) {
    throw new RangeError(
      `${devicesPath} row ${row}, column tariff: ${home} pays day-ahead prices, of which there is no ` +
        "file; add one with --prices FILE, or write flat",
    );
  }
  return found;
}

function dynamicPrices(
  prices: Prices,
  { rules, slots, fillHours, time }: TariffSources,
  notes: string[],
): Float64Array {
  const surcharge = rules.surchargePerKwh ?? SURCHARGE_PER_KWH, vat = rules.vat ?? VAT;
  const { prices: spot, filled } = pricesBySlot(prices, slots, fillHours, time);
  if (filled.length > 0) {
    const count = filled.reduce((sum, { slots }) => sum + slots, 0);
    notes.push(`${prices.path}: ${count} slots without a price are interpolated`);
  }
  notes.push(
    `dynamic price: (day-ahead + ${surcharge}) × ${rounded(1 + vat)} per kWh` +
      (rules.surchargePerKwh === undefined
        ? ", German surcharges and VAT (--surcharge, --vat)"
        : ""),
  );
  return spot.map((price) => (price + surcharge) * (1 + vat));
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
