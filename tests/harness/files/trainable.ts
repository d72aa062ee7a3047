/**
 * Uses what is accepted as a configuration or as a model: a training must be able to begin, or to go
 * on, and say so in one line if it cannot.
 *
 * @module
 */

import { splitDays } from "../../../lib/data/split.ts";
import { marketShards } from "../../../lib/ppo/market_shards.ts";
import { createTrainer, resumeTrainer } from "../../../lib/ppo/ppo.ts";
import type { ExperimentConfig } from "../../../lib/ppo/experiment.ts";
import { loadDataset } from "../../../lib/experiments/dataset_source.ts";
import { MODEL_SOURCE } from "./examples.ts";
import { policyOf, readModel } from "../../../lib/experiments/trained_model.ts";
import { readExperiment } from "../../../lib/experiments/seed_models.ts";

const dataset = await loadDataset(MODEL_SOURCE);

/** Reads a configuration and trains for an iteration, if it is a short one. */
export async function trainable(path: string): Promise<void> {
  const config = await readExperiment(path);
  if (!isSmall(config)) return;
  using trainer = await createTrainer(shardsOf(config), config.ppo, 1, { workers: 1 });
  trainer.iterate();
}

/** Reads a model, decides once and goes on with the training, if that is short. */
export async function resumable(folder: string): Promise<void> {
  const model = await readModel(folder);
  policyOf(model, model.actor);
  const { config, state } = model;
  if (state === null || !isSmall(config) || !isSmall({ ...config, ppo: state.config })) return;
  using trainer = await resumeTrainer(shardsOf(config), state, { workers: 1 });
  if (!trainer.done) trainer.iterate();
}

function shardsOf(config: ExperimentConfig) {
  const { train } = splitDays(dataset, config.environment);
  return marketShards(dataset, config.environment, { ...config.training, firstSlots: train });
}

/** Whether an iteration takes milliseconds here; what is large is left to the command line. */
function isSmall({ ppo, training }: ExperimentConfig): boolean {
  const { rolloutSteps, epochs, hiddenSizes, backend } = ppo;
  return rolloutSteps * training.communities * epochs <= 1000 && backend === "wasm" &&
    hiddenSizes.reduce((sum, size) => sum + size, 0) <= 256;
}
