/**
 * Sizes: very small and very large communities, a very long year, a data set of very many homes; what
 * each takes in time and memory, and what the audit finds.
 *
 * @module
 */

import process from "node:process";
import { simulateCity } from "../../lib/city/city.ts";
import { compose } from "../../lib/data/composed.ts";
import { type DatasetFormat, readDataset, writeDataset } from "../../lib/data/dataset.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { splitDays } from "../../lib/data/split.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { ACTION_SIZE } from "../../lib/env/action.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { ppoConfigSchema } from "../../lib/ppo/config.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../../lib/ppo/market_environment.ts";
import { createTrainer } from "../../lib/ppo/ppo.ts";
import { makeWorkFolder } from "../../lib/disk/work_folder.ts";

/** How large it gets. */
export interface SizeOptions {
  /** Prosumers of the largest community. */
  readonly prosumers: number;
  /** Homes of the data set on disk. */
  readonly homes: number;
  /** Told what is measured next. */
  readonly say?: (what: string) => void;
}

/** One measurement. */
export interface Measured {
  readonly what: string;
  readonly size: string;
  readonly seconds: number;
  /** What processors spent on it, all together; on a busy machine the better figure. [s] */
  readonly cpuSeconds: number;
  /** Resident memory of the process afterwards. [MB] */
  readonly residentMb: number;
  /** What the audit found; `null` where nothing is played. */
  readonly violations: number | null;
}

/** Does something of one size and says how many violations there were, if it can tell. */
type Measure = <T>(
  what: string,
  size: string,
  work: () => T | Promise<T>,
  violationsOf?: (result: T) => number,
) => Promise<T>;

/** Measures every size, the small ones first. */
export async function measureSizes({ prosumers, homes, say }: SizeOptions): Promise<Measured[]> {
  const measured: Measured[] = [];
  const measure: Measure = async (what, size, work, violationsOf) => {
    say?.(`${what}, ${size}…`);
    const began = performance.now();
    const cpuBefore = cpuSeconds();
    const result = await work();
    measured.push({
      what,
      size,
      seconds: (performance.now() - began) / 1000,
      cpuSeconds: cpuSeconds() - cpuBefore,
      residentMb: Deno.memoryUsage().rss / 1e6,
      violations: violationsOf?.(result) ?? null,
    });
    return result;
  };
  for (const count of [1, 2, prosumers]) await measureCommunity(measure, count);
  await measureYear(measure);
  for (const format of ["csv", "parquet"] as const) await measureFolder(measure, homes, format);
  return measured;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The rows of the table. */
export function sizeRows(measured: readonly Measured[]): (string | number)[][] {
  return measured.map(({ what, size, seconds, cpuSeconds, residentMb, violations }) => [
    what,
    size,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    residentMb.toFixed(0),
    violations ?? "-",
  ]);
}

/** One community on one day: made, stepped, judged under every rule, and as a city. */
async function measureCommunity(measure: Measure, prosumers: number): Promise<void> {
  const size = `${prosumers.toLocaleString("en")} prosumer${prosumers === 1 ? "" : "s"}`;
  const dataset = await measure(
    "synthesize a day",
    size,
    () => synthesize({ seed: 1, prosumers, days: 1, dtHours: 1 }),
  );
  await measure("environment: a day of 24 slots", size, () => playIdle(dataset));
  await measure(
    "evaluate: a day under four rules",
    size,
    () => evaluateRules(dataset, [0]),
    countViolations,
  );
  const archetypes = synthesize({ seed: 1, prosumers: 100, days: 7, dtHours: 1 });
  const composition = compose(archetypes, { seed: 42, prosumers });
  await measure(
    "city: a week under one rule",
    size,
    () => simulateCity({ composition, config, policy: "self-consumption", workers: 1 }),
    ({ violations }) => violations,
  );
}

/** A year in quarter hours: made, learned on for a moment, judged on all its test days. */
async function measureYear(measure: Measure): Promise<void> {
  const size = "10 prosumers, 35,040 slots";
  const dataset = await measure(
    "synthesize a year in quarter hours",
    size,
    () => synthesize({ seed: 1, prosumers: 10, days: 365, dtHours: 0.25 }),
  );
  const days = splitDays(dataset, config);
  await measure("train for 5,000 steps on it", size, () => trainBriefly(dataset, days.train));
  await measure(
    `evaluate: ${days.test.length} test days under four rules`,
    size,
    () => evaluateRules(dataset, days.test),
    countViolations,
  );
}

/** A folder of many homes: written, read back, judged on a day. */
async function measureFolder(measure: Measure, homes: number, format: DatasetFormat) {
  const size = `${homes.toLocaleString("en")} homes, 8,760 slots`;
  const folder = await makeWorkFolder("sizes-");
  try {
    const made = synthesize({ seed: 1, prosumers: homes, days: 365, dtHours: 1 });
    const place = `${folder}/homes`;
    await measure(
      `write a data set as ${format}`,
      size,
      () => writeDataset(made, place, { format }),
    );
    const dataset = await measure(`read it back from ${format}`, size, () => readDataset(place));
    const days = splitDays(dataset, config).test.slice(0, 1);
    await measure(
      "evaluate: a day of it under four rules",
      size,
      () => evaluateRules(dataset, days),
      countViolations,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function playIdle(dataset: Dataset): void {
  const env = new EnergyMarketEnv(dataset, config);
  env.reset({ seed: 1, firstSlots: [0] });
  const actions = new Float64Array(env.rows * ACTION_SIZE);
  while (env.state.step < env.slotsPerEpisode) env.step(actions);
}

async function evaluateRules(dataset: Dataset, firstSlots: readonly number[]) {
  const policies = rulePolicyNames.map((name) => rulePolicy(name));
  return await evaluate({ dataset, config, firstSlots, seed: 1 }, policies);
}

function countViolations({ summary }: Awaited<ReturnType<typeof evaluate>>): number {
  return summary.reduce((sum, { residualViolations }) => sum + residualViolations, 0);
}

async function trainBriefly(dataset: Dataset, firstSlots: readonly number[]): Promise<void> {
  const { training } = parseExperiment({}, "defaults");
  const market = new MarketTrainingEnvironment(dataset, config, { ...training, firstSlots });
  const trainer = await createTrainer(market, ppoConfigSchema.parse({ totalTimesteps: 5_000 }), 1);
  while (!trainer.done) trainer.iterate();
}
