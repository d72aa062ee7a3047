/**
 * Random worlds as small descriptions, so that a world which breaks something can be shrunk and read:
 * which homes, which tariffs, which limits, which rules. The description makes the data set.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery } from "../../../lib/data/community.ts";
import type { Dataset } from "../../../lib/data/profiles.ts";
import { applyScenario, type ScenarioName, scenarioNames } from "../../../lib/data/scenarios.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../../lib/env/config.ts";
import { rulePolicyNames } from "../../../lib/policies/rule_based.ts";
import { stream } from "../../../lib/random.ts";
import { SLOT_LENGTHS_HOURS, slotsPerDay } from "../../../lib/units.ts";
import { anyBattery } from "./batteries.ts";
import { between } from "./numbers.ts";
import { styleNames } from "./styles.ts";

/** How a column of powers or limits looks. */
interface Shape {
  /** `steady` is always the most; `sparse` is often nothing; `spike` is the most in one slot a day. */
  readonly kind: "steady" | "random" | "sparse" | "spike";
  readonly most: number;
}

/** A home. */
interface Home {
  readonly battery: Battery | null;
  readonly loadKw: Shape;
  readonly pvKw: Shape;
  /** How it acts; a name of {@link ./styles.ts}. */
  readonly style: string;
}

/** A world: everything follows from these few values. */
export interface World {
  readonly homes: readonly Home[];
  readonly dtHours: number;
  /** Days of data. */
  readonly days: number;
  /** Communities that step together. */
  readonly communities: number;
  /** Lowest feed-in tariff. [currency/kWh] */
  readonly tariffPerKwh: number;
  /** By how much the feed-in tariff varies. [currency/kWh] */
  readonly tariffSwingPerKwh: number;
  /** Import price above the feed-in tariff. [currency/kWh] */
  readonly spreadPerKwh: Shape;
  readonly carbonKgPerKwh: Shape;
  /** `null` for no limit. */
  readonly importLimitKw: Shape | null;
  /** `null` for no limit. */
  readonly exportLimitKw: Shape | null;
  readonly scenario: ScenarioName;
  readonly config: EnvironmentConfig;
  /** A rule-based policy that acts for all, or `null`: each home in its own style. */
  readonly policy: string | null;
  readonly seed: number;
}

const shape = (most: fc.Arbitrary<number>): fc.Arbitrary<Shape> =>
  fc.record({ kind: fc.constantFrom("steady", "random", "sparse", "spike"), most });

const power = fc.oneof(
  { weight: 6, arbitrary: between(0, 10) },
  { weight: 1, arbitrary: fc.constantFrom(0, 5e-324, 1e-310, 1e-9, 1e-3, 1e3, 1e6) },
);

const home: fc.Arbitrary<Home> = fc.record({
  battery: fc.option(anyBattery),
  loadKw: shape(power),
  pvKw: shape(power),
  style: fc.constantFrom(...styleNames),
});

const rules: fc.Arbitrary<EnvironmentConfig> = fc.record({
  episodeDays: fc.constantFrom(1, 1, 2),
  initialSoc: between(0, 1),
  batteryAction: fc.constantFrom("feasible", "rated"),
  forecast: fc.record({
    error: fc.oneof(fc.constant(0), between(0, 2)),
    correlationPerHour: between(0, 0.999),
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
    peakPricePerKw: fc.oneof(fc.constant(0), between(0, 2)),
    rampPricePerKw: fc.oneof(fc.constant(0), between(0, 2)),
  }),
}).map((values) => environmentConfigSchema.parse(values));

/** Any world of up to six homes over up to two days. */
export const anyWorld: fc.Arbitrary<World> = fc.record({
  homes: fc.array(home, { minLength: 1, maxLength: 6, size: "max" }),
  dtHours: fc.constantFrom(...SLOT_LENGTHS_HOURS),
  days: fc.constantFrom(2, 3),
  communities: fc.integer({ min: 1, max: 4 }),
  tariffPerKwh: between(-0.3, 0.4),
  tariffSwingPerKwh: fc.oneof(fc.constant(0), between(0, 0.3)),
  spreadPerKwh: shape(fc.oneof(fc.constant(0), between(0, 0.6), fc.constantFrom(5e-324, 1e-9, 50))),
  carbonKgPerKwh: shape(between(0, 1)),
  importLimitKw: fc.option(shape(power)),
  exportLimitKw: fc.option(shape(power)),
  scenario: fc.constantFrom(...scenarioNames),
  config: rules,
  policy: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...rulePolicyNames) },
  ),
  seed: fc.nat(),
});

/** The data set of a world. */
export function buildDataset(world: World): Dataset {
  const { homes, dtHours, days, seed } = world;
  const perDay = slotsPerDay(dtHours);
  const slots = days * perDay;
  const column = (shape: Shape, ...labels: readonly (string | number)[]): Float64Array => {
    const random = stream(seed, ...labels);
    const peak = random.below(perDay);
    return Float64Array.from({ length: slots }, (_, t) => {
      switch (shape.kind) {
        case "steady":
          return shape.most;
        case "random":
          return shape.most * random.uniform();
        case "sparse":
          return random.uniform() < 0.4 ? 0 : shape.most * random.uniform() ** 2;
        case "spike":
          return t % perDay === peak ? shape.most : 0;
      }
    });
  };
  const perHome = (name: "loadKw" | "pvKw") => {
    const all = new Float64Array(homes.length * slots);
    homes.forEach((home, i) => all.set(column(home[name], name, i), i * slots));
    return all;
  };
  const limit = (shape: Shape | null, name: string) =>
    shape === null ? new Float64Array(slots).fill(Infinity) : column(shape, name);
  const swing = { kind: "random", most: world.tariffSwingPerKwh } as const;
  const feedInTariffPerKwh = column(swing, "tariff").map((price) => world.tariffPerKwh + price);
  const spread = column(world.spreadPerKwh, "spread");
  const dataset: Dataset = {
    community: {
      name: "fuzz",
      currency: "EUR",
      prosumers: homes.map(({ battery, pvKw }, i) => (
        { id: `home-${i}`, pvCapacityKw: pvKw.most, battery }
      )),
    },
    profiles: {
      grid: { startMs: Date.UTC(2025, 0, 1), utcOffsetMinutes: 0, dtHours, slots },
      loadKw: perHome("loadKw"),
      pvKw: perHome("pvKw"),
      importPricePerKwh: feedInTariffPerKwh.map((price, t) => price + spread[t]),
      feedInTariffPerKwh,
      carbonKgPerKwh: column(world.carbonKgPerKwh, "carbon"),
      gridImportLimitKw: limit(world.importLimitKw, "import limit"),
      gridExportLimitKw: limit(world.exportLimitKw, "export limit"),
    },
  };
  return applyScenario(dataset, world.scenario);
}
