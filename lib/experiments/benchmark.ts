/**
 * The set-ups of `deno task benchmark`.
 *
 * @module
 */

import { ablationSetup } from "./ablation_benchmark.ts";
import type { BenchmarkFlags, BenchmarkSetup } from "./benchmark_setup.ts";
import { citySetup } from "./city_benchmark.ts";
import { distributionSetup } from "./distribution_benchmark.ts";
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

/**
 * Refuses what a set-up does not take.
 *
 * @throws {Error} Naming the flag, and the set-ups that take it.
 */
export function requireTaken(name: string, given: BenchmarkFlags): void {
  for (const [flag, value] of Object.entries(given) as [keyof BenchmarkFlags, unknown][]) {
    if (value === undefined || benchmarkSetups[name].flags.includes(flag)) continue;
    const others = Object.keys(benchmarkSetups)
      .filter((other) => benchmarkSetups[other].flags.includes(flag));
    throw new Error(`--${flag} goes with the set-up ${others.join(" or ")}, not with ${name}`);
  }
}
