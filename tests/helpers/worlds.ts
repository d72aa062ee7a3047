/**
 * Random devices, worlds and actions, for the property tests and the fuzzer. A world is drawn as a
 * small description, so that one which breaks something can be shrunk and read; the description makes
 * the data set.
 *
 * @module
 */

import fc from "fast-check";
import type { Battery, Curve } from "../../lib/data/community.ts";
import { type Dataset, validateDataset } from "../../lib/data/profiles.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { mechanisms } from "../../lib/market/mechanisms/mod.ts";
import { type Stream, stream } from "../../lib/random.ts";
import { SLOT_LENGTHS_HOURS, slotsPerDay } from "../../lib/units.ts";

/** A number in a range: mostly anywhere, sometimes at an end, sometimes as small as numbers go. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  const steps = 1_000_000;
  return fc.oneof(
    { weight: 6, arbitrary: fc.nat(steps).map((n) => min + (n / steps) * (max - min)) },
    { weight: 1, arbitrary: fc.constantFrom(min, max) },
    { weight: 1, arbitrary: fc.double({ min, max, noNaN: true }) },
  );
}

/** No numbers, none at all, the smallest and the largest there are. */
export const awkward: readonly number[] = [
  ...[NaN, Infinity, -Infinity, 0, -0, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, 1e-310],
  ...[Number.MAX_VALUE, -Number.MAX_VALUE, 1e30, -1e30],
];

/** Any number whatever. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...awkward),
  fc.double(),
  between(-10, 10),
);

/** Fills `actions` with anything: mostly plausible, often too large, sometimes no number at all. */
export function wildActions(random: Stream, actions: Float64Array): Float64Array {
  for (let k = 0; k < actions.length; k++) {
    actions[k] = random.uniform() < 0.1
      ? awkward[random.below(awkward.length)]
      : 3 * random.uniform() - 1.5;
  }
  return actions;
}

/** One of the supported slot lengths; the shortest, of which a day has many, more seldom. [h] */
export const dtHours: fc.Arbitrary<number> = fc.oneof(
  ...SLOT_LENGTHS_HOURS.map((length) => ({
    weight: length < 0.25 ? 1 : 4,
    arbitrary: fc.constant(length),
  })),
);

const zeroOr = (arbitrary: fc.Arbitrary<number>) => fc.oneof(fc.constant(0), arbitrary);

function batteryOf(
  size: fc.Arbitrary<number>,
  power: fc.Arbitrary<number>,
  efficiency: fc.Arbitrary<number>,
  selfDischargePerHour: fc.Arbitrary<number>,
  efficiencyCurve: fc.Arbitrary<Curve>,
  powerCurve: fc.Arbitrary<Curve>,
): fc.Arbitrary<Battery> {
  const needed = {
    capacityKwh: size,
    maxChargeKw: power,
    maxDischargeKw: power,
    chargeEfficiency: efficiency,
    dischargeEfficiency: efficiency,
    selfDischargePerHour,
    socMin: zeroOr(between(0, 0.4)),
    socMax: fc.oneof(fc.constant(1), between(0.5, 1)),
  };
  const optional = {
    roundTripEfficiencyByPower: efficiencyCurve,
    powerShareBySoc: powerCurve,
    capacityLossCoefficient: between(0, 1e-3),
  };
  const requiredKeys = Object.keys(needed) as (keyof typeof needed)[];
  return fc.record({ ...needed, ...optional }, { requiredKeys });
}

const efficiencyCurve: fc.Arbitrary<Curve> = fc.tuple(
  between(0.7, 1),
  between(0.7, 1),
  between(0.7, 1),
).map(([y0, y1, y2]) => [[0, y0], [0.4, y1], [1, y2]]);

/** A battery of any kind: with and without curves, self-discharge, fading and reserve. */
export const battery: fc.Arbitrary<Battery> = batteryOf(
  between(0.5, 30),
  between(0, 20),
  between(0.05, 1),
  zeroOr(between(0, 0.1)),
  efficiencyCurve,
  fc.tuple(between(0.1, 1), between(0.1, 1)).map(([y0, y1]) => [[0, y0], [0.8, 1], [1, y1]]),
);

