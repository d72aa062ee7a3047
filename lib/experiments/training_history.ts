/**
 * What a training's folder says about its origin: all commands that led there, since a training that
 * was given another end on the way is not the one that had this end from the start.
 *
 * @module
 */

import { CHECKPOINT_FILE } from "../ppo/checkpoint.ts";
import { CURVE_FILE } from "./curve_file.ts";
import type { DatasetSource } from "./dataset_source.ts";
import { type Command, PROVENANCE_FILE, readProvenance, type ResultOrigin } from "./provenance.ts";
import { thisCommand, writeProvenance } from "./provenance.ts";
import { exists } from "../disk/exists.ts";
import { CONFIG_FILE } from "./run_folder.ts";
import type { TrainingRun } from "./training_run.ts";

/** What a training leaves, without its evaluation. */
export const TRAINING_FILES: readonly string[] = [CONFIG_FILE, CURVE_FILE, CHECKPOINT_FILE];

/** Notes how a training begins, or goes on from what its folder says so far. */
export async function beginHistory(
  { folder, description: { config, source, seed }, dataset, trainer, resumed }: TrainingRun,
  command: Command = thisCommand("train"),
): Promise<ResultOrigin> {
  const isRecorded = resumed && await exists(`${folder}/${PROVENANCE_FILE}`);
  const earlier = isRecorded ? (await readProvenance(folder)).commands : [];
  const from = trainer.state().timesteps;
  const origin = {
    commands: [...earlier, { ...command, from, to: config.ppo.totalTimesteps }],
    module: new URL("training_run.ts", import.meta.url).href,
    configuration: config,
    seeds: [seed],
    source,
    dataset,
    files: TRAINING_FILES,
  };
  await writeProvenance(folder, origin, false);
  return origin;
}

/** How `train` makes the same model as another task does. */
export function trainCommand(
  folder: string,
  seed: number,
  { data, prosumers }: DatasetSource,
): Command {
  const size = prosumers === undefined ? [] : ["--prosumers", String(prosumers)];
  const config = ["--config", `${folder}/${CONFIG_FILE}`];
  return { task: "train", arguments: [...config, "--seed", String(seed), "--data", data, ...size] };
}
