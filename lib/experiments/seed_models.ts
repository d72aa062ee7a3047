/**
 * Models of several seeds: loaded where they are, trained where they are not.
 *
 * @module
 */

import { datasetHash } from "../data/hash.ts";
import { seedName } from "../evaluation/ladder.ts";
import { LOCK_FILE } from "../disk/whole_files.ts";
import type { Policy } from "../policies/policy.ts";
import { CHECKPOINT_FILE } from "../ppo/checkpoint.ts";
import { type ExperimentConfig, parseExperiment } from "../ppo/experiment.ts";
import type { Algorithm } from "../ppo/algorithm.ts";
import { CURVE_FILE, LearningCurve } from "./curve_file.ts";
import { type DatasetSource, loadDataset } from "./dataset_source.ts";
import { readJson } from "../data/bounded_file.ts";
import { isFree, lockFolder } from "../disk/folder_lock.ts";
import { type Model, policyOf, readModel } from "./trained_model.ts";
import { writeProvenance } from "./provenance.ts";
import { exists } from "../disk/exists.ts";
import { Stopped } from "../cli/stop.ts";
import { trainCommand } from "./training_history.ts";
import { beginRun, resumeRun, trainingLine, type TrainingRun, trainRun } from "./training_run.ts";

/** Which models. */
export interface SeedsOptions {
  /** Training seeds. */
  readonly seeds: readonly number[];
  /** Where the model of a seed is, or will be. */
  readonly folderOf: (seed: number) => string;
  /** How they are trained; `null` for how the first one that is there was, else the reference. */
  readonly config: ExperimentConfig | null;
  /** What they are trained on. */
  readonly source: DatasetSource;
  /** Who learns; PPO if left out. */
  readonly algorithm?: Algorithm | null;
  /** Threads that share the work, with the same result; one per core if left out. */
  readonly workers?: number | undefined;
  /** Says what is going on. */
  readonly say: (line: string) => void;
}

/** A model, and how it came about. */
export interface SeedModel {
  /** Training seed. */
  readonly seed: number;
  /** Where it is. */
  readonly folder: string;
  /** The model. */
  readonly model: Model;
}

/** The experiment in a file, or the reference experiment. */
export async function readExperiment(file: string | undefined): Promise<ExperimentConfig> {
  return file === undefined
    ? parseExperiment({}, "defaults")
    : parseExperiment(await readJson(file), file);
}

/** The same experiment with another length of training, if one is given. */
export function withTimesteps(
  config: ExperimentConfig,
  totalTimesteps: number = config.ppo.totalTimesteps,
): ExperimentConfig {
  return { ...config, ppo: { ...config.ppo, totalTimesteps } };
}

/** The models as policies, each named by its seed. */
export function seedPolicies(models: readonly SeedModel[], name: string = "learned"): Policy[] {
  return models.map(({ seed, model }) => ({
    ...policyOf(model, model.actor),
    name: seedName(name, seed),
  }));
}

/**
 * Loads the models that are there, finishes those that were stopped, and trains the others. Nothing
 * is trained before all that are there have proved to be of the same kind.
 *
 * @throws {Error} If one that is there was trained otherwise or on other data, or on Ctrl-C.
 */
