/**
 * The set-ups of `deno task benchmark`.
 *
 * @module
 */

import { ablationSetup } from "./ablation_benchmark.ts";
import type { BenchmarkFlags, BenchmarkSetup } from "./benchmark_setup.ts";
import { citySetup } from "./city_benchmark.ts";
import { distributionSetup } from "./distribution_benchmark.ts";
import { exploitSetup } from "./exploit_benchmark.ts";
import { ladderSetup } from "./ladder_benchmark.ts";
import { mechanismSetup } from "./mechanism_benchmark.ts";
import { paretoSetup } from "./pareto_benchmark.ts";
import { setups } from "./setups.ts";
import { transferSetup } from "./transfer_benchmark.ts";

/** By name. */
export const benchmarkSetups: Readonly<Record<string, BenchmarkSetup>> = {
  ...Object.fromEntries(
    Object.entries(setups).map(([name, setup]) => [name, ladderSetup(setup)]),
  ),
  W: distributionSetup,
  mechanisms: mechanismSetup,
  transfer: transferSetup,
  ablation: ablationSetup,
  pareto: paretoSetup,
  city: citySetup,
};

/** The same communities, worked by their homes: by name of the set-up. */
export const exploitSetups: Readonly<Record<string, BenchmarkSetup>> = Object.fromEntries(
  Object.entries(setups).filter(([name]) => name !== "W" && name !== "first-edition")
    .map(([name, setup]) => [name, exploitSetup(setup)]),
);

/**
 * Refuses what a set-up does not take.
 *
 * @param name What it is called.
 * @param setup The set-up.
 * @throws {Error} Naming the flag, and the set-ups that take it.
 */
export function requireTaken(name: string, setup: BenchmarkSetup, given: BenchmarkFlags): void {
  for (const [flag, value] of Object.entries(given) as [keyof BenchmarkFlags, unknown][]) {
    if (value === undefined || setup.flags.includes(flag)) continue;
    const others = Object.keys(benchmarkSetups)
      .filter((other) => benchmarkSetups[other].flags.includes(flag));
    const place = others.length === 0 ? "--exploit" : `the set-up ${others.join(" or ")}`;
    throw new Error(`--${flag} goes with ${place}, not with ${name}`);
  }
}
