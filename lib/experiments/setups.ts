/**
 * The reference set-ups, by which results of different people and days can be compared.
 *
 * R1 is the embedded community and needs no download. R2 are the 17 homes of the CityLearn challenge
 * 2022 with everything that CityLearn leaves open stated here. Their batteries have constant
 * efficiencies and neither curves nor fading, so that the optimum is exactly a linear programme.
 *
 * @module
 */

import type { Battery } from "../data/community.ts";
import type { Dataset } from "../data/profiles.ts";

/** What the learned agents are asked to reach in a set-up. */
export interface Targets {
  /** Least captured share. */
  readonly captured: number;
  /** Least traded ÷ tradable energy. */
  readonly marketEfficiency: number;
  /** Most time per decision, as a share of the model-predictive controller's. */
  readonly timeShareOfMpc: number;
}

/** A named set-up. */
export interface Setup {
  /** What it is called on the command line. */
  readonly name: string;
  /** What it is, in a line. */
  readonly title: string;
  /** Parts of the experiment that it fixes; the rest is the reference configuration. */
  readonly experiment: Readonly<Record<string, unknown>>;
  /** Households of the embedded community, or `null` where the homes come from a folder. */
  readonly syntheticProsumers: number | null;
  /** What to reach. */
  readonly targets: Targets;
}

const environment = {
  episodeDays: 1,
  initialSoc: 0.5,
  forecast: { error: 0.2, currentSlot: "measured" },
  cost: { carbonPricePerKg: 0.075, wearPricePerKwh: 0.01 },
};

// Long trainings end higher with larger batches than those of the reference configuration.
const training = { communities: 128 };
const ppo = { minibatchSize: 4096 };

/** The set-ups by name. */
export const setups: Readonly<Record<string, Setup>> = {
  R1: {
    name: "R1",
    title: "synthetic community of 10 prosumers, hourly",
    experiment: { environment, training, ppo: { ...ppo, totalTimesteps: 800_000 } },
    syntheticProsumers: 10,
    targets: { captured: 0.9, marketEfficiency: 0.99, timeShareOfMpc: 1 / 500 },
  },
  R2: {
    name: "R2",
    title: "17 homes of the CityLearn challenge 2022, hourly",
    experiment: { environment, training, ppo: { ...ppo, totalTimesteps: 1_200_000 } },
    syntheticProsumers: null,
    targets: { captured: 0.88, marketEfficiency: 0.99, timeShareOfMpc: 1 / 500 },
  },
};

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