const oddSize = (least: number) =>
  fc.oneof(
    { weight: 6, arbitrary: between(least === 0 ? 0 : 0.5, 30) },
    { weight: 1, arbitrary: fc.constantFrom(least, 1e-9, 1e-3, 1e4, 1e6) },
  );

/** Any battery that a community may have, down to none to speak of. */
export const anyBattery: fc.Arbitrary<Battery> = batteryOf(
  oddSize(1e-300),
  oddSize(0),
  fc.oneof(between(0.7, 1), fc.constantFrom(1, 0.01, 1e-3)),
  fc.oneof(zeroOr(between(0, 0.1)), fc.constantFrom(1e-300, 1, 50)),
  fc.oneof(efficiencyCurve, between(0.01, 1).map((y): Curve => [[0.5, y]])),
  fc.oneof(
    fc.tuple(between(0, 1), between(0, 1)).map(([y0, y1]): Curve => [[0, y0], [0.8, 1], [1, y1]]),
    fc.constantFrom<Curve>([[0, 0], [0.5, 1], [1, 0]], [[0.5, 0]]),
  ),
);

/** How a column of powers, prices or limits looks. */
interface Shape {
  /**
   * `steady` is always the most; `sparse` is often nothing, `outages` is so seldom; `signed` is like
   * sparse and seldom negative; `spike` is the most in one slot a day.
   */
  readonly kind: "steady" | "random" | "sparse" | "outages" | "signed" | "spike";
  readonly most: number;
}

/** A home. */
interface Home {
  readonly battery: Battery | null;
  readonly loadKw: Shape;
  readonly pvKw: Shape;
}

/** A world in a few values, from which everything follows. */
export interface WorldPlan {
  readonly homes: readonly Home[];
  readonly dtHours: number;
  /** Days of data. */
  readonly days: number;
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
  readonly config: EnvironmentConfig;
  readonly seed: number;
}

/** A data set, rules, and a seed for everything that happens in it. */
export interface World {
  readonly dataset: Dataset;
  readonly config: EnvironmentConfig;
  readonly seed: number;
}

const rules = (most: { error: number; fee: number }): fc.Arbitrary<EnvironmentConfig> =>
  fc.record({
    episodeDays: fc.constant(1),
    initialSoc: between(0, 1),
    endValue: fc.constantFrom("cheapest-charge", "first-edition"),
    forecast: fc.record({
      model: fc.constantFrom("historical", "martingale", "independent"),
      error: zeroOr(between(0, most.error)),
      currentSlot: fc.constantFrom("measured", "forecast"),
    }),
    market: fc.record({
      mechanism: fc.oneof(
        { weight: 5, arbitrary: fc.constant("uniform-price") },
        { weight: 2, arbitrary: fc.constantFrom(...mechanisms.map(({ name }) => name)) },
      ),
      orders: fc.oneof(
        { weight: 3, arbitrary: fc.constant("curves") },
        { weight: 1, arbitrary: fc.constant("inelastic") },
      ),
      priceWeight: between(0, 1),
      networkFeePerKwh: zeroOr(between(0, most.fee)),
    }),
    cost: fc.record({
      carbonPricePerKg: between(0, 1),
      wearPricePerKwh: between(0, 0.1),
      lostLoadPricePerKwh: between(0, 20),
      curtailmentPricePerKwh: zeroOr(between(0, 0.1)),
      peakPricePerKw: zeroOr(between(0, 2)),
      rampPricePerKw: zeroOr(between(0, 2)),
    }),
  }).map((values) => environmentConfigSchema.parse(values));

const sparse = (most: number): fc.Arbitrary<Shape> => fc.constant({ kind: "sparse", most });

/** Plans of up to six homes with any devices, prices and limits, outages included. */
const plan = (days: number): fc.Arbitrary<WorldPlan> => {
  const limit = fc.option(between(0, 20).map((most): Shape => ({ kind: "outages", most })));
  const home = fc.record({
    battery: fc.option(battery),
    loadKw: sparse(6),
    pvKw: sparse(10),
  });
  return fc.record({
    homes: fc.array(home, { minLength: 1, maxLength: 6 }),
    dtHours,
    days: fc.constant(days),
    tariffPerKwh: fc.constant(-0.05),
    tariffSwingPerKwh: fc.constant(0.3),
    // Importing may cost less than exporting earns.
    spreadPerKwh: fc.constant<Shape>({ kind: "signed", most: 0.5 }),
    carbonKgPerKwh: fc.constant<Shape>({ kind: "random", most: 1 }),
    importLimitKw: limit,
    exportLimitKw: limit,
    config: rules({ error: 1, fee: 0.3 }),
    seed: fc.nat(),
  });
};