export async function trainedModels(options: SeedsOptions): Promise<SeedModel[]> {
  const { seeds, folderOf, source, workers, algorithm = null, say } = options;
  const found = new Map<number, Model>();
  for (const seed of seeds) {
    const folder = folderOf(seed);
    // A lock is that of a training at work, which is refused, or of one that was killed.
    if (await exists(`${folder}/${LOCK_FILE}`)) (await lockFolder(folder))[Symbol.dispose]();
    if (await exists(`${folder}/${CHECKPOINT_FILE}`)) found.set(seed, await readModel(folder));
    else if (!await isFree(folder)) {
      throw new Error(`${folder} is there but holds no model; remove it, and it is trained`);
    }
  }
  const [first] = found.values();
  const config = options.config ?? first?.config ?? parseExperiment({}, "defaults");
  const hash = await datasetHash(await loadDataset(source));
  for (const [seed, model] of found) {
    requireSame(folderOf(seed), model, { config, hash, seed, algorithm: algorithm?.name });
  }

  const models: SeedModel[] = [];
  for (const seed of seeds) {
    const folder = folderOf(seed);
    const there = found.get(seed);
    if (there !== undefined && await isTrained(folder, there)) {
      say(`Model of seed ${seed}: ${folder}/`);
    } else {
      const command = (folder: string) => trainCommand(folder, seed, source);
      const run = there === undefined
        ? await beginRun(
          { config, source, seed },
          () => Promise.resolve(folder),
          command,
          workers,
          algorithm,
        )
        : await resumeRun(folder, undefined, command(folder), workers);
      await finish(run, say);
    }
    models.push({ seed, folder, model: await readModel(folder) });
  }
  return models;
}

/**
 * Whether a training came to its end.
 *
 * @throws {Error} If it was stopped, and cannot go on.
 */
async function isTrained(folder: string, { state, algorithm, config }: Model): Promise<boolean> {
  const { totalTimesteps } = config.ppo;
  if (state !== null) return state.timesteps >= totalTimesteps;
  if (algorithm === undefined) return true;
  const { timesteps } = await LearningCurve.resume(`${folder}/${CURVE_FILE}`, Infinity);
  if (timesteps >= totalTimesteps) return true;
  throw new Error(
    `${folder} was stopped at ${timesteps} timesteps, and ${algorithm} cannot go on; remove that ` +
      "folder, and it is trained anew",
  );
}

async function finish(run: TrainingRun, say: (line: string) => void): Promise<void> {
  using _own = run;
  const { folder, description: { seed }, origin } = run;
  say(`Seed ${seed}: ${trainingLine(run)}`);
  if (await trainRun(run)) {
    throw new Stopped(
      run.trainer.state() === null
        ? `Stopped; ${folder} cannot go on, remove it before the same command`
        : `Stopped and saved ${folder}; the same command goes on from there`,
    );
  }
  await writeProvenance(folder, origin);
}

function requireSame(
  folder: string,
  model: Model,
  wanted: {
    readonly config: ExperimentConfig;
    readonly hash: string;
    readonly seed: number;
    readonly algorithm: string | undefined;
  },
): void {
  const remedy = "remove that folder, or choose another one for this comparison";
  if (model.datasetHash !== wanted.hash) {
    throw new Error(`${folder} was trained on other data than this; ${remedy}`);
  }
  if (model.seed !== wanted.seed) {
    throw new Error(`${folder} was trained with seed ${model.seed}, not ${wanted.seed}; ${remedy}`);
  }
  if (model.algorithm !== wanted.algorithm) {
    const [was, is] = [model.algorithm, wanted.algorithm].map((name) => name ?? "ppo");
    throw new Error(`${folder} was trained by ${was}, not ${is}; ${remedy}`);
  }
  const difference = firstDifference(model.config, wanted.config);
  if (difference !== null) {
    const { field, was, is } = difference;
    throw new Error(`${folder} was trained with ${field} ${was}, not ${is}; ${remedy}`);
  }
}

/** The first leaf in which two configurations differ. */
function firstDifference(
  was: unknown,
  is: unknown,
  field: string = "",
): { field: string; was: string; is: string } | null {
  const isGroup = (value: unknown) => typeof value === "object" && value !== null;
  if (!isGroup(was) || !isGroup(is)) {
    const [a, b] = [JSON.stringify(was), JSON.stringify(is)];
    return a === b ? null : { field, was: a ?? "nothing", is: b ?? "nothing" };
  }
  for (const key of new Set([...Object.keys(was as object), ...Object.keys(is as object)])) {
    const [a, b] = [was, is].map((group) => (group as Record<string, unknown>)[key]);
    const difference = firstDifference(a, b, field === "" ? key : `${field}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}
