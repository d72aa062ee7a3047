/**
 * What homes pay and earn: by the class that the list of devices gives each of them.
 *
 * | class | import price |
 * | --- | --- |
 * | `dynamic` | (day-ahead price + surcharge) × (1 + VAT) |
 * | `time-of-use` | three steps a day, those of the made-up data sets |
 * | `flat` | one price at all times |
 *
 * They become `tariffs.json` of the data set, whose import price is the day-ahead price where there is one.
 *
 * @module
 */

import type { TimeGrid } from "../../units.ts";
import { quoted, shown } from "../../text/shown.ts";
import type { TariffClass, TariffConfig } from "../tariff_config.ts";
import type { Tariff } from "../tariffs.ts";
import { SURCHARGE_PER_KWH, VAT } from "../synthetic/day_ahead.ts";
import { FEED_IN_TARIFF, FLAT_PRICE, PRICE_STEPS } from "../synthetic/tariff.ts";
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
  /** Day-ahead price, or the flat one without such, and what the grid pays. */
  readonly common: Tariff;
  /** What homes are charged. */
  readonly charged: TariffConfig;
  readonly currency: string;
  readonly notes: readonly string[];
}

/**
 * Gives each home its tariff.
 *
 * @param ids Ids of the homes.
 * @throws {RangeError} If a class is not known, or needs prices that are not there.
 */
export function tariffsOfHomes(
  ids: readonly string[],
  devices: readonly (HomeDevices | undefined)[],
  sources: TariffSources,
): HomeTariffs {
  const { prices, rules, grid, timeZone } = sources;
  const classOf = devices.map((own) => own?.tariff === undefined ? undefined : named(own, sources));
  const usual: Class = prices === null ? "flat" : "dynamic";
  const used = [...new Set([usual, ...classOf.filter((name) => name !== undefined)])];
  const notes: string[] = [];
  const flat = rules.importPricePerKwh ?? FLAT_PRICE, vat = rules.vat ?? VAT;
  const dayAhead = prices === null ? null : dayAheadPrices(prices, sources, notes);
  const unstated = ids.filter((_, i) => classOf[i] === undefined);
  if (dayAhead !== null && unstated.length > 0) {
    notes.push(
      `${
        shown(unstated.join(", "), 300)
      }: no tariff stated; the day-ahead price is taken (write flat ` +
        "in the list of devices for one price at all times)",
    );
  }
  const isFlatUsed = classOf.includes("flat") || (usual === "flat" && classOf.includes(undefined));
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
  const common = dayAhead ?? new Float64Array(grid.slots).fill(flat);
  const feedInTariffPerKwh = new Float64Array(grid.slots)
    .fill(rules.feedInTariffPerKwh ?? FEED_IN_TARIFF);
  return {
    common: { importPricePerKwh: common, feedInTariffPerKwh },
    charged: {
      classes: Object.fromEntries(used.map((name) => [name, tariffClass(name, rules, flat, vat)])),
      default: usual,
      homes: Object.fromEntries(ids.flatMap((id, i) => {
        const own = classOf[i];
        return own === undefined || own === usual ? [] : [[id, own]];
      })),
      ...(used.includes("time-of-use") && timeZone !== undefined && { timeZone }),
      local: { networkFeeReduction: 0, communityFeePerKwh: 0 },
      community: { capacityChargePerKwMonth: 0 },
    },
    currency: rules.currency ?? prices?.currency ?? "EUR",
    notes,
  };
}

/** Prices that people know have VAT; a class states them without. */
function tariffClass(name: Class, rules: ImportRules, flat: number, vat: number): TariffClass {
  const net = (gross: number) => Number((gross / (1 + vat)).toPrecision(12));
  const [rest, ...windows] = PRICE_STEPS;
  const energy: Readonly<Record<Class, TariffClass["energy"]>> = {
    "dynamic": { kind: "dynamic", markupPerKwh: 0 },
    "flat": { kind: "flat", pricePerKwh: net(flat) },
    "time-of-use": {
      kind: "time-of-use",
      pricePerKwh: net(rest.pricePerKwh),
      windows: windows.map(({ from, to, pricePerKwh }) => ({
        ...{ from, to, days: "all", pricePerKwh: net(pricePerKwh) },
      })),
    },
  };
  return {
    energy: energy[name],
    networkFeePerKwh: 0,
    surchargePerKwh: name === "dynamic" ? rules.surchargePerKwh ?? SURCHARGE_PER_KWH : 0,
    vat,
    feedInPerKwh: "data",
    standingChargePerMonth: 0,
    capacityChargePerKwMonth: 0,
  };
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

function dayAheadPrices(
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
  return spot;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