/** Any world of a day. */
export const world: fc.Arbitrary<World> = plan(1).map(buildWorld);

/** The world of a seed, over some days. */
export function worldOf(seed: number, days: number): World {
  return buildWorld(fc.sample(plan(days), { seed, numRuns: 1 })[0]);
}

const shape = (most: fc.Arbitrary<number>): fc.Arbitrary<Shape> =>
  fc.record({ kind: fc.constantFrom("steady", "random", "sparse", "spike"), most });

const oddPower = fc.oneof(
  { weight: 6, arbitrary: between(0, 10) },
  { weight: 1, arbitrary: fc.constantFrom(0, 5e-324, 1e-310, 1e-9, 1e-3, 1e3, 1e6) },
);

/** Plans over two or three days, of homes and prices as odd as they may be. */
export const anyPlan: fc.Arbitrary<WorldPlan> = fc.record({
  homes: fc.array(
    fc.record({
      battery: fc.option(anyBattery),
      loadKw: shape(oddPower),
      pvKw: shape(oddPower),
    }),
    { minLength: 1, maxLength: 6, size: "max" },
  ),
  dtHours,
  days: fc.constantFrom(2, 3),
  tariffPerKwh: between(-0.3, 0.4),
  tariffSwingPerKwh: zeroOr(between(0, 0.3)),
  spreadPerKwh: fc.oneof(
    shape(fc.oneof(fc.constantFrom(0, 5e-324, 1e-9, 50), between(0, 0.6))),
    fc.constant<Shape>({ kind: "signed", most: 0.5 }),
  ),
  carbonKgPerKwh: shape(between(0, 1)),
  importLimitKw: fc.option(shape(oddPower)),
  exportLimitKw: fc.option(shape(oddPower)),
  config: rules({ error: 2, fee: 0.3 }),
  seed: fc.nat(),
});

function buildWorld(plan: WorldPlan): World {
  const dataset = buildDataset(plan);
  validateDataset(dataset);
  return { dataset, config: plan.config, seed: plan.seed };
}

/** The data set of a plan. */
export function buildDataset(plan: WorldPlan): Dataset {
  const { homes, dtHours, days, seed } = plan;
  const perDay = slotsPerDay(dtHours);
  const slots = days * perDay;
  const column = ({ kind, most }: Shape, ...labels: readonly (string | number)[]) => {
    const random = stream(seed, ...labels);
    const peak = random.below(perDay);
    const sparse = () => random.uniform() < 0.3 ? 0 : most * random.uniform();
    const draw: Record<Shape["kind"], (t: number) => number> = {
      steady: () => most,
      random: () => most * random.uniform(),
      sparse,
      signed: () => random.uniform() < 0.1 ? -0.4 * most * random.uniform() : sparse(),
      outages: () => random.uniform() < 0.1 ? 0 : most,
      spike: (t) => t % perDay === peak ? most : 0,
    };
    return Float64Array.from({ length: slots }, (_, t) => draw[kind](t));
  };
  const perHome = (name: "loadKw" | "pvKw") => {
    const all = new Float64Array(homes.length * slots);
    homes.forEach((home, i) => all.set(column(home[name], name, i), i * slots));
    return all;
  };
  const limit = (shape: Shape | null, name: string) =>
    shape === null ? new Float64Array(slots).fill(Infinity) : column(shape, name);
  const swing = { kind: "random", most: plan.tariffSwingPerKwh } as const;
  const feedInTariffPerKwh = column(swing, "tariff").map((price) => plan.tariffPerKwh + price);
  const spread = column(plan.spreadPerKwh, "spread");
  return {
    community: {
      name: "world",
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
      carbonKgPerKwh: column(plan.carbonKgPerKwh, "carbon"),
      gridImportLimitKw: limit(plan.importLimitKw, "import limit"),
      gridExportLimitKw: limit(plan.exportLimitKw, "export limit"),
    },
  };
}
