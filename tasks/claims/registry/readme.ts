/**
 * What `README.md` states.
 *
 * @module
 */

import denoJson from "../../../deno.json" with { type: "json" };
import { defaultEnvironmentConfig } from "../../../lib/env/config.ts";
import { R2_FEED_IN_TARIFF_PER_KWH, R2_HOMES, setups } from "../../../lib/experiments/setups.ts";
import { parseExperiment } from "../../../lib/ppo/experiment.ts";
import { SYNTHETIC_PROSUMERS } from "../../../lib/experiments/dataset_source.ts";
import { ladderText } from "../../../lib/experiments/ladder_files.ts";
import { TRANSFER_SIZES } from "../../../lib/experiments/transfer.ts";
import { FIRST_SEED } from "../../../lib/experiments/seeds.ts";
import type { Claim } from "../claim.ts";
import { medianOf, summaryOf } from "../runs.ts";
import { inCode, ladderR1, RESULTS, textOf, unwrapped } from "../sources.ts";

const file = "README.md";
const defaults = parseExperiment({}, "defaults");
const { cost } = defaultEnvironmentConfig;
/** Kinds of training that `bench` measures. */
const trainings = ["wasm, 1 thread", "wasm, 2 threads", "tfjs, 1 thread"];

/** Claims about the first training. */
const start: readonly Claim[] = [
  {
    kind: "figures",
    file,
    pattern: /\[Deno\]\(https:\/\/deno\.com\) (\d[\d.]+\d) or newer/,
    by: ".ci/run",
    effort: "read",
    measure: async () => (await inCode(".ci/run", /deno@([\d.]+) check/)).map(String),
  },
  {
    kind: "figures",
    file,
    pattern: /The first command trains (\w+) households for (100,000) hours/,
    by: "defaults of train",
    effort: "read",
    measure: () => [SYNTHETIC_PROSUMERS, defaults.ppo.totalTimesteps],
  },
  {
    kind: "block",
    file,
    pattern: /^```text\n(Training 10 agents[\s\S]*?)```/,
    by: "deno task train",
    effort: "long",
    measure: async () => (await summaryOf("train", [])).printed,
    timed: true,
  },
  {
    kind: "figures",
    file,
    pattern: /Costs include CO2 at ([\d.]+) EUR\/kg/,
    by: "lib/env/config.ts",
    effort: "read",
    measure: () => [cost.carbonPricePerKg],
  },
  ...[42, 43, 44].map((seed): Claim => ({
    kind: "figures",
    file,
    pattern: new RegExp(
      `^\\| (${seed}) \\| ([\\d.]+) \\| ([\\d.]+) \\| ([\\d.]+) % \\| (\\d+) \\| (\\d+) \\|`,
    ),
    by: `deno task train --seed ${seed}`,
    effort: "long",
    measure: async () => {
      const args = seed === FIRST_SEED ? [] : ["--seed", String(seed)];
      const [learned, ...rules] = (await summaryOf("train", args)).policies;
      const cheapest = Math.min(...rules.map(({ costPerDay }) => costPerDay));
      return [
        seed,
        learned.costPerDay,
        cheapest,
        100 * (1 - learned.costPerDay / cheapest),
        learned.prosumersWorseOff,
        learned.residualViolations,
      ];
    },
  })),
];

