/**
 * A training in its folder: begun, resumed, trained to the end and saved on the way. Every task that
 * trains goes through here.
 *
 * @module
 */

import { datasetHash } from "../data/hash.ts";
import { priced } from "../data/priced.ts";
import { observationNames } from "../env/agent_rows.ts";
import type { Dataset } from "../data/profiles.ts";
import { type Split, splitDays } from "../data/split.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { BackendName } from "../ppo/ppo_config.ts";
import { marketShards } from "../ppo/market_shards.ts";
import type { Algorithm } from "../ppo/algorithm.ts";
import { MarketTrainingEnvironment } from "../ppo/market_environment.ts";
import { createTrainer, resumeTrainer } from "../ppo/ppo.ts";
import type { EnvironmentShards } from "../ppo/vector_environment.ts";
import { DISTRIBUTION, PARTS } from "./distribution.ts";
import { costPerHome } from "./distribution_costs.ts";
import { mixedShards } from "./mixed_shards.ts";
import { loadDataset } from "./dataset_source.ts";
import { writeTogether } from "../disk/whole_files.ts";
import { lockFolder } from "../disk/folder_lock.ts";
import { CURVE_FILE, LearningCurve, type LearningCurveRow } from "./curve_file.ts";
import {
  type Model,
  type ModelDescription,
  modelFiles,
  policyOf,
  readModel,
  requireSameData,
} from "./trained_model.ts";
import type { BestPolicy } from "../ppo/checkpoint.ts";
import { slotsPerDay } from "../units.ts";
import { BestSoFar } from "./best_policy.ts";
import { algorithmInRun, ppoInRun, type RunTrainer } from "./run_trainer.ts";
import type { TrainerState } from "../ppo/trainer_state.ts";
import { type Actor, createActor } from "../ppo/actor.ts";
import { startProgress } from "../cli/progress.ts";
import { exists } from "../disk/exists.ts";
import { type Command, PROVENANCE_FILE, provenanceText, type ResultOrigin } from "./provenance.ts";
import { CONFIG_FILE, RESULT_FILES } from "./run_folder.ts";
import { trainingOrigin } from "./training_history.ts";
import { stopAsked } from "../cli/stop.ts";

/** A training in progress, and where it leaves its results; disposing of it ends the Workers. */
export interface TrainingRun extends Disposable {
  /** Where the results are. */
  readonly folder: string;
  /** What the model is made from. */
  readonly description: ModelDescription;
  /** The data set that it names. */
  readonly dataset: Dataset;
  /** Its days. */
  readonly split: Split;
  /** The learner. */
  readonly trainer: RunTrainer;
  /** The best policy so far. */
  readonly best: BestSoFar;
  /** What was measured so far. */
  readonly curve: LearningCurve;
  /** What its results are made from. */
  readonly origin: ResultOrigin;
}

/**
 * Begins a training. From the start there is a checkpoint and how it came about, so that it can go on
 * whenever it ends.
 *
 * @param folder Called once nothing can be wrong with the rest; answers where to leave the results.
 * @param command What is run, or would make the same.
 * @param workers Threads to train on; one per core if left out.
 * @param algorithm Who learns; PPO if `null`.
 */
export async function beginRun(
  given: Omit<ModelDescription, "datasetHash" | "observationNames" | "algorithm">,
  folder: () => Promise<string>,
  command: (folder: string) => Command,
  workers: number | undefined = defaultWorkers(given.config.ppo.backend),
  algorithm: Algorithm | null = null,
): Promise<TrainingRun> {
  const loaded = await loadDataset(given.source);
  const dataset = priced(loaded, given.config.environment.tariffs);
  const description = {
    ...given,
    ...(algorithm !== null && { algorithm: algorithm.name }),
    datasetHash: await datasetHash(loaded),
    observationNames: observationNames(dataset, given.config.environment),
  };
  const split = splitDays(dataset, given.config.environment);
  using made = new DisposableStack();
  const trainer = made.use(
    algorithm === null
      ? ppoInRun(
        await createTrainer(
          marketOf(dataset, split, description),
          given.config.ppo,
          given.seed,
          { workers },
        ),
      )
      : await algorithmBegun(algorithm, dataset, split, description),
  );
  const path = await folder();
  made.use(await lockFolder(path));
  const curve = new LearningCurve();
  const history = { dataset: loaded, from: null, command: command(path) };
  const origin = await trainingOrigin(path, description, history);
  const best = new BestSoFar();
  const parts = { folder: path, description, dataset, split, trainer, best, curve, origin };
  // What cannot go on needs a policy to be a model.
  if (trainer.state() === null) best.offer(await validated(parts));
  await saveWithOrigin(parts);
  const owned = made.move();
  return { ...parts, [Symbol.dispose]: () => owned.dispose() };
}

