/**
 * `deno task train`: trains agents, then judges them on days that training never saw.
 *
 * @module
 */

import { ending } from "../lib/cli/ending.ts";
import { say } from "../lib/cli/terminal.ts";
import { summaryTable } from "../lib/experiments/result_tables.ts";
import { shellPath } from "../lib/text/shell.ts";
import { fetchSolver } from "../lib/policies/solver.ts";
import { type BackendName, backendNames } from "../lib/ppo/ppo_config.ts";
import { main } from "../lib/cli/task.ts";
import {
  type DatasetFlags,
  datasetOptions,
  datasetSource,
} from "../lib/experiments/dataset_source.ts";
import { algorithmNames, readAlgorithm } from "../lib/experiments/algorithm_file.ts";
import type { Algorithm } from "../lib/ppo/algorithm.ts";
import { isFree } from "../lib/disk/folder_lock.ts";
import { judgeTraining } from "../lib/experiments/judge_training.ts";
import { thisCommand, writeProvenance } from "../lib/experiments/provenance.ts";
import { EVALUATION_FILES, freeFolder, runStem } from "../lib/experiments/run_folder.ts";
import { TrackedTraining } from "../lib/experiments/tracked_training.ts";
import { FIRST_SEED, seedFolder } from "../lib/experiments/seeds.ts";
import { catchStop, endIfAsked, Stopped } from "../lib/cli/stop.ts";
import { readExperiment, withTimesteps } from "../lib/experiments/seed_models.ts";
import {
  beginRun,
  resumeRun,
  trainingLine,
  type TrainingRun,
  trainRun,
} from "../lib/experiments/training_run.ts";

import {
  MLFLOW_ADDRESS,
  parseMlflowAddress,
  parseTrackers,
  trackerNames,
} from "../lib/trackers/trackers.ts";

await main({
  name: "train",
  summary: "Trains agents by PPO and judges them on days that training never saw.",
  options: {
    timesteps: {
      type: "integer",
      min: 1,
      help: "slots of one community, rounded up to whole rollouts (default 100000)",
    },
    seed: { type: "integer", help: "seed of everything random (default 42)" },
    ...datasetOptions,
    config: { type: "string", placeholder: "FILE", help: "JSON with parts of the configuration" },
    algorithm: {
      type: "string",
      default: "ppo",
      placeholder: "NAME|FILE",
      help: `${algorithmNames.join(", ")}, or a file such as ./mine.ts whose default export is one`,
    },
    backend: {
      type: "string",
      placeholder: "NAME",
      help: `where networks are computed, ${backendNames.join(" or ")} (default ${
        backendNames[0]
      })`,
    },
    workers: {
      type: "integer",
      min: 1,
      help: "threads that share the work; the result is the same (default: a thread per core)",
    },
    out: { type: "string", placeholder: "DIR", help: "results (default runs/<data>-seed<seed>)" },
    resume: {
      type: "string",
      placeholder: "DIR",
      help: "go on where training stopped, with --timesteps to another end",
    },
    log: {
      type: "string",
      placeholder: "a,b",
      help: `also log to ${trackerNames.join(", ")}; one that is away costs a line`,
    },
    mlflow: {
      type: "string",
      default: MLFLOW_ADDRESS,
      placeholder: "URL",
      help: "where the server of --log mlflow is, on this machine or its local network",
    },
    wide: { type: "boolean", help: "show every indicator; summary.csv has them in any case" },
  },
  async run({ log, mlflow, algorithm: word, ...values }) {
    const names = log === undefined ? [] : parseTrackers(log);
    const address = parseMlflowAddress(mlflow);
    const algorithm = await readAlgorithm(word);
    if (algorithm !== null && values.resume !== undefined) {
      throw new Error("--resume goes on with PPO; leave out --algorithm");
    }
    catchStop("the iteration in work");
    await fetchSolver();
    using run = values.resume === undefined
      ? await startRun(values, algorithm)
      : await goOn(values);
    say(trainingLine(run));
    const { origin } = run;
    await using tracked = await TrackedTraining.begin(run, names, address);
    if (await trainRun(run, tracked.log)) {
      tracked.outcome = "stopped";
      throw new Stopped(
        run.trainer.state() === null
          ? `Stopped; the best policy so far is in ${run.folder}/, and ${algorithm?.name} cannot go on`
          : `Stopped and saved; go on with: deno task train --resume ${shellPath(run.folder)}`,
      );
    }
    const { summary } = await judgeTraining(run, () =>
      endIfAsked(
        `the model is saved; judge it with: deno task train --resume ${shellPath(run.folder)}`,
      ));
    await tracked.judge(summary);
    say(`\nOn ${run.split.test.length} test episodes that training never saw:\n`);
    console.log(summaryTable(summary, { ...run.dataset.community, wide: values.wide }));
    await writeProvenance(run.folder, { ...origin, files: [...origin.files, ...EVALUATION_FILES] });
    console.log(nextSteps(run));
  },
});

interface Flags extends DatasetFlags {
  readonly timesteps: number | undefined;
  readonly seed: number | undefined;
  readonly config: string | undefined;
  readonly backend: string | undefined;
  readonly workers: number | undefined;
  readonly out: string | undefined;
  readonly resume: string | undefined;
}

async function startRun(flags: Flags, algorithm: Algorithm | null): Promise<TrainingRun> {
  const experiment = withTimesteps(await readExperiment(flags.config), flags.timesteps);
  const backend = backendOf(flags.backend) ?? experiment.ppo.backend;
  const config = { ...experiment, ppo: { ...experiment.ppo, backend } };
  const seed = flags.seed ?? FIRST_SEED;
  const source = datasetSource(flags);
  return await beginRun(
    { config, source, seed },
    async () => {
      if (flags.out === undefined) return await freeFolder(seedFolder(runStem(source), seed));
      if (await isFree(flags.out)) return flags.out;
      throw new Error(`${flags.out} exists already; choose another --out, or go on with --resume`);
    },
    () => thisCommand("train"),
    flags.workers,
    algorithm,
  );
}

function backendOf(flag: string | undefined): BackendName | undefined {
  const name = backendNames.find((name) => name === flag);
  if (flag !== undefined && name === undefined) {
    throw new Error(`--backend must be ${backendNames.join(" or ")}, got ${flag}`);
  }
  return name;
}

async function goOn({ resume, timesteps, workers, ...others }: Flags): Promise<TrainingRun> {
  const extra = Object.entries(others)
    .find(([name, value]) => value !== undefined && name !== "wide");
  if (extra !== undefined) {
    throw new Error(`--resume goes on with what the run began with; leave out --${extra[0]}`);
  }
  return await resumeRun(resume!.replace(/\/+$/, ""), timesteps, thisCommand("train"), workers);
}

function nextSteps({ folder }: TrainingRun): string {
  const path = shellPath(folder);
  return ending("Model, learning curve and results", folder, {
    "Draw them": `deno task plot ${path}`,
    "Judge again": `deno task evaluate --model ${path} --scenario outage`,
    "Make it again": `deno task reproduce ${path}`,
  });
}