/** Claims about the reference set-ups. */
const ladders: readonly Claim[] = [
  {
    kind: "block",
    file,
    pattern: /^```text\n(R1: [\s\S]*?)```/,
    by: RESULTS.R1,
    effort: "read",
    measure: async () => ladderText(await ladderR1()),
  },
  {
    kind: "block",
    file,
    pattern: /^```text\n(R2: [\s\S]*?)```/,
    by: RESULTS.R2,
    effort: "read",
    measure: async () => unwrapped(await textOf(RESULTS.R2)),
  },
  ...(["policy", "what"] as const).map((first): Claim => ({
    kind: "block",
    file: "docs/results/ladder_R1.md",
    pattern: new RegExp(`^(\\| ${first} [\\s\\S]*?\\n)(?:\\n|(?![\\s\\S]))`),
    by: RESULTS.R1,
    effort: "read",
    measure: async () => ladderText(await ladderR1()),
  })),
  {
    kind: "figures",
    file,
    pattern: /--setup R1 --seeds 5`, (\w+) made-up homes/,
    by: "lib/experiments/setups.ts",
    effort: "read",
    measure: () => [setups.R1.syntheticProsumers!],
  },
  {
    kind: "figures",
    file,
    pattern: /R1 about (\w+) minutes a seed on two cores, R2 (\w+)\)/,
    by: "deno task bench, by length and homes of the set-ups",
    effort: "timing",
    measure: async () => {
      const perStep = await trainingSeconds("wasm, 2 threads") / 100_000 / SYNTHETIC_PROSUMERS;
      const minutes = (setup: string, homes: number) =>
        perStep * homes * parseExperiment(setups[setup].experiment, setup).ppo.totalTimesteps / 60;
      return [minutes("R1", setups.R1.syntheticProsumers!), minutes("R2", R2_HOMES)];
    },
    tolerance: 0.5,
  },
  {
    kind: "figures",
    file,
    pattern: /the (\d+) real homes of the CityLearn challenge/,
    by: "lib/experiments/setups.ts",
    effort: "read",
    measure: () => [R2_HOMES],
  },
  {
    kind: "figures",
    file,
    pattern:
      /a feed-in tariff of ([\d.]+), CO2 at ([\d.]+) per kg, wear of ([\d.]+) per kWh discharged and forecast error ([\d.]+),/,
    by: "lib/experiments/setups.ts",
    effort: "read",
    measure: () => {
      const { environment } = parseExperiment(setups.R2.experiment, "R2");
      return [
        R2_FEED_IN_TARIFF_PER_KWH,
        environment.cost.carbonPricePerKg,
        environment.cost.wearPricePerKwh,
        environment.forecast.error,
      ];
    },
  },
  {
    kind: "figures",
    file,
    pattern: /efficiency of √([\d.]+) without/,
    by: "lib/experiments/setups.ts",
    effort: "read",
    measure: () => inCode("lib/experiments/setups.ts", /R2_ONE_WAY_EFFICIENCY.*sqrt\(([\d.]+)\)/),
  },
  {
    kind: "figures",
    file,
    pattern: /the agents into communities of (\d+), (\d+) and (\d+);/,
    by: "lib/experiments/transfer.ts",
    effort: "read",
    measure: () => TRANSFER_SIZES.filter((size) => size !== setups.R1.syntheticProsumers),
  },
];

const trainingSeconds = (how: string) =>
  medianOf(`training, 10 prosumers, 100,000 timesteps, ${how}`);

/** Claims about single tasks and about the library. */
const others: readonly Claim[] = [
  {
    kind: "figures",
    file,
    pattern: /one community of (100,000|a hundred thousand) prosumers/,
    by: "tasks/city.ts",
    effort: "read",
    measure: () => inCode("tasks/city.ts", /prosumers: \{[^}]*default: ([\d_]+)/),
  },
  {
    kind: "figures",
    file,
    pattern: /households composed from (a \w+) archetypes/,
    by: "tasks/city.ts",
    effort: "read",
    measure: () => inCode("tasks/city.ts", /ARCHETYPES = \{[^}]*prosumers: (\d+)/),
  },
  {
    kind: "figures",
    file,
    pattern: /^(\w+) notebooks walk/,
    by: "notebooks/",
    effort: "read",
    measure: () => [
      [...Deno.readDirSync(new URL("../../../notebooks", import.meta.url))]
        .filter(({ name }) => name.endsWith(".ipynb")).length,
    ],
  },
  {
    kind: "figures",
    file,
    pattern: /The bound is reached to (1e-\d+) where/,
    by: "tests/core/optimum_test.ts",
    effort: "read",
    measure: async () =>
      (await inCode("tests/core/optimum_test.ts", /reached >= cost\[0\] - (1e-\d)/)).map(() =>
        "1e-6"
      ),
  },
  {
    kind: "figures",
    file,
    pattern: /speed \((\d+) to ([\d,]+) slots a second\)/,
    by: "tasks/realtime/checks.ts",
    effort: "read",
    measure: () => inCode("tasks/realtime/checks.ts", /SPEEDS = \{ least: (\d+), most: (\d+) \}/),
  },
  {
    kind: "figures",
    file,
    pattern: /CSV and Parquet, fast; ([\d.]+) is the newest/,
    by: "deno.json",
    effort: "read",
    measure: () => [denoJson.imports["nodejs-polars"].split("@")[1]],
  },
  {
    kind: "block",
    file,
    pattern: /medians over seven runs\):\n\n```text\n([\s\S]*?)```/,
    by: RESULTS.bench,
    effort: "read",
    measure: () => textOf(RESULTS.bench),
  },
  ...trainings.map((what): Claim => ({
    kind: "figures",
    file,
    pattern: new RegExp(`training, 10 prosumers, 100,000 timesteps, ${what} ([\\d.]+) `),
    by: "deno task bench",
    effort: "timing",
    measure: async () => [await trainingSeconds(what)],
    tolerance: 0.5,
  })),
  {
    kind: "figures",
    file,
    pattern: /medians over (\w+) runs/,
    by: "tasks/bench.ts",
    effort: "read",
    measure: () => inCode("tasks/bench.ts", /runs: \{[^}]*default: (\d+)/),
  },
];

/** The claims. */
export const readmeClaims: readonly Claim[] = [...start, ...ladders, ...others];