/**
 * Goes on where a training stopped.
 *
 * @param totalTimesteps Another end, or `undefined` for the one it had.
 * @param command What is run, or would make the same.
 * @param workers Threads to train on, as many as wanted; one per core if left out.
 * @throws {Error} If that is beyond `totalTimesteps` already.
 */
export async function resumeRun(
  folder: string,
  totalTimesteps: number | undefined,
  command: Command,
  workers?: number,
): Promise<TrainingRun> {
  using made = new DisposableStack();
  if (await exists(folder)) made.use(await lockFolder(folder));
  const found = await readModel(folder);
  if (found.state === null) {
    throw new Error(
      `${folder} was trained by ${found.algorithm}, which cannot go on; train anew in another folder`,
    );
  }
  const end = totalTimesteps ?? found.config.ppo.totalTimesteps;
  if (end !== found.config.ppo.totalTimesteps && end < found.state.timesteps) {
    throw new Error(
      `${folder} is already at ${found.state.timesteps} timesteps; ask for more than that with ` +
        "--timesteps, or leave it out",
    );
  }
  const model = extend({ ...found, state: found.state }, end);
  const loaded = await loadDataset(model.source);
  await requireSameData(loaded, model, folder);
  const dataset = priced(loaded, model.config.environment.tariffs);
  const split = splitDays(dataset, model.config.environment);
  const environment = marketOf(dataset, split, model);
  const trainer = made.use(ppoInRun(
    await resumeTrainer(environment, model.state, {
      workers: workers ?? defaultWorkers(model.config.ppo.backend),
    }),
  ));
  const curve = await LearningCurve.resume(`${folder}/${CURVE_FILE}`, model.state.timesteps);
  const { config, source, seed, datasetHash, observationNames } = model;
  const description = { config, source, seed, datasetHash, observationNames };
  const history = { dataset: loaded, from: model.state.timesteps, command };
  const origin = await trainingOrigin(folder, description, history);
  const best = new BestSoFar(model.best);
  const parts = { folder, description, dataset, split, trainer, best, curve, origin };
  await saveWithOrigin(parts);
  const owned = made.move();
  return { ...parts, [Symbol.dispose]: () => owned.dispose() };
}

/** A row of the learning curve as it comes; waited for. */
export type Watch = (timesteps: number, row: LearningCurveRow) => Promise<void>;

/**
 * Trains to the end, or until it is asked to stop; saves now and then and at the end.
 *
 * @param watch Told of every update.
 * @returns Whether it was stopped before the end.
 */
export async function trainRun(run: TrainingRun, watch?: Watch): Promise<boolean> {
  const { description: { config }, trainer, best, curve } = run;
  const { totalTimesteps } = config.ppo;
  const perIteration = config.ppo.rolloutSteps * config.training.communities;
  const done = trainer.timesteps;
  using progress = startProgress(totalTimesteps, "timesteps", done);
  const began = performance.now();
  let saved = true;
  for (let iteration = done / perIteration + 1; !trainer.done; iteration++) {
    if (await stopAsked()) break;
    const metrics = await trainer.iterate();
    const { meanEpisodeCost } = metrics;
    const due = iteration % config.training.validationInterval === 0 || trainer.done;
    const seconds = (performance.now() - began) / 1000;
    const candidate = due ? await validated(run) : null;
    if (candidate !== null) best.offer(candidate);
    const row = {
      ...metrics,
      seconds: curve.secondsBefore + seconds,
      validationCost: candidate?.validationCost ?? null,
      currency: run.dataset.community.currency,
    };
    curve.add(row);
    await watch?.(metrics.timesteps, row);
    const rate = Math.round((metrics.timesteps - done) / seconds);
    const costs = meanEpisodeCost === null
      ? ""
      : `, mean episode cost ${meanEpisodeCost.toFixed(2)}`;
    progress.update(metrics.timesteps, `${rate} steps/s${costs}`);
    saved = due;
    if (due) await save(run);
  }
  progress.stop();
  if (!saved) await save(run);
  return !trainer.done;
}

