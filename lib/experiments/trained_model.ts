/**
 * A trained model as the tasks keep it: the checkpoint, and what it was made from.
 *
 * @module
 */

import { z } from "zod";
import { datasetHash } from "../data/hash.ts";
import { checked } from "../data/json.ts";
import type { Dataset } from "../data/profiles.ts";
import { type LearnedOptions, learnedPolicy } from "../policies/learned.ts";
import type { Policy } from "../policies/policy.ts";
import { type Actor, createActor } from "../ppo/actor.ts";
import type { ActorWeights } from "../ppo/actor_weights.ts";
import {
  type BestPolicy,
  type Checkpoint,
  CHECKPOINT_FILE,
  checkpointText,
  readCheckpoint,
} from "../ppo/checkpoint.ts";
import { type ExperimentConfig, parseExperiment } from "../ppo/experiment.ts";
import { actorWeights, type TrainerState } from "../ppo/trainer_state.ts";
import { type DatasetSource, loadDataset, sourceSchema } from "./dataset_source.ts";

/** What a model was made from. */
export interface ModelDescription {
  /** The rules of the market and of learning. */
  readonly config: ExperimentConfig;
  /** The data set. */
  readonly source: DatasetSource;
  /** Seed of everything random. */
  readonly seed: number;
  /** Fingerprint of the data set. */
  readonly datasetHash: string;
  /** What the policy sees, feature by feature. */
  readonly observationNames: readonly string[];
  /** The algorithm that it was trained by; PPO if absent. */
  readonly algorithm?: string | undefined;
}

/** A model from a file. */
export interface Model extends ModelDescription {
  /** What the policy acts by: the best so far, or the latest. */
  readonly weights: ActorWeights;
  /** The policy. */
  readonly actor: Actor;
  /** The training, to go on from; `null` where it cannot. */
  readonly state: TrainerState | null;
  /** What the policy is; `null` where it is what training ended with. */
  readonly best: BestPolicy | null;
}

const descriptionSchema = z.strictObject({
  config: z.unknown(),
  source: sourceSchema,
  seed: z.int(),
  algorithm: z.string().max(100).exactOptional(),
});

/** A model as the file that {@linkcode readModel} reads. */
export async function modelFiles(
  { datasetHash, observationNames, ...configuration }: ModelDescription,
  training: TrainerState | null,
  best: BestPolicy | null = null,
): Promise<Readonly<Record<string, string>>> {
  const text = await checkpointText({
    observationNames,
    dataSetHash: datasetHash,
    configuration,
    ...(training !== null && { training }),
    ...(best !== null && { best }),
  });
  return { [CHECKPOINT_FILE]: text };
}

/**
 * Reads a model.
 *
 * @throws {Error} If there is none, or it is damaged.
 */
export async function readModel(folder: string): Promise<Model> {
  return modelOf(await readCheckpoint(folder), `${folder}/model.json`);
}

/**
 * The model of a checkpoint.
 *
 * @param path Where it is from, for messages.
 * @throws {RangeError} If it was made from something that is not known here.
 */
function modelOf(checkpoint: Checkpoint, path: string): Model {
  const description = checked(checkpoint.configuration, descriptionSchema, path);
  const { config, source, seed, algorithm } = description;
  const { best, training } = checkpoint;
  const weights = best?.weights ?? actorWeights(training!);
  return {
    config: parseExperiment(config, path),
    source,
    seed,
    datasetHash: checkpoint.dataSetHash,
    observationNames: checkpoint.observationNames,
    weights,
    actor: createActor(weights),
    ...(algorithm !== undefined && { algorithm }),
    state: training ?? null,
    best: best ?? null,
  };
}

/**
 * The policy in a folder that training wrote, ready to be played.
 *
 * @param name Names the policy in results.
 * Features outside of what it was trained on are named on standard error, once each.
 *
 * @throws {Error} If there is none, or it is damaged. Where it begins on an environment that shows
 * other features than it was trained on, that is an error too.
 *
 * @example
 * ```ts
 * import { loadModel } from "./trained_model.ts";
 * const policy = await loadModel("data/models/R1");
 * if (policy.name !== "learned") throw new Error(policy.name);
 * ```
 */
export async function loadModel(folder: string, name: string = "learned"): Promise<Policy> {
  const model = await readModel(folder);
  return policyOf(model, model.actor, { name, warn: console.warn });
}

/** The policy of an actor that was trained as described. */
export function policyOf(
  { observationNames }: Pick<ModelDescription, "observationNames">,
  actor: Actor,
  options: Omit<LearnedOptions, "observationNames"> = {},
): Policy {
  return learnedPolicy(actor, { observationNames, ...options });
}

/**
 * Refuses a data set that is not the one a model was trained on: it would be split anew, and test
 * days may have been trained on.
 *
 * @throws {Error} Naming the data set and the model's folder.
 */
export async function requireSameData(
  dataset: Dataset,
  model: ModelDescription,
  folder: string,
): Promise<void> {
  if (await datasetHash(dataset) === model.datasetHash) return;
  throw new Error(
    `the data set ${model.source.data} has changed since ${folder} was trained on it; restore it, ` +
      "or train again",
  );
}

/** Loads what a model is to be judged on: the data set it was trained on, unchanged, or another. */
export async function loadForModel(
  source: DatasetSource,
  model: Model,
  folder: string,
): Promise<Dataset> {
  const dataset = await loadDataset(source);
  if (JSON.stringify(source) === JSON.stringify(model.source)) {
    await requireSameData(dataset, model, folder);
  }
  return dataset;
}
