/**
 * Random devices, worlds and actions for property tests.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery } from "../lib/data/community.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../lib/env/config.ts";
import type { Stream } from "../lib/random.ts";
import { stream } from "../lib/random.ts";
import { SLOT_LENGTHS_HOURS, slotsPerDay } from "../lib/units.ts";
import { awkward, between } from "./harness/fuzz/numbers.ts";

export { awkward, between };

/** One of the supported slot lengths. [h] */
export const dtHours: fc.Arbitrary<number> = fc.constantFrom(...SLOT_LENGTHS_HOURS);

/** A battery of any kind: with and without curves, self-discharge, fading and reserve. */
export const battery: fc.Arbitrary<Battery> = fc.record({
  capacityKwh: between(0.5, 30),
  maxChargeKw: between(0, 20),
  maxDischargeKw: between(0, 20),
  chargeEfficiency: between(0.05, 1),
  dischargeEfficiency: between(0.05, 1),
  selfDischargePerHour: fc.oneof(fc.constant(0), between(0, 0.1)),
  socMin: fc.oneof(fc.constant(0), between(0, 0.4)),
  socMax: fc.oneof(fc.constant(1), between(0.5, 1)),
  roundTripEfficiencyByPower: fc.tuple(between(0.7, 1), between(0.7, 1), between(0.7, 1))
    .map(([y0, y1, y2]) => [[0, y0], [0.4, y1], [1, y2]] as const),
  powerShareBySoc: fc.tuple(between(0.1, 1), between(0.1, 1))
    .map(([y0, y1]) => [[0, y0], [0.8, 1], [1, y1]] as const),
  capacityLossCoefficient: between(0, 1e-3),
}, {
  requiredKeys: [
    "capacityKwh",
    "maxChargeKw",
    "maxDischargeKw",
    "chargeEfficiency",
    "dischargeEfficiency",
    "selfDischargePerHour",
    "socMin",
    "socMax",
  ],
});

/** A data set of one day, rules, and a seed for everything that happens in it. */
export interface World {
  readonly dataset: Dataset;
  readonly config: EnvironmentConfig;
  readonly seed: number;
}

const rules = fc.record({
  initialSoc: between(0, 1),
  batteryAction: fc.constantFrom("feasible", "rated"),
  forecast: fc.record({
    error: between(0, 1),
    currentSlot: fc.constantFrom("measured", "forecast"),
  }),
  market: fc.record({
    priceWeight: between(0, 1),
    networkFeePerKwh: fc.oneof(fc.constant(0), between(0, 0.3)),
  }),
  cost: fc.record({
    carbonPricePerKg: between(0, 1),
    wearPricePerKwh: between(0, 0.1),
    lostLoadPricePerKwh: between(0, 20),
    peakPricePerKw: between(0, 2),
    rampPricePerKw: between(0, 2),
  }),
}).map((values) => environmentConfigSchema.parse(values));

/** Any world: up to six prosumers, any devices, prices and limits, outages included. */
export const world: fc.Arbitrary<World> = fc.record({
  batteries: fc.array(fc.option(battery), { minLength: 1, maxLength: 6 }),
  dtHours,
  limitKw: fc.oneof(fc.constant(Infinity), between(0, 20)),
  config: rules,
  seed: fc.nat(),
}).map(({ batteries, dtHours, limitKw, config, seed }) => {
  const slots = slotsPerDay(dtHours);
  const random = stream(seed, "world");
  const column = (length: number, draw: () => number) => Float64Array.from({ length }, draw);
  const outage = () => random.uniform() < 0.1 ? 0 : limitKw;
  const feedInTariffPerKwh = column(slots, () => 0.3 * random.uniform() - 0.05);
  const dataset: Dataset = {
    community: {
      name: "world",
      currency: "EUR",
      prosumers: batteries.map((battery, i) => ({ id: `home-${i}`, pvCapacityKw: 10, battery })),
    },
    profiles: {
      grid: { startMs: Date.UTC(2025, 0, 1), utcOffsetMinutes: 0, dtHours, slots },
      loadKw: column(batteries.length * slots, () => sometimes(random, 6)),
      pvKw: column(batteries.length * slots, () => sometimes(random, 10)),
      importPricePerKwh: feedInTariffPerKwh.map((tariff) =>
        // Importing may cost less than exporting earns.
        tariff + (random.uniform() < 0.1 ? -0.2 * random.uniform() : sometimes(random, 0.5))
      ),
      feedInTariffPerKwh,
      carbonKgPerKwh: column(slots, () => random.uniform()),
      gridImportLimitKw: column(slots, outage),
      gridExportLimitKw: column(slots, outage),
    },
  };
  return { dataset, config, seed };
});

/** Fills `actions` with anything: mostly plausible, often too large, sometimes no number at all. */
export function wildActions(random: Stream, actions: Float64Array): Float64Array {
  for (let k = 0; k < actions.length; k++) {
    actions[k] = random.uniform() < 0.1
      ? awkward[random.below(awkward.length)]
      : 3 * random.uniform() - 1.5;
  }
  return actions;
}

function sometimes(random: Stream, most: number): number {
  return random.uniform() < 0.3 ? 0 : most * random.uniform();
}
