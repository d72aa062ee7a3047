/**
 * The embedded data set: a community made up from a seed, for any number of prosumers and days.
 *
 * Everything is drawn by quarter-hours from streams of its own (weather, carbon, and per household
 * its devices and its load, per car, heat pump and appliance) and then averaged over the slots. So the same seed is the same weather
 * and the same households at any `dtHours`, more days leave the first ones unchanged, and more
 * prosumers leave the first ones unchanged. Models and sources: `lib/data/synthetic/`.
 *
 * @module
 */

import { stream } from "../random.ts";
import { oneOf } from "../text/nearest.ts";
import { HOURS_PER_DAY, parseTimestamp, slotsPerDay } from "../units.ts";
import type { Prosumer } from "./community.ts";
import { requireCells } from "./table_size.ts";
import type { Dataset } from "./profiles.ts";
import { averageInto, quarterHours, slotMeans } from "./synthetic/quarter_hours.ts";
import { drawHome } from "./synthetic/devices.ts";
import { type DeviceCounts, drawHomeDevices } from "./synthetic/home_devices.ts";
import { drawHouseholdLoad } from "./synthetic/household_load.ts";
import { photovoltaicPower } from "./synthetic/photovoltaics.ts";
import { drawDayAhead, dynamicTariff } from "./synthetic/day_ahead.ts";
import {
  carbonIntensity,
  drawCalm,
  FEED_IN_TARIFF,
  FLAT_PRICE,
  importPrice,
} from "./synthetic/tariff.ts";
import { drawFeeder, type FeederKind, feederKinds } from "./synthetic/feeder.ts";
import { drawWeather } from "./synthetic/weather.ts";

/** What to make up. */
export interface SyntheticOptions extends DeviceCounts {
  /** Decides everything that is drawn. */
  readonly seed: number;
  /** Number of households, at least 1. */
  readonly prosumers: number;
  /** Number of whole days, at least 1. [d] */
  readonly days: number;
  /** Length of a slot: 1, 0.5 or 0.25. [h] */
  readonly dtHours: number;
  /** Local midnight of the first day; {@linkcode SYNTHETIC_START} if absent. */
  readonly start?: string;
  /** What households pay for imports; `time-of-use` if absent. */
  readonly tariff?: SyntheticTariff;
  /** The feeder that the households are on; none if absent. */
  readonly feeder?: FeederKind;
  /** Latitude, north positive; 51.3 (Kassel, the middle of Germany) if absent. [°] */
  readonly latitudeDeg?: number;
  /** Longitude, east positive; 9.5 if absent. [°] */
  readonly longitudeDeg?: number;
}

/** Tariffs of households. */
export const syntheticTariffs = [
  "time-of-use",
  "flat",
  "day-ahead",
  "day-ahead-quarter-hourly",
  "mixed",
] as const;

/**
 * What households pay for imports: three steps a day, one price, or hourly or quarter-hourly day-ahead
 * prices with surcharges and VAT; `mixed` gives households the first three in turn.
 */
export type SyntheticTariff = typeof syntheticTariffs[number];

/** What the embedded community is made from; it is the same for every training seed. */
export const EMBEDDED = { seed: 1, days: 365, dtHours: 1 } as const;

/** First slot of a synthetic data set unless another start is asked for. */
export const SYNTHETIC_START = "2025-01-01T00:00:00+01:00";

/**
 * Makes up a community and its profiles.
 *
 * @throws {RangeError} If an option is out of range; the message names it.
 *
 * @example
 * ```ts
 * import { synthesize } from "./synthetic.ts";
 * const { community, profiles } = synthesize({ seed: 1, prosumers: 4, days: 2, dtHours: 1 });
 * if (community.prosumers.length !== 4 || profiles.grid.slots !== 48) throw new Error("4 × 48");
 * ```
 */
