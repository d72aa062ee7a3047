/**
 * The reference set-ups, by which results of different people and days can be compared.
 *
 * R1 is the embedded community and needs no download; `R1-day-ahead` are the same homes at hourly
 * prices, and in `R1-peak` they pay for the highest import of each week as well. R2 are the 17 homes of
 * the CityLearn challenge 2022 with everything that CityLearn leaves open stated here. Their batteries
 * have constant efficiencies and neither curves nor fading, so that the optimum is exactly a linear
 * programme. All are played in weeks.
 *
 * `R1-days` are R1's homes in the market of today on the days of the project's first edition: days that
 * begin and end by themselves, and forecasts whose errors are drawn afresh at every issue.
 *
 * R3 are 30 homes on a feeder, two of three with a car and a heat pump, in quarter hours, with a
 * network fee; the feeder is that of `lib/data/synthetic/feeder.ts`. `R3-homes` are the same homes without
 * a network and its fee, in hours: in quarters `mpc` plans 672 times a week, a fifth of a second each,
 * and twelve weeks of it take most of an hour.
 *
 * `first-edition` is R1 by all rules of that edition: the same days and forecasts, and inelastic orders.
 * Its rules and planners cost what they cost there (`docs/results/v1/`).
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";
import type { DatasetSource } from "./dataset_source.ts";
import { DISTRIBUTION } from "./distribution.ts";

/** What the learned agents are asked to reach, beside at least what the best rival captures. */
export interface Targets {
  /** Least captured share, where forecasts are good enough to ask for one. */
  readonly capturedFraction?: number;
  /** Least share of the slots in which homes trade whose price lies strictly inside. */
  readonly insideFraction: number;
  /** Least correlation of prices with the competitive one. */
  readonly competitiveCorrelation: number;
  /** Most change of the price if all values change by 0.2 %, as a share of the mean price. */
  readonly priceSensitivity: number;
  /** Most change of a home's cost then, as a share of its saving. */
  readonly costSensitivity: number;
  /** Most that a home gains by a constant misreport, as a share of its saving. */
  readonly misreportGain: number;
  /** Most energy that goes from store to store, as a share of what is discharged. */
  readonly churnFraction: number;
  /** Most time per decision, as a share of the best rival's. */
  readonly timeShareOfRival: number;
}

/** A named set-up. */
export interface Setup {
  /** What it is called on the command line. */
  readonly name: string;
  /** What it is, in a line. */
  readonly title: string;
  /** Parts of the experiment that it fixes; the rest is the reference configuration. */
  readonly experiment: Readonly<Record<string, unknown>>;
  /** Where its homes come from, or `null` where that is a folder which the user names. */
  readonly source: DatasetSource | null;
  /** What to reach; `null` where nothing is asked. */
  readonly targets: Targets | null;
}

// How agents are trained; what is not said is the reference configuration of the learner.
const learning = { ppo: { totalTimesteps: 100_000 } };

const targets: Targets = {
  insideFraction: 0.5,
  competitiveCorrelation: 0.9,
  priceSensitivity: 0.01,
  costSensitivity: 0.01,
  misreportGain: 0.06,
  churnFraction: 0.03,
  timeShareOfRival: 1 / 20,
};

// Days and forecasts of the first edition.
const firstDays = {
  episodeDays: 1,
  endValue: "first-edition",
  forecast: { model: "independent" },
};

/**
 * Charge on the highest import of a week. [EUR/kW] Over a year about 100 EUR/kW, of the order of what
 * German network operators charge customers whose power is metered; an assumption.
 */
const PEAK_PRICE_PER_KW = 2;

const tenHomes: DatasetSource = { data: "synthetic", prosumers: 10 };

const flexibleHomes: DatasetSource = {
  data: "synthetic",
  prosumers: 30,
  cars: 20,
  heatPumps: 20,
  tariff: "day-ahead",
  dtHours: 0.25,
};

