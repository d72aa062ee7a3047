/**
 * Sweeps that come along: the experiments of `deno task benchmark` that consist of many runs.
 *
 * @module
 */

import { ablations } from "../experiments/ablations.ts";
import { CARBON_PRICES_PER_KG, PEAK_PRICES_PER_KW } from "../experiments/trade_offs.ts";

const pricesOf = (what: string, path: string, prices: readonly number[]) =>
  prices.map((price) => ({ name: `${what} ${price}`, change: { [path]: price } }));

/** Specifications by name. */
export const shippedSpecs: Readonly<Record<string, () => unknown>> = {
  /** What makes PPO's agents learn: one thing changed at a time, on validation days. */
  ablation: () => ({
    name: "ablation",
    setup: "R1",
    configuration: { ppo: { totalTimesteps: 300_000 } },
    judge: "validation",
    variants: ablations.filter(({ algorithm }) => algorithm === undefined).map((
      { name, change },
    ) => ({
      name,
      change: Object.fromEntries(
        Object.entries(change).flatMap(([group, values]) =>
          Object.entries(values).map(([key, value]) => [`${group}.${key}`, value])
        ),
      ),
    })),
    seeds: 3,
  }),
  /** What less CO2 and a lower peak cost, in bills, which do not hold the prices that bring them about. */
  pareto: () => ({
    name: "pareto",
    kind: "play",
    metric: "billPerDay",
    policy: "optimum",
    days: 28,
    variants: [
      ...pricesOf("CO2 at", "environment.cost.carbonPricePerKg", CARBON_PRICES_PER_KG),
      ...pricesOf("peak at", "environment.cost.peakPricePerKw", PEAK_PRICES_PER_KW),
    ],
    parameters: { policy: ["optimum", "mpc"] },
    seeds: 1,
  }),
  /** A hundred thousand homes in parts. */
  city: () => ({ name: "city", kind: "city", prosumers: 100_000, seeds: 1 }),
};
