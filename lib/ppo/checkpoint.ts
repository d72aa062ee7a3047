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

import { z } from "zod";
import { LARGEST_BYTES, readTextWithin } from "../data/bounded_file.ts";
import { checked, parseBounded } from "../data/json.ts";
import { packArrays, unpackArrays } from "../text/array_json.ts";
import { shown } from "../text/shown.ts";
import { settleFiles, writeWhole } from "../disk/whole_files.ts";
import type { ActorWeights } from "./actor_weights.ts";
import { actorWeightsSchema, type TrainerState, trainerStateSchema } from "./trainer_state.ts";
import { sha256Hex } from "../sha256.ts";

/** Name of the file in a model folder. */
export const CHECKPOINT_FILE = "model.json";
const FORMAT = "energy market model";
const FORMAT_VERSION = 3;

/** What a model folder holds. */
export interface Checkpoint {
  /** Name of each number that the policy sees, in order. */
  readonly observationNames: readonly string[];
  /** Hash of the data set that the policy was trained on. */
  readonly dataSetHash: string;
  /** Whatever the caller wants to find again; plain data. */
  readonly configuration: unknown;
  /** The trainer between two iterations; absent where it cannot go on from here. */
  readonly training?: TrainerState | undefined;
  /** What the policy acts by, where that is not how training left it. */
  readonly best?: BestPolicy | undefined;
}

/** The policy at some time of a training that cost least on validation days. */
export interface BestPolicy {
  /** Slots of one community played until then. */
  readonly timesteps: number;
  /** Mean cost of an episode on validation days. [currency] */
  readonly validationCost: number;
  /** The policy. */
  readonly weights: ActorWeights;
}

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
 * A checkpoint as text, for who writes it together with other files.
 *
 * @throws {RangeError} If a plain number is not finite: JSON has no such numbers.
 */
export async function checkpointText(checkpoint: Checkpoint): Promise<string> {
  const content = JSON.stringify(checkpoint, packArrays);
  const header = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    sha256: await sha256Hex(content),
  };
  return `${JSON.stringify(header).slice(0, -1)},"content":${content}}\n`;
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
  const text = await readTextWithin(path, { maxBytes: LARGEST_BYTES.model, remedy });
  const file = parseFile(path, text);
  if (file.format !== FORMAT) {
    throw new Error(`${path} is not a model; name a folder that training has written`);
  }
  if (file.formatVersion !== FORMAT_VERSION) {
    throw new Error(
      `${path} has format version ${shown(String(file.formatVersion))}, but ${FORMAT_VERSION} is ` +
        "read here; train again, or use the version that wrote it (up to 2: the first edition, " +
        "commit c017517)",
    );
  }
  const content = JSON.stringify(file.content);
  if (content === undefined || await sha256Hex(content) !== file.sha256) {
    throw new Error(`${path} does not match its checksum; ${DAMAGED}`);
  }
  return parseContent(path, unpacked(path, content));
}

const DAMAGED = "it is cut short, damaged or edited: copy it again or train again";

const contentSchema: z.ZodType<Checkpoint> = z.strictObject({
  observationNames: z.array(z.string()),
  dataSetHash: z.string(),
  configuration: z.unknown(),
  training: trainerStateSchema.optional(),
  best: z.strictObject({
    timesteps: z.int().min(0),
    validationCost: z.number(),
    weights: actorWeightsSchema,
  }).optional(),
}).refine(
  ({ training, best }) => training !== undefined || best !== undefined,
  "there must be a training or a policy",
).refine(
  ({ observationNames, training, best }) =>
    observationNames.length === (training?.sizes.actor ?? best?.weights.sizes)?.[0],
  "there must be as many observation names as inputs",
).refine(
  ({ training, best }) =>
    best === undefined || training === undefined ||
    best.weights.sizes.join() === training.sizes.actor.join(),
  "the best policy must have the layers of the training",
);

function parseFile(path: string, text: string): Record<string, unknown> {
  try {
    return Object(parseBounded(text, path));
  } catch {
    throw new Error(`${path} is not whole JSON; ${DAMAGED}`);
  }
}

function unpacked(path: string, content: string): unknown {
  try {
    return JSON.parse(content, unpackArrays);
  } catch {
    throw new Error(`${path} holds an array that cannot be read; ${DAMAGED}`);
  }
}

function parseContent(path: string, content: unknown): Checkpoint {
  try {
    return checked(content, contentSchema, path);
  } catch (error) {
    throw new Error(`${(error as Error).message}; train again`);
  }
}