/** The set-ups by name. */
export const setups = {
  R1: {
    name: "R1",
    title: "synthetic community of 10 prosumers, hourly, time of use",
    experiment: learning,
    source: tenHomes,
    targets,
  },
  "R1-peak": {
    name: "R1-peak",
    title: `the homes of R1, ${PEAK_PRICE_PER_KW} EUR for each kW of the week's highest import`,
    experiment: { environment: { cost: { peakPricePerKw: PEAK_PRICE_PER_KW } }, ...learning },
    source: tenHomes,
    targets: null,
  },
  "R1-day-ahead": {
    name: "R1-day-ahead",
    title: "the homes of R1 at day-ahead prices, hourly",
    experiment: learning,
    source: { ...tenHomes, tariff: "day-ahead" },
    targets,
  },
  "R1-days": {
    name: "R1-days",
    title: "the homes of R1 on days and with forecasts of the first edition",
    experiment: { environment: firstDays, ...learning },
    source: tenHomes,
    targets: { ...targets, capturedFraction: 0.97 },
  },
  R2: {
    name: "R2",
    title: "17 homes of the CityLearn challenge 2022, hourly",
    experiment: learning,
    source: null,
    targets,
  },
  R3: {
    name: "R3",
    title: "30 synthetic homes on a rural feeder of 160 kVA, 15 minutes, day-ahead prices, cars, " +
      "heat pumps",
    experiment: { environment: { market: { networkFeePerKwh: 0.02 } }, ...learning },
    source: { ...flexibleHomes, feeder: "rural" },
    targets,
  },
  "R3-homes": {
    name: "R3-homes",
    title: "the homes of R3 without a network, hourly",
    experiment: { ppo: { totalTimesteps: 60_000, imitationShare: 1 } },
    source: { ...flexibleHomes, dtHours: 1 },
    targets: null,
  },
  W: {
    name: "W",
    title: "50 communities of 3 to 100 homes that training never saw, for a week",
    experiment: {
      training: { validationInterval: 40 },
      ppo: {
        totalTimesteps: 1_000_000,
        imitationShare: 1,
        initialStd: 0.25,
        hiddenSizes: [128, 128],
      },
    },
    source: { data: DISTRIBUTION } as DatasetSource,
    targets: null,
  },
  "first-edition": {
    name: "first-edition",
    title: "the homes of R1 by the rules of the first edition",
    experiment: {
      environment: { ...firstDays, market: { orders: "inelastic" } },
      ...learning,
    },
    source: tenHomes,
    targets: null,
  },
} as const satisfies Readonly<Record<string, Setup>>;

/** Homes of R2. */
export const R2_HOMES = 17;

/** Feed-in tariff of R2, which CityLearn does not state. [currency/kWh] */
export const R2_FEED_IN_TARIFF_PER_KWH = 0.08;

/** Efficiency of R2's batteries each way: CityLearn's 0.9 is that of a round trip. */
export const R2_ONE_WAY_EFFICIENCY: number = Math.sqrt(0.9);

/**
 * The homes as R2 has them: constant one-way efficiency, no curves, no fading, one feed-in tariff.
 *
 * @example
 * ```ts
 * import { synthesize } from "../data/synthetic.ts";
 * import { asR2 } from "./setups.ts";
 * const { community } = asR2(synthesize({ seed: 1, prosumers: 1, days: 1, dtHours: 1 }));
 * const efficiency = community.prosumers[0].battery?.chargeEfficiency ?? 0;
 * if (Math.abs(efficiency ** 2 - 0.9) > 1e-12) throw new Error("0.9 for a round trip");
 * ```
 */
export function asR2({ community, profiles }: Dataset): Dataset {
  return {
    community: {
      ...community,
      prosumers: community.prosumers.map(({ battery, ...home }) => ({
        ...home,
        battery: battery === null ? null : withConstantEfficiency(battery),
      })),
    },
    profiles: {
      ...profiles,
      feedInTariffPerKwh: new Float64Array(profiles.grid.slots).fill(R2_FEED_IN_TARIFF_PER_KWH),
    },
  };
}

function withConstantEfficiency(battery: Battery): Battery {
  const {
    roundTripEfficiencyByPower: _efficiencies,
    powerShareBySoc: _shares,
    capacityLossCoefficient: _fade,
    ...plain
  } = battery;
  return {
    ...plain,
    chargeEfficiency: R2_ONE_WAY_EFFICIENCY,
    dischargeEfficiency: R2_ONE_WAY_EFFICIENCY,
  };
}
