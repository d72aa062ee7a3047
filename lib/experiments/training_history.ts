/**
 * What a training's folder says about its making: all commands that led there, since a training that
 * was given another end on the way is not the one that had this end from the start.
 *
 * @module
 */

import { CHECKPOINT_FILE } from "../ppo/checkpoint.ts";
import type { DatasetSource } from "./dataset_source.ts";
import { CURVE_FILE } from "./curve_file.ts";
import {
  beginProvenance,
  type Command,
  isResumption,
  type Making,
  PROVENANCE_FILE,
  readProvenance,
  thisCommand,
} from "./provenance.ts";
import { CONFIG_FILE, exists } from "./run_folder.ts";
import type { TrainingRun } from "./training_run.ts";

/** What a training leaves, without its evaluation. */
export const TRAINING_FILES: readonly string[] = [CONFIG_FILE, CURVE_FILE, CHECKPOINT_FILE];

/** Notes how a training begins, or goes on from what its folder says so far. */
export async function beginHistory(
  run: TrainingRun,
  command: Command = thisCommand("train"),
): Promise<Making> {
  const from = run.trainer.state().timesteps;
  const to = run.description.config.ppo.totalTimesteps;
  const goesOn = from > 0 || isResumption(command);
  const isRecorded = goesOn && await exists(`${run.folder}/${PROVENANCE_FILE}`);
  const earlier = isRecorded ? (await readProvenance(run.folder)).commands : [];
  const { description: { config, source, seed }, dataset } = run;
  const making = {
    commands: [...earlier, { ...command, from, to }],
    configuration: config,
    seeds: [seed],
    source,
    dataset,
    files: TRAINING_FILES,
  };
  await beginProvenance(run.folder, making);
  return making;
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