export function synthesize(options: SyntheticOptions): Dataset {
  const { seed, prosumers, days, dtHours, tariff = "time-of-use" } = options;
  const { latitudeDeg = 51.3, longitudeDeg = 9.5 } = options;
  oneOf("tariff", tariff, syntheticTariffs);
  if (options.feeder !== undefined) oneOf("feeder", options.feeder, feederKinds);
  requireWhole("prosumers", prosumers);
  requireWhole("days", days);
  requireCells("load and sun of a synthetic community", days * slotsPerDay(dtHours), 2 * prosumers);
  const { epochMs, utcOffsetMinutes } = parseMidnight(options.start ?? SYNTHETIC_START);
  const slots = days * slotsPerDay(dtHours);
  const grid = { startMs: epochMs, utcOffsetMinutes, dtHours, slots };
  const perSlot = dtHours * 4;

  const calendar = quarterHours(grid);
  const quarters = calendar.hourOfDay.length;
  const weather = drawWeather(calendar, { latitudeDeg, longitudeDeg }, stream(seed, "weather"));
  const calm = drawCalm(quarters, stream(seed, "carbon"));
  const means = (values: Float64Array) => slotMeans(values, dtHours);
  const importPrices = (tariff: Exclude<SyntheticTariff, "mixed">): Float64Array => {
    if (tariff === "time-of-use") return means(calendar.hourOfDay.map(importPrice));
    if (tariff === "flat") return new Float64Array(slots).fill(FLAT_PRICE);
    const resolution = tariff === "day-ahead" ? 1 : 0.25;
    const random = stream(seed, "day-ahead");
    return means(
      drawDayAhead(calendar, weather, calm, random, resolution).map(dynamicTariff),
    );
  };

  const devices = drawHomeDevices(options, prosumers, seed, grid, calendar, weather);
  const members: Prosumer[] = [];
  const loadKw = new Float64Array(prosumers * slots);
  const pvKw = new Float64Array(prosumers * slots);
  const quarterly = new Float64Array(quarters);
  for (let i = 0; i < prosumers; i++) {
    const { household, panels, battery } = drawHome(i, stream(seed, "devices", i));
    const id = `house-${String(i + 1).padStart(Math.max(2, String(prosumers).length), "0")}`;
    const tariffClass = tariff === "mixed" ? MIXED[i % MIXED.length] : undefined;
    members.push({
      id,
      pvCapacityKw: panels?.capacityKw ?? 0,
      battery,
      ...(devices[i].length > 0 && { devices: devices[i] }),
      ...(tariffClass !== undefined && { tariffClass }),
    });
    drawHouseholdLoad(household, calendar, stream(seed, "load", i), quarterly);
    averageInto(loadKw.subarray(i * slots, (i + 1) * slots), quarterly, perSlot);
    if (panels === null) continue;
    photovoltaicPower(panels, weather, quarterly);
    averageInto(pvKw.subarray(i * slots, (i + 1) * slots), quarterly, perSlot);
  }
  const feedInTariffPerKwh = new Float64Array(slots).fill(FEED_IN_TARIFF);
  return {
    community: { name: `synthetic-${prosumers}-seed-${seed}`, currency: "EUR", prosumers: members },
    ...(options.feeder !== undefined && {
      network: drawFeeder(members.map(({ id }) => id), seed),
    }),
    ...(tariff === "mixed" && {
      tariffs: Object.fromEntries(MIXED.map((name) => [
        name,
        { importPricePerKwh: importPrices(name), feedInTariffPerKwh },
      ])),
    }),
    profiles: {
      grid,
      loadKw,
      pvKw,
      importPricePerKwh: importPrices(tariff === "mixed" ? "time-of-use" : tariff),
      feedInTariffPerKwh,
      carbonKgPerKwh: means(carbonIntensity(calendar, weather, calm)),
      gridImportLimitKw: new Float64Array(slots).fill(Infinity),
      gridExportLimitKw: new Float64Array(slots).fill(Infinity),
    },
  };
}

/** Tariffs that households of a mixed community have in turn. */
const MIXED = ["time-of-use", "flat", "day-ahead"] as const;

function parseMidnight(start: string): ReturnType<typeof parseTimestamp> {
  const parsed = parseTimestamp(start);
  const localMinutes = parsed.epochMs / 60_000 + parsed.utcOffsetMinutes;
  if (localMinutes % (HOURS_PER_DAY * 60) !== 0) {
    throw new RangeError(`start must be a local midnight, got "${start}"`);
  }
  return parsed;
}

function requireWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
  }
}
