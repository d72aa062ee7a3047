/**
 * The same jobs done by what a user would otherwise pick, in Python, on this machine: PPO of
 * Stable-Baselines3 on CityLearn's environment, and clearing in NumPy. `deno run -A bench/peers.ts` makes the
 * environment of the other side, `bench/peers/.venv`, on Debian's PyTorch for processors
 * (`apt-get install python3-torch libopenblas0-pthread python3-venv`, Python 3.11); for Stable-Baselines3 on both
 * environments, `deno task --cwd python build` and `deno task --cwd python environments` come first.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { table } from "../lib/cli/table.ts";
import { main } from "../lib/cli/task.ts";
import { importCityLearn } from "../lib/data/citylearn.ts";
import { SCHEMA_FILE } from "../lib/data/citylearn_schema.ts";
import { folderFiles } from "../lib/data/dataset.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import { loadDataset } from "../lib/experiments/dataset_source.ts";
import { isReady, makeEnvironment, pythonOf } from "../lib/programs/python_environment.ts";
import { oneOf } from "../lib/text/nearest.ts";
import { sb3Environment } from "../python/environments.ts";
import { machine, machineLine } from "./machine.ts";
import { medianAndEnds, rounded } from "./measure.ts";
import { citylearnFiles } from "./peers/citylearn_files.ts";
import { compareClearing } from "./peers/clearing.ts";
import type { Comparison } from "./peers/comparison.ts";
import { peersEnvironment } from "./peers/python.ts";
import { compareSb3, compareTraining, type TrainingComparison } from "./peers/training.ts";

const JOBS = ["training", "sb3", "clearing"] as const;
const ORDERS = [1_000, 10_000, 100_000, 1_000_000];

/** What a reader has to know to judge the ratios. */
const DIFFERENCES = [
  "CityLearn steps one community in Python; here 32 communities step side by side in typed arrays.",
  "Here every slot has a filter, a market of value curves and a settlement; CityLearn, as set up here, has " +
  "neither market nor trade: its agents move batteries, one number each instead of three.",
  "CityLearn also keeps what buildings with heating and cooling need, and its indicators.",
  "Homes without a battery have one of 1 Wh in CityLearn, so that all have the same action.",
  "A central agent decides once per slot for all homes, which counts as a step of each.",
  "Both sides take as many agent-steps between updates, in 8 minibatches, 4 epochs, 2 × 64 tanh; " +
  "here networks are float32 SIMD kernels with float64 sums, there PyTorch.",
  "NumPy sorts and adds up whole columns and allocates them anew; here a book is cleared in place.",
];

await main({
  name: "peers",
  summary: "Does the same jobs with Stable-Baselines3 on CityLearn and with NumPy, and compares.",
  options: {
    only: { type: "string", placeholder: "JOB", help: `${JOBS.join(" or ")} alone` },
    data: { type: "string", placeholder: "DIR", help: "a CityLearn folder, not 10 made-up homes" },
    runs: { type: "integer", min: 3, default: 7, help: "runs of each measurement" },
    "torch-threads": { type: "integer", min: 1, default: 1, help: "threads of PyTorch" },
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run({ only, data, runs, "torch-threads": torchThreads, json }) {
    const job = only === undefined ? null : oneOf("--only", only, JOBS);
    if (!await isReady(peersEnvironment)) await makeEnvironment(peersEnvironment);
    const python = pythonOf(peersEnvironment);
    const comparisons: Comparison[] = [];
    let training: TrainingComparison | undefined;
    let versions = {};
    await withHomes(data, async (dataset, schemaFile) => {
      const match = { dataset, schemaFile, runs, torchThreads };
      if (job === null || job === "training") {
        training = await compareTraining(python, match);
        comparisons.push(...training.comparisons);
        versions = training.versions;
      }
      if (job === null || job === "sb3") {
        const sb3 = await compareSb3(python, pythonOf(sb3Environment), match);
        comparisons.push(sb3.comparison);
        versions = sb3.versions;
      }
    });
    for (const orders of job === null || job === "clearing" ? ORDERS : []) {
      const clearing = await compareClearing(python, orders, runs);
      comparisons.push(clearing.comparison);
      versions = { ...clearing.versions, ...versions };
    }
    const result = { machine: machine(), versions, torchThreads, runs, comparisons };
    const all = { ...result, agents: training?.agents, differences: DIFFERENCES };
    console.log(json ? JSON.stringify(all, null, 2) : report(result, training?.agents));
  },
});

/** Has the homes ready for both sides: from a CityLearn folder, or made up and written as one. */
async function withHomes<T>(
  data: string | undefined,
  use: (dataset: Dataset, schemaFile: string) => Promise<T>,
): Promise<T> {
  if (data !== undefined) {
    // CityLearn's reward pays nothing for exports.
    const options = { feedInTariffPerKwh: 0, name: data };
    return await use(
      await importCityLearn(folderFiles(data), options),
      resolve(data, SCHEMA_FILE),
    );
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

function report(
  { machine, versions, torchThreads, runs, comparisons }: {
    readonly machine: Parameters<typeof machineLine>[0];
    readonly versions: Readonly<Record<string, string>>;
    readonly torchThreads: number;
    readonly runs: number;
    readonly comparisons: readonly Comparison[];
  },
  agents: TrainingComparison["agents"] | undefined,
): string {
  const cells = comparisons.map((
    { what, ours, theirs, ratio },
  ) => [what, medianAndEnds(ours), medianAndEnds(theirs), ours.unit, rounded(ratio)]);
  const kinds = Object.entries(agents ?? {}).map(([kind, { rolloutShare, observed }]) =>
    `a ${kind} agent there sees ${observed} numbers, and its rollout takes ` +
    `${(100 * rolloutShare).toFixed(0)} % of the time`
  );
  return [
    `${machineLine(machine)}, ${runs} runs`,
    Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ") +
    `, PyTorch on ${torchThreads} of the cores`,
    "",
    table(["what", "here: median (worst to best)", "there", "unit", "times as fast"], cells),
    "",
    ...kinds,
    "What differs:",
    ...DIFFERENCES.map((difference) => `- ${difference}`),
  ].join("\n");
}
