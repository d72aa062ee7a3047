/**
 * The distribution W: communities as different as a policy may meet them, of which one is trained on
 * 200, watched on 20 and judged on 50 others.
 *
 * Each has 3 to 100 homes, hours or quarter-hours, a flat, time-of-use or day-ahead tariff on a level
 * and with a spread of its own, dear hours at another time, devices, consumption, carbon intensity of
 * its grid, initial charge, forecast skill, and now and then a limited connection. The parts share no
 * seed, and those to judge by lie in another year.
 *
 * @module
 */

import type { Battery, Prosumer } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import { wholeEpisodes } from "../data/split.ts";
import { synthesize, type SyntheticTariff } from "../data/synthetic.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../env/config.ts";
import { exp, log } from "../arithmetic.ts";
import { type Stream, stream } from "../random.ts";

/** What communities are drawn for, and how many. */
export const PARTS = { train: 200, validation: 20, test: 50 } as const;

/** A part of the distribution. */
export type Part = keyof typeof PARTS;

/** What a data set that stands for the whole distribution is called on the command line. */
export const DISTRIBUTION = "W";

/** A community of the distribution. */
export interface DrawnCommunity {
  /** Homes and profiles. */
  readonly dataset: Dataset;
  /** Its rules. */
  readonly config: EnvironmentConfig;
  /** First slots of its weeks, after two that forecasts may look back on. */
  readonly firstSlots: readonly number[];
}

/** Weeks of data, and those at their beginning that only forecasts see. */
const WEEKS = 6, PAST_WEEKS = 2;

const YEARS: Readonly<Record<Part, number>> = { train: 2025, validation: 2025, test: 2026 };

/**
 * Draws a community.
 *
 * @param part What it is for.
 * @param index Which of them, from 0; there are as many as {@linkcode PARTS} says.
 *
 * @example
 * ```ts
 * import { drawCommunity } from "./distribution.ts";
 * const { dataset: { community }, firstSlots } = drawCommunity("validation", 0);
 * if (community.prosumers.length < 3 || firstSlots.length !== 4) throw new Error("3 homes, 4 weeks");
 * ```
 */
export function drawCommunity(part: Part, index: number): DrawnCommunity {
  const random = stream(0, "W", part, index);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const prosumers = Math.round(exp(between(log(3), log(100))));
  const dtHours = random.uniform() < 0.3 ? 0.25 : 1;
  const tariff = drawTariff(random, dtHours);
  const made = synthesize({
    seed: random.below(2 ** 31),
    prosumers,
    days: 7 * WEEKS,
    dtHours,
    start: dayOfYear(YEARS[part], random.below(365 - 7 * WEEKS)),
    tariff,
  });
  const dataset = limited(
    elsewhere(priced(equipped(made, random), random), tariff, random),
    random,
  );
  const config = environmentConfigSchema.parse({
    initialSoc: random.uniform(),
    forecast: {
      model: random.uniform() < 2 / 3 ? "historical" : "martingale",
      error: between(0.05, 0.4),
      currentSlot: random.uniform() < 0.8 ? "measured" : "forecast",
    },
  });
  const firstSlots = wholeEpisodes(dataset.profiles.grid, 7).slice(PAST_WEEKS);
  return { dataset, config, firstSlots };
}

function drawTariff(random: Stream, dtHours: number): SyntheticTariff {
  const dynamic = dtHours < 1 ? "day-ahead-quarter-hourly" : "day-ahead";
  return (["flat", "time-of-use", "time-of-use", dynamic, dynamic] as const)[random.below(5)];
}

/** Local midnight of a day of a year. */
function dayOfYear(year: number, day: number): string {
  return `${new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10)}T00:00:00+01:00`;
}

