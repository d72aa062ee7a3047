/**
 * A trained model, or a training that is to go on, as one folder.
 *
 *     model.json   {"format", "formatVersion", "sha256", "content"}
 *
 * All is in one file, so that one rename replaces it: whoever reads while it is written, or after a
 * crash, finds the whole checkpoint before or the whole one after. The content is JSON in which a
 * typed array is `{"array": "float32", "base64": "…"}` of its little-endian bytes; `sha256` is that
 * of the content's text.
 *
 * @module
 */

import { LARGEST_BYTES, readTextWithin } from "../data/bounded_file.ts";
import { settleFiles, writeWhole } from "../disk/whole_files.ts";
import { type Checkpoint, checkpointOf, checkpointText } from "./checkpoint_text.ts";

export { type BestPolicy, type Checkpoint, checkpointText } from "./checkpoint_text.ts";

/** Name of the file in a model folder. */
export const CHECKPOINT_FILE = "model.json";
/**
 * Writes a checkpoint into `folder`, replacing an older one in one step.
 *
 * @example
 * ```ts
 * import { defaultPpoConfig } from "./ppo_config.ts";
 * import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
 * import { createTrainer } from "./ppo.ts";
 * const rows = new Float64Array(2), flags = new Uint8Array(2);
 * const observation = { common: new Float64Array(0), own: rows };
 * const environment = {
 *   rows: 2,
 *   agentsPerCommunity: 2,
 *   observationSize: { common: 0, own: 1 },
 *   actionSize: 1,
 *   reset: () => observation,
 *   step: () => ({ observation, reward: rows, terminated: flags, truncated: flags }),
 * };
 * const trainer = await createTrainer(environment, defaultPpoConfig, 42);
 * const folder = await Deno.makeTempDir();
 * await writeCheckpoint(folder, {
 *   observationNames: ["hour of the day"],
 *   dataSetHash: "none",
 *   configuration: {},
 *   training: trainer.state(),
 * });
 * const { training } = await readCheckpoint(folder);
 * if (training?.parameters.length !== trainer.state().parameters.length) throw new Error("lost");
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @throws {RangeError} If a plain number is not finite: JSON has no such numbers.
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  await writeWhole(`${folder}/${CHECKPOINT_FILE}`, await checkpointText(checkpoint));
}

/**
 * Reads the checkpoint in `folder`.
 *
 * @throws {Error} In one line, if it is not a model folder, of another version, or damaged.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  await settleFiles(folder);
  const path = `${folder}/${CHECKPOINT_FILE}`;
  const remedy = `${folder} is not a model folder: name one that training has written`;
  return await checkpointOf(
    await readTextWithin(path, { maxBytes: LARGEST_BYTES.model, remedy }),
    path,
  );
}
