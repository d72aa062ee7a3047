/**
 * Very small and very large communities, a very long year, a data set of very many homes: what each
 * takes in time and memory, and what the audit finds:
 * `deno run -A bench/sizes.ts [--prosumers N] [--homes N]`.
 *
 * @module
 */

import process from "node:process";
import { table } from "../lib/cli/table.ts";
import { main } from "../lib/cli/task.ts";
import { readDataset, writeDataset } from "../lib/data/dataset.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { splitDays } from "../lib/data/split.ts";
import { synthesize } from "../lib/data/synthetic.ts";
import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import { environmentConfigSchema } from "../lib/env/config.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import { simulateCity } from "../lib/experiments/city.ts";
import { rulePolicy, rulePolicyNames } from "../lib/policies/rule_based.ts";

/** The reference set-up, in episodes of a day. */
const config = environmentConfigSchema.parse({ episodeDays: 1 });

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

/**
 * Measures every size, the small ones first.
 *
 * @param prosumers Of the largest community.
 * @param homes Of the data set on disk.
 */
export async function measureSizes(prosumers: number, homes: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  const cpuSeconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
  const measure = async <T>(
    what: string,
    size: string,
    work: () => T | Promise<T>,
    violationsOf: (result: T) => number | null = () => null,
  ): Promise<T> => {
    const [began, cpuBefore] = [performance.now(), cpuSeconds()];
    const result = await work();
    measured.push({
      what,
      size,
      seconds: (performance.now() - began) / 1000,
      cpuSeconds: cpuSeconds() - cpuBefore,
      residentMb: Deno.memoryUsage().rss / 1e6,
      violations: violationsOf(result),
    });
    return result;
  };
  const judge = (size: string, dataset: Dataset, days: readonly number[]) =>
    measure(
      `${days.length} days under four rules`,
      size,
      () => evaluateRules(dataset, days),
      ({ summary }) => summary.reduce((sum, { residualViolations }) => sum + residualViolations, 0),
    );
  const make = (size: string, prosumers: number, days: number, dtHours: number) =>
    measure("synthesize", size, () => synthesize({ seed: 1, prosumers, days, dtHours }));

  for (const count of [1, 2, prosumers]) {
    const size = `${count.toLocaleString("en")} prosumers`;
    await judge(size, await make(size, count, 1, 1), [0]);
    const archetypes = synthesize({ seed: 1, prosumers: 100, days: 7, dtHours: 1 });
    const city = { archetypes, prosumers: count, prosumersEach: 100, config, seed: 42, workers: 1 };
    await measure(
      "a city's week",
      size,
      () => simulateCity({ ...city, policy: "self-consumption" }),
      ({ violations }) => violations,
    );
  }
  const year = "10 prosumers, 35,040 slots";
  const dataset = await make(year, 10, 365, 0.25);
  await judge(year, dataset, splitDays(dataset, config).test);
  const many = `${homes.toLocaleString("en")} homes, 8,760 slots`;
  const made = await make(many, homes, 365, 1);
  const folder = await makeWorkFolder("sizes-");
  try {
    for (const format of ["csv", "parquet"] as const) {
      const place = `${folder}/${format}`;
      await measure(`write as ${format}`, many, () => writeDataset(made, place, { format }));
      const read = await measure(`read from ${format}`, many, () => readDataset(place));
      await judge(many, read, splitDays(read, config).test.slice(0, 1));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return measured;
}

async function evaluateRules(dataset: Dataset, firstSlots: readonly number[]) {
  const policies = rulePolicyNames.map(rulePolicy);
  return await evaluate({ dataset, config, firstSlots, seed: 1 }, policies);
}

if (import.meta.main) {
  await main({
    name: "sizes",
    summary: "Tries very small, very large and very long data.",
    options: {
      prosumers: { type: "integer", min: 1, default: 100_000, help: "the largest community" },
      homes: { type: "integer", min: 1, default: 1_000, help: "homes of the data set on disk" },
    },
    async run({ prosumers, homes }) {
      const measured = await measureSizes(prosumers, homes);
      console.log(table(
        ["what", "size", "seconds", "CPU s", "MB", "violations"],
        measured.map(({ what, size, seconds, cpuSeconds, residentMb, violations }) => [
          what,
          size,
          seconds.toFixed(2),
          cpuSeconds.toFixed(2),
          residentMb.toFixed(0),
          violations ?? "–",
        ]),
      ));
      const found = measured.reduce((sum, { violations }) => sum + (violations ?? 0), 0);
      if (found > 0) throw new Error(`the audit found ${found} violations`);
    },
  });
}