/** The best policy of a training so far, or the one at hand before the first validation. */
export function bestActor({ best, trainer }: Pick<TrainingRun, "best" | "trainer">): Actor {
  return best.current === null ? trainer.policy() : createActor(best.current.weights);
}

/** One line that says what is about to be trained. */
export function trainingLine({ description, dataset, split, folder }: TrainingRun): string {
  const { ppo: { totalTimesteps }, environment: { episodeDays } } = description.config;
  if (description.source.data === DISTRIBUTION) {
    return `Training on ${PARTS.train} communities for ${totalTimesteps} timesteps into ${folder}/`;
  }
  const agents = dataset.community.prosumers.length;
  const days = episodeDays === 1 ? "days" : `episodes of ${episodeDays} days`;
  return `Training ${agents} agents on ${split.train.length} ${days} for ${totalTimesteps} ` +
    `timesteps (${totalTimesteps * agents} agent-steps) into ${folder}/`;
}

type SavedParts = Pick<
  TrainingRun,
  "folder" | "description" | "trainer" | "best" | "curve" | "origin"
>;

/** The same training with another end. */
function extend<M extends Model & { readonly state: TrainerState }>(
  model: M,
  totalTimesteps: number,
): M {
  const ppo = { ...model.config.ppo, totalTimesteps };
  return { ...model, config: { ...model.config, ppo }, state: { ...model.state, config: ppo } };
}

function marketOf(
  dataset: Dataset,
  { train }: Split,
  { config, source }: ModelDescription,
): EnvironmentShards {
  if (source.data === DISTRIBUTION) return mixedShards(config.training);
  const options = { ...config.training, firstSlots: train };
  return marketShards(dataset, config.environment, options);
}

/** A thread per core, but tensors work on one. */
function defaultWorkers(backend: BackendName): number {
  return backend === "wasm" ? navigator.hardwareConcurrency : 1;
}

/** Writes the state of a training; results of an earlier model go with the model that they judged. */
async function save(run: SavedParts): Promise<void> {
  await writeTogether(run.folder, await stateFiles(run), RESULT_FILES);
}

/** The same with what it comes from; what is at its end is judged again, and keeps its results. */
async function saveWithOrigin(run: SavedParts): Promise<void> {
  const { folder, origin, trainer } = run;
  const files = {
    ...await stateFiles(run),
    [PROVENANCE_FILE]: await provenanceText(folder, origin, false),
  };
  await writeTogether(folder, files, trainer.done ? [] : RESULT_FILES);
}

async function stateFiles({ description, trainer, best, curve }: SavedParts) {
  return {
    [CONFIG_FILE]: JSON.stringify(description.config, null, 2) + "\n",
    [CURVE_FILE]: curve.text(),
    ...await modelFiles(description, trainer.state(), best.current),
  };
}

/** The policy as it stands, with what it costs on validation days. */
async function validated(
  { description, dataset, split, trainer }: Pick<
    TrainingRun,
    "description" | "dataset" | "split" | "trainer"
  >,
): Promise<BestPolicy> {
  const { config: { environment: config }, source, seed } = description;
  const policy = policyOf(description, trainer.policy());
  // In the order of the checkpoint's schema, so that a training that goes on writes the same bytes.
  const found = (validationCost: number): BestPolicy => ({
    timesteps: trainer.timesteps,
    validationCost,
    weights: trainer.weights(),
  });
  if (source.data === DISTRIBUTION) return found(await costPerHome("validation", policy));
  const options = { dataset, config, firstSlots: split.validation, seed };
  const { summary: [learned] } = await evaluate(options, [policy]);
  return found(learned.costPerDay * config.episodeDays);
}

/** Another algorithm than PPO, on the same market. */
async function algorithmBegun(
  algorithm: Algorithm,
  dataset: Dataset,
  { train }: Split,
  { config, source, seed }: ModelDescription,
): Promise<RunTrainer> {
  if (source.data === DISTRIBUTION) {
    throw new Error(
      `the distribution ${DISTRIBUTION} is trained on by ppo alone, not by ${algorithm.name}; ` +
        "leave out --algorithm, or name another --data",
    );
  }
  const { environment, training, ppo: { totalTimesteps } } = config;
  const market = new MarketTrainingEnvironment(dataset, environment, {
    ...training,
    firstSlots: train,
  });
  const slots = environment.episodeDays * slotsPerDay(dataset.profiles.grid.dtHours);
  const options = { seed, timesteps: totalTimesteps, experiment: config };
  return await algorithmInRun(algorithm, market, options, slots);
}
