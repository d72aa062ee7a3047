/**
 * What a folder of results says about its origin, in `provenance.json`: everything that is needed to
 * make it again (`deno task reproduce`), and fingerprints of what was made. It is written last, so
 * that a folder which has a whole one is whole itself. Charts and texts are drawn from the results and
 * have no fingerprint of their own.
 *
 * @module
 */

import { ownArguments } from "../cli/called.ts";
import { z } from "zod";
import { datasetHash } from "../data/hash.ts";
import { checked } from "../data/json.ts";
import { readJson } from "../data/bounded_file.ts";
import type { Dataset } from "../data/profiles.ts";
import { writeWhole } from "../disk/whole_files.ts";
import { type DatasetSource, sourceSchema } from "./dataset_source.ts";
import { fileFingerprint, wholeFileFingerprint } from "./fingerprints.ts";
import { sourceCode } from "./source_code.ts";

/** Name of the file. */
export const PROVENANCE_FILE = "provenance.json";

const commandSchema = z.object({
  /** Name after `deno task`. */
  task: z.string(),
  /** What followed. */
  arguments: z.array(z.string()),
  /** Trainings: timesteps that were there already. */
  from: z.number().optional(),
  /** Trainings: timesteps at which it was to end. */
  to: z.number().optional(),
});

const schema = z.object({
  /** Whether all of the results are there. */
  whole: z.boolean(),
  commands: z.array(commandSchema).min(1),
  configuration: z.unknown(),
  seeds: z.array(z.number()),
  /** Where the data come from, and their fingerprint. */
  data: z.object({
    source: sourceSchema,
    hash: z.string(),
  }),
  /** SHA-256 of other files, by path. */
  inputs: z.record(z.string(), z.string()),
  /** Of Deno, V8, the platform, and the packages that the results go through. */
  versions: z.record(z.string(), z.string()),
  /** The module that computed, a fingerprint over all that is reached from it, and the commit. */
  code: z.object({
    module: z.string().regex(/^lib\/[\w/]+\.ts$/, "must be a module in lib/").optional(),
    sources: z.string(),
    commit: z.string(),
  }),
  /** Fingerprints of the results by name; see `fingerprints.ts`. */
  results: z.record(z.string(), z.string()),
});

/** A task that was run; a training that was resumed has several. */
export type Command = z.infer<typeof commandSchema>;

/** `provenance.json`. */
export type Provenance = z.infer<typeof schema>;

/** What a task knows about its results. */
export interface ResultOrigin {
  /** What was run, in order. */
  readonly commands: readonly Command[];
  /** Address of the module that computes. */
  readonly module: string;
  /** The rules of the market, and of learning where something is learned. */
  readonly configuration: unknown;
  /** Seeds of training, or of the forecasts where nothing is trained. */
  readonly seeds: readonly number[];
  /** Where the data come from. */
  readonly source: DatasetSource;
  /** The data. */
  readonly dataset: Dataset;
  /** Other files that the results depend on, such as models. */
  readonly inputs?: readonly string[];
  /** Results, by their names in the folder. */
  readonly files: readonly string[];
}

/** How this task was called. */
export function thisCommand(task: string): Command {
  return { task, arguments: ownArguments.filter((arg) => arg !== "--verbose") };
}

/** Says how the results in `folder` were made; the last thing that a task writes. */
export async function writeProvenance(folder: string, origin: ResultOrigin): Promise<void> {
  await writeWhole(`${folder}/${PROVENANCE_FILE}`, await provenanceText(folder, origin, true));
}

/**
 * The text of the file.
 *
 * @param whole Whether the results are there; a training says how it began, to keep its history.
 */
export async function provenanceText(
  folder: string,
  { commands, module, configuration, seeds, source, dataset, inputs = [], files }: ResultOrigin,
  whole: boolean,
): Promise<string> {
  const { versions, ...code } = await sourceCode(module);
  const provenance = {
    whole,
    commands,
    configuration,
    seeds,
    data: { source, hash: await datasetHash(dataset) },
    inputs: await fingerprints(inputs, wholeFileFingerprint),
    versions,
    code,
    results: await fingerprints(whole ? files : [], (name) => fileFingerprint(folder, name)),
  };
  return JSON.stringify(provenance, null, 2) + "\n";
}

/**
 * Reads how the results in `folder` were made.
 *
 * @throws {Error} In one line, if there is no such file or it is damaged.
 */
export async function readProvenance(folder: string): Promise<Provenance> {
  const path = `${folder}/${PROVENANCE_FILE}`;
  const content = await readJson(path);
  try {
    return checked(content, schema, path);
  } catch (error) {
    throw new Error(`${(error as Error).message}; the results have to be made anew`);
  }
}

async function fingerprints(names: readonly string[], of: (name: string) => Promise<string>) {
  const made: Record<string, string> = {};
  for (const name of names) made[name] = await of(name);
  return made;
}
