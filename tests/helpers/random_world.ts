/** Random communities, rules and actions, from a seed. */

import type { Battery } from "../../lib/data/community.ts";
import { type Dataset, validateDataset } from "../../lib/data/profiles.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { type Stream, stream } from "../../lib/random.ts";
import { SLOT_LENGTHS_HOURS } from "../../lib/units.ts";

/** A community on one day, and the rules it plays by. */
export interface World {
  readonly dataset: Dataset;
  readonly config: EnvironmentConfig;
}

const HOSTILE = [NaN, Infinity, -Infinity, 1e308, -1e308, 1e-320, -0, 0, 1, -1];

/** A world of 1 to 6 prosumers on `days` days. */
export function randomWorld(seed: number, days: number = 1): World {
  const random = stream(seed, "random world");
  const pick = <T>(choices: readonly T[]) => choices[random.below(choices.length)];
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const dtHours = pick(SLOT_LENGTHS_HOURS);
  const slots = (24 * days) / dtHours;
  const count = 1 + random.below(6);
  const column = (length: number, draw: () => number) => Float64Array.from({ length }, draw);
  const sparse = (most: number) => random.uniform() < 0.3 ? 0 : most * random.uniform() ** 2;
  const feedInTariffPerKwh = column(slots, () => between(-0.05, 0.1));
  const limit = () => pick([() => Infinity, () => 0, () => between(0, 6), () => between(0, 30)]);
  const [importLimit, exportLimit] = [limit(), limit()];
  const dataset: Dataset = {
    community: {
      name: `world ${seed}`,
      currency: "EUR",
      prosumers: Array.from({ length: count }, (_, i) => ({
        id: `home-${i}`,
        pvCapacityKw: 8,
        battery: random.uniform() < 0.3 ? null : randomBattery(random),
      })),
    },
    profiles: {
      grid: { startMs: Date.UTC(2025, 0, 1), utcOffsetMinutes: 0, dtHours, slots },
      loadKw: column(count * slots, () => sparse(6)),
      pvKw: column(count * slots, () => sparse(8)),
      importPricePerKwh: feedInTariffPerKwh.map((tariff) => tariff + sparse(0.5)),
      feedInTariffPerKwh,
      carbonKgPerKwh: column(slots, () => sparse(0.8)),
      gridImportLimitKw: column(slots, importLimit),
      gridExportLimitKw: column(slots, exportLimit),
    },
  };
  validateDataset(dataset);
  const config = environmentConfigSchema.parse({
    initialSoc: random.uniform(),
    batteryAction: pick(["feasible", "rated"]),
    forecast: { error: pick([0, 0.2, 1]), currentSlot: pick(["measured", "forecast"]) },
    market: { priceWeight: random.uniform(), networkFeePerKwh: pick([0, 0.02, 0.4]) },
    cost: { peakPricePerKw: pick([0, 0.5]), rampPricePerKw: pick([0, 0.1]) },
  });
  return { dataset, config };
}

/** Raw actions: mostly ordinary, some far beyond, some no numbers at all. */
export function randomActions(actions: Float64Array, random: Stream): Float64Array {
  return actions.fill(0).map(() =>
    random.uniform() < 0.1 ? HOSTILE[random.below(HOSTILE.length)] : 1.5 * random.normal()
  );
}

function randomBattery(random: Stream): Battery {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const socMin = random.uniform() < 0.5 ? 0 : between(0, 0.3);
  return {
    capacityKwh: between(0.5, 15),
    maxChargeKw: between(0, 8),
    maxDischargeKw: between(0, 8),
    chargeEfficiency: between(0.7, 1),
    dischargeEfficiency: between(0.7, 1),
    selfDischargePerHour: random.uniform() < 0.5 ? 0 : between(0, 0.02),
    socMin,
    socMax: between(socMin + 0.1, 1),
    ...(random.uniform() < 0.3
      ? { roundTripEfficiencyByPower: [[0, 0.83], [0.3, 0.83], [0.7, 0.9], [0.8, 0.9], [1, 0.85]] }
      : {}),
    ...(random.uniform() < 0.3 ? { powerShareBySoc: [[0, 1], [0.8, 1], [1, 0.2]] } : {}),
    ...(random.uniform() < 0.3 ? { capacityLossCoefficient: 1e-4 } : {}),
  };
}
