/**
 * A training in its folder: begun, resumed, trained to the end and saved on the way. Every task that
 * trains goes through here.
 *
 * @module
 */

import { datasetHash } from "../lib/data/hash.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { type Split, splitDays } from "../lib/data/split.ts";
import { evaluate } from "../lib/evaluation/evaluate.ts";
import type { BackendName } from "../lib/ppo/config.ts";
import { marketParts } from "../lib/ppo/market_parts.ts";
import { createTrainer, resumeTrainer, type Trainer } from "../lib/ppo/ppo.ts";
import type { EnvironmentParts } from "../lib/ppo/vector_environment.ts";
import { loadDataset } from "./dataset_options.ts";
import { makeFolder, writeWhole } from "./files.ts";
import { LearningCurve } from "./learning_curve.ts";
import {
  loadModel,
  type Model,
  type ModelDescription,
  policyOf,
  requireSameData,
  saveModel,
} from "./model.ts";
import { startProgress } from "./progress.ts";

/** A training in progress, and where it leaves its results. */
export interface TrainingRun {
  /** Where the results are. */
  readonly folder: string;
  /** What the model is made from. */
  readonly description: ModelDescription;
  /** The data set that it names. */
  readonly dataset: Dataset;
  /** Its days. */
  readonly split: Split;
  /** The learner. */
  readonly trainer: Trainer;
  /** What was measured so far. */
  readonly curve: LearningCurve;
}

/**
 * Begins a training; disposing of its trainer ends the Workers.
 *
 * @param folder Called once nothing can be wrong with the rest; answers where to leave the results.
 * @param workers Threads to train on; one per core if left out.
 */
export async function beginRun(
  given: Omit<ModelDescription, "datasetHash">,
  folder: () => Promise<string>,
  workers: number | undefined = defaultWorkers(given.config.ppo.backend),
): Promise<TrainingRun> {
  const dataset = await loadDataset(given.source);
  const description = { ...given, datasetHash: await datasetHash(dataset) };
  const split = splitDays(dataset, given.config.environment);
  const environment = marketOf(dataset, split, description);
  const trainer = await createTrainer(environment, given.config.ppo, given.seed, { workers });
  const path = await folder();
  await makeFolder(path);
  await writeWhole(`${path}/config.json`, [JSON.stringify(given.config, null, 2), "\n"]);
  const curve = new LearningCurve(`${path}/learning_curve.csv`);
  return { folder: path, description, dataset, split, trainer, curve };
}

/**
 * Goes on where a training stopped; disposing of its trainer ends the Workers.
 *
 * @param totalTimesteps Another end, or `undefined` for the one it had.
 * @param workers Threads to train on, as many as wanted; one per core if left out.
 */
export async function resumeRun(
  folder: string,
  totalTimesteps: number | undefined,
  workers?: number,
): Promise<TrainingRun> {
  const model = extend(await loadModel(folder), totalTimesteps);
  const dataset = await loadDataset(model.source);
  await requireSameData(dataset, model, folder);
  const split = splitDays(dataset, model.config.environment);
  const environment = marketOf(dataset, split, model);
  const trainer = await resumeTrainer(environment, model.state, {
    workers: workers ?? defaultWorkers(model.config.ppo.backend),
  });
  const curve = await LearningCurve.resume(
    `${folder}/learning_curve.csv`,
    model.state.timesteps,
  );
  const { config, source, seed, datasetHash } = model;
  const description = { config, source, seed, datasetHash };
  return { folder, description, dataset, split, trainer, curve };
}

/**
 * Trains to the end, or until Ctrl-C; saves now and then and at the end.
 *
 * @returns Whether it was stopped before the end.
 */
export async function trainRun(run: TrainingRun): Promise<boolean> {
  const { description: { config }, trainer, curve } = run;
  const { totalTimesteps } = config.ppo;
  let interrupted = false;
  const interrupt = () => interrupted = true;
  Deno.addSignalListener("SIGINT", interrupt);
  const perIteration = config.ppo.rolloutSteps * config.training.communities;
  const done = trainer.state().timesteps;
  const progress = startProgress(totalTimesteps, "timesteps", done);
  const began = performance.now();
  for (let iteration = done / perIteration + 1; !trainer.done && !interrupted; iteration++) {
    const metrics = trainer.iterate();
    const { meanEpisodeCost } = metrics;
    const due = iteration % config.training.validationInterval === 0 || trainer.done;
    const seconds = (performance.now() - began) / 1000;
    curve.add({
      ...metrics,
      seconds: curve.secondsBefore + seconds,
      validationCost: due ? await validationCost(run) : null,
    });
    const rate = Math.round((metrics.timesteps - done) / seconds);
    const cost = meanEpisodeCost === null
      ? ""
      : `, mean episode cost ${meanEpisodeCost.toFixed(2)}`;
    progress.update(metrics.timesteps, `${rate} steps/s${cost}`);
    if (due) await save(run);
    // Lets a signal be seen between two iterations.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  progress.stop();
  Deno.removeSignalListener("SIGINT", interrupt);
  if (interrupted) await save(run);
  return interrupted && !trainer.done;
}

/** One line that says what is about to be trained. */
export function trainingLine({ description, dataset, split, folder }: TrainingRun): string {
  const { totalTimesteps } = description.config.ppo;
  const agents = dataset.community.prosumers.length;
  return `Training ${agents} agents on ${split.train.length} days for ${totalTimesteps} ` +
    `timesteps (${totalTimesteps * agents} agent-steps) into ${folder}/`;
}

/** The same training with another end. */
function extend(model: Model, totalTimesteps: number | undefined): Model {
  if (totalTimesteps === undefined) return model;
  const ppo = { ...model.config.ppo, totalTimesteps };
  return { ...model, config: { ...model.config, ppo }, state: { ...model.state, config: ppo } };
}

function marketOf(
  dataset: Dataset,
  { train }: Split,
  { config }: ModelDescription,
): EnvironmentParts {
  const options = { ...config.training, firstSlots: train };
  return marketParts(dataset, config.environment, options);
}

/** A thread per core, but tensors work on one. */
function defaultWorkers(backend: BackendName): number {
  return backend === "wasm" ? navigator.hardwareConcurrency : 1;
}

async function save({ folder, description, trainer, curve }: TrainingRun): Promise<void> {
  await curve.write();
  await saveModel(folder, description, trainer.state());
}

async function validationCost(
  { description, dataset, split, trainer }: TrainingRun,
): Promise<number> {
  const { config: { environment: config }, seed } = description;
  const options = { dataset, config, firstSlots: split.validation, seed };
  const { summary: [learned] } = await evaluate(options, [policyOf(description, trainer.policy())]);
  return learned.costPerDay * config.episodeDays;
}
