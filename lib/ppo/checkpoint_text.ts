/**
 * A checkpoint as text: what {@link ./checkpoint.ts} keeps in a folder.
 *
 * @module
 */

import { z } from "zod";
import { checked, parseBounded } from "../data/json.ts";
import { sha256Hex } from "../sha256.ts";
import { packArrays, unpackArrays } from "../text/array_json.ts";
import { shown } from "../text/shown.ts";
import type { ActorWeights } from "./actor_weights.ts";
import { actorWeightsSchema, type TrainerState, trainerStateSchema } from "./trainer_state.ts";

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
 * The checkpoint of a text.
 *
 * @param path Where the text is from, for messages.
 * @throws {Error} In one line, if it is none, of another version, or damaged.
 */
export async function checkpointOf(text: string, path: string): Promise<Checkpoint> {
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
