/**
 * What a training's folder says about its origin: all commands that led there, since a training that
 * was given another end on the way is not the one that had this end from the start.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { CHECKPOINT_FILE } from "../ppo/checkpoint.ts";
import { CURVE_FILE } from "./curve_file.ts";
import { type DatasetSource, sourceArguments } from "./dataset_source.ts";
import { type Command, PROVENANCE_FILE, readProvenance, type ResultOrigin } from "./provenance.ts";
import { exists } from "../disk/exists.ts";
import { CONFIG_FILE } from "./run_folder.ts";
import type { ModelDescription } from "./trained_model.ts";

/** What a training leaves, without its evaluation. */
export const TRAINING_FILES: readonly string[] = [CONFIG_FILE, CURVE_FILE, CHECKPOINT_FILE];

/**
 * What a training comes from: this command, after those that its folder names.
 *
 * @param from Timesteps that were there already; `null` where the training begins.
 */
export async function trainingOrigin(
  folder: string,
  { config, source, seed }: ModelDescription,
  { dataset, from, command }: {
    readonly dataset: Dataset;
    readonly from: number | null;
    readonly command: Command;
  },
): Promise<ResultOrigin> {
  const isRecorded = from !== null && await exists(`${folder}/${PROVENANCE_FILE}`);
  const earlier = isRecorded ? (await readProvenance(folder)).commands : [];
  return {
    commands: [...earlier, { ...command, from: from ?? 0, to: config.ppo.totalTimesteps }],
    module: new URL("training_run.ts", import.meta.url).href,
    configuration: config,
    seeds: [seed],
    source,
    dataset,
    files: TRAINING_FILES,
  };
}

/** How `train` makes the same model as another task does. */
export function trainCommand(
  folder: string,
  seed: number,
  source: DatasetSource,
): Command {
  const config = ["--config", `${folder}/${CONFIG_FILE}`];
  return {
    task: "train",
    arguments: [...config, "--seed", String(seed), ...sourceArguments(source)],
  };
}
