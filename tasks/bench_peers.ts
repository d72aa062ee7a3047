/**
 * `deno task bench:peers`: the same jobs done by what a user would otherwise pick, in Python, on this
 * machine: PPO of Stable-Baselines3 on CityLearn's environment, and clearing in NumPy.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rounded } from "../bench/measure.ts";
import { citylearnFiles } from "../bench/peers/citylearn_files.ts";
import { compareClearing } from "../bench/peers/clearing.ts";
import type { Comparison } from "../bench/peers/comparison.ts";
import { compareTraining, type TrainingComparison } from "../bench/peers/training.ts";
import { importCityLearn } from "../lib/data/citylearn.ts";
import { SCHEMA_FILE } from "../lib/data/citylearn_schema.ts";
import { folderFiles } from "../lib/data/dataset.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { OBSERVATION_SIZE } from "../lib/env/observation.ts";
import { main } from "../lib/cli/task.ts";
import { loadDataset } from "../lib/experiments/dataset_source.ts";
import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import { type Machine, machine, machineLine } from "./machine.ts";
import {
  isReady,
  makeEnvironment,
  type PythonEnvironment,
  pythonOf,
} from "./python_environment.ts";
import { table } from "../lib/cli/table.ts";

const FOLDER = fileURLToPath(new URL("../bench/peers", import.meta.url));
const ORDERS = [1_000, 100_000, 1_000_000];

/** What a reader has to know to judge the ratios. */
const DIFFERENCES = [
  "CityLearn steps one community in Python; here 32 communities step side by side in typed arrays.",
  "Here every slot has a filter, a double auction and a settlement; CityLearn, as set up here, has " +
  "neither market nor trade: its agents move batteries, one number each instead of three.",
  "CityLearn also keeps what buildings with heating and cooling need, and its indicators.",
  "Homes without a battery have one of 1 Wh in CityLearn, so that all have the same action.",
  "A central agent decides once per slot for all homes, which counts as a step of each.",
  "Both sides take as many agent-steps between updates, in 8 minibatches, 4 epochs, 2 × 64 tanh; " +
  "here networks are float32 SIMD kernels with float64 sums, there PyTorch.",
  "NumPy sorts and adds up whole columns and allocates them anew; here a book is cleared in place.",
];

await main({
  name: "bench:peers",
  summary: "Does the same jobs with Stable-Baselines3 on CityLearn and with NumPy, and compares.",
  options: {
    prepare: {
      type: "boolean",
      help: "install the Python packages and stop",
    },
    only: { type: "string", placeholder: "JOB", help: "training or clearing alone" },
    data: {
      type: "string",
      placeholder: "DIR",
      help: "a CityLearn folder instead of 10 made-up homes",
    },
    runs: { type: "integer", min: 3, default: 7, help: "runs of each measurement" },
    "torch-threads": { type: "integer", min: 1, default: 1, help: "threads of PyTorch" },
    venv: {
      type: "string",
      placeholder: "DIR",
      help: "where the Python packages are (default bench/peers/.venv)",
    },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run({ prepare, only, data, runs, "torch-threads": torchThreads, venv, json }) {
    if (only !== undefined && only !== "training" && only !== "clearing") {
      throw new Error(`--only must be training or clearing, got "${only}"`);
    }
    const environment: PythonEnvironment = {
      folder: venv ?? join(FOLDER, ".venv"),
      requirements: join(FOLDER, "requirements.lock.txt"),
      version: "3.11",
      installWith: ["--no-deps"],
    };
    if (prepare) {
      console.log("Installing Python packages (once, about two minutes) …");
      await makeEnvironment(environment);
      console.log("The other side is ready; next: deno task bench:peers");
      return;
    }
    if (!await isReady(environment)) {
      throw new Error(
        "this comparison is optional and its Python packages are missing; install them with: " +
          "deno task bench:peers --prepare (Python 3.11, 3 GB to load and 6 GB of disk on Linux)",
      );
    }
    const say = (text: string) => {
      if (!json) console.error(`measuring ${text}…`);
    };
    const here = machine();
    const python = pythonOf(environment);
    const comparisons: Comparison[] = [];
    let training: TrainingComparison | undefined;
    let versions = {};
    if (only !== "clearing") {
      say("training");
      training = await withHomes(
        data,
        (dataset, schemaFile) =>
          compareTraining(python, { dataset, schemaFile, runs, torchThreads }),
      );
      comparisons.push(...training.comparisons);
      versions = training.versions;
    }
    if (only !== "training") {
      say("clearing");
      for (const orders of ORDERS) {
        const clearing = await compareClearing(python, orders, runs);
        comparisons.push(clearing.comparison);
        versions = { ...clearing.versions, ...versions };
      }
    }
    const result = {
      machine: here,
      versions,
      torchThreads,
      runs,
      comparisons,
      ...(training && { agents: training.agents }),
      differences: DIFFERENCES,
    };
    console.log(json ? JSON.stringify(result, null, 2) : report(result));
  },
});

interface Result {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly torchThreads: number;
  readonly runs: number;
  readonly comparisons: readonly Comparison[];
  readonly agents?: TrainingComparison["agents"];
  readonly differences: readonly string[];
}

/** Has the homes ready for both sides: from a CityLearn folder, or made up and written as one. */
async function withHomes<T>(
  data: string | undefined,
  use: (dataset: Dataset, schemaFile: string) => Promise<T>,
): Promise<T> {
  if (data !== undefined) {
    // CityLearn's reward pays nothing for exports.
    const options = { feedInTariffPerKwh: 0, name: data };
    const dataset = await importCityLearn(folderFiles(data), options);
    return await use(dataset, resolve(data, SCHEMA_FILE));
  }
  const dataset = await loadDataset({ data: "synthetic" });
  const folder = await makeWorkFolder("peers-");
  try {
    for (const [name, text] of citylearnFiles(dataset)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    return await use(dataset, join(folder, SCHEMA_FILE));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function report(result: Result): string {
  const { versions, torchThreads, runs, comparisons, agents, differences } = result;
  const spread = ({ median, worst, best }: Comparison["ours"]) =>
    `${rounded(median)} (${rounded(worst)} to ${rounded(best)})`;
  const cells = comparisons.map(({ what, ours, theirs, ratio }) => [
    what,
    spread(ours),
    spread(theirs),
    ours.unit,
    rounded(ratio),
  ]);
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const facts = agents === undefined ? [] : [
    `there the rollout takes ${percent(agents.shared.rolloutShare)} of the time with a shared ` +
    `policy, ${percent(agents.central.rolloutShare)} with a central agent, which see ` +
    `${agents.shared.observed} and ${agents.central.observed} numbers; here an agent sees ` +
    `${OBSERVATION_SIZE}`,
  ];
  return [
    `${machineLine(result.machine)}, ${runs} runs`,
    Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ") +
    (agents === undefined ? "" : `, PyTorch on ${torchThreads} of the cores`),
    "",
    table(["what", "here: median (worst to best)", "there", "unit", "times as fast"], cells),
    "",
    ...facts,
    "What differs:",
    ...differences.map((difference) => `- ${difference}`),
  ].join("\n");
}