/** Batteries and panels of other sizes, and other homes that have them. */
function equipped(dataset: Dataset, random: Stream): Dataset {
  const { community, profiles } = dataset;
  const share = 0.3 + 0.7 * random.uniform(), pvShare = 0.5 + random.uniform();
  const lucky = random.below(community.prosumers.length);
  const prosumers = community.prosumers.map((home, i): Prosumer => ({
    ...home,
    pvCapacityKw: home.pvCapacityKw * pvShare,
    // Drawn for all, so that who has one changes nothing for the others.
    battery: drawBattery(random, share) ?? (i === lucky ? drawBattery(random, 1) : null),
  }));
  return {
    ...dataset,
    community: { ...community, prosumers },
    profiles: { ...profiles, pvKw: profiles.pvKw.map((kw) => kw * pvShare) },
  };
}

function drawBattery(random: Stream, share: number): Battery | null {
  const has = random.uniform() < share;
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const capacityKwh = between(3, 16), hours = between(1, 5);
  const battery = {
    capacityKwh,
    maxChargeKw: capacityKwh / hours,
    maxDischargeKw: capacityKwh / hours,
    chargeEfficiency: between(0.88, 0.98),
    dischargeEfficiency: between(0.88, 0.98),
    selfDischargePerHour: between(0, 1e-4),
    socMin: Math.max(0, between(-0.3, 0.15)),
    socMax: 1,
  };
  return has ? battery : null;
}

/** Prices on another level. */
function priced(dataset: Dataset, random: Stream): Dataset {
  const level = 0.7 + 0.7 * random.uniform(), feedIn = 0.03 + 0.09 * random.uniform();
  const { profiles } = dataset;
  return {
    ...dataset,
    profiles: {
      ...profiles,
      importPricePerKwh: profiles.importPricePerKwh.map((price) => price * level),
      feedInTariffPerKwh: profiles.feedInTariffPerKwh.map(() => feedIn),
    },
  };
}

/** Other consumption, another spread and hour of prices, and another mix of power stations. */
function elsewhere(dataset: Dataset, tariff: SyntheticTariff, random: Stream): Dataset {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const load = exp(between(log(0.6), log(2))), spread = between(0.6, 2);
  const carbon = between(0.2, 1.2), hours = random.below(7) - 3;
  const { profiles } = dataset;
  const { importPricePerKwh: prices, feedInTariffPerKwh, grid: { slots, dtHours } } = profiles;
  const mean = prices.reduce((sum, price) => sum + price, 0) / slots;
  // Some tariffs are dear for some hours and alike in all others, the night among them.
  const hasNight = random.uniform() < 0.6 || tariff !== "time-of-use";
  const least = hasNight ? -Infinity : prices.toSorted()[Math.floor(slots / 2)];
  const shift = Math.round(hours / dtHours);
  return {
    ...dataset,
    profiles: {
      ...profiles,
      loadKw: profiles.loadKw.map((kw) => kw * load),
      carbonKgPerKwh: profiles.carbonKgPerKwh.map((kg) => kg * carbon),
      // Nobody is paid more for giving than is asked for taking.
      importPricePerKwh: prices.map((_, slot) => {
        const price = Math.max(least, prices[(slot + shift + slots) % slots]);
        return Math.max(feedInTariffPerKwh[slot], mean + spread * (price - mean));
      }),
    },
  };
}

/** Every fifth connection is limited: near its peak load, and to a part of its surplus. */
function limited(dataset: Dataset, random: Stream): Dataset {
  const importShare = 0.9 + 0.4 * random.uniform(), exportShare = 0.4 + 0.6 * random.uniform();
  if (random.uniform() >= 0.2) return dataset;
  const { community: { prosumers: { length: homes } }, profiles } = dataset;
  const { loadKw, pvKw, grid: { slots } } = profiles;
  let peakKw = 0, surplusKw = 0;
  for (let slot = 0; slot < slots; slot++) {
    let netKw = 0;
    for (let i = 0; i < homes; i++) netKw += loadKw[i * slots + slot] - pvKw[i * slots + slot];
    peakKw = Math.max(peakKw, netKw);
    surplusKw = Math.max(surplusKw, -netKw);
  }
  return {
    ...dataset,
    profiles: {
      ...profiles,
      gridImportLimitKw: new Float64Array(slots).fill(importShare * peakKw),
      gridExportLimitKw: new Float64Array(slots).fill(exportShare * surplusKw),
    },
  };
}
