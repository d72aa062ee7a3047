/**
 * What a folder of results says about its making, in `provenance.json`: everything that is needed to
 * make it again (`deno task reproduce`), and fingerprints of what was made. It is written last, so
 * that a folder which has a whole one is whole itself.
 *
 * @module
 */

import { z } from "zod";
import denoJson from "../../deno.json" with { type: "json" };
import { datasetHash } from "../data/hash.ts";
import { checked } from "../data/json.ts";
import type { Dataset } from "../data/profiles.ts";
import { type DatasetSource, SYNTHETIC } from "./dataset_source.ts";
import { readJson } from "../data/json_file.ts";
import { writeWhole } from "../disk/whole_files.ts";
import { type Code, describeCode } from "./provenance/code.ts";
import { fileFingerprint, wholeFileFingerprint } from "./provenance/fingerprints.ts";

/** Name of the file. */
export const PROVENANCE_FILE = "provenance.json";

/** Packages that a number or a picture goes through. */
const PACKAGES = [
  "@observablehq/plot",
  "@resvg/resvg-js",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "dejavu-fonts-ttf",
  "highs",
  "linkedom",
  "nodejs-polars",
  "seedrandom",
  "suncalc",
] as const;

/** A task that was run; a training that was resumed has several. */
export interface Command {
  /** Name after `deno task`. */
  readonly task: string;
  /** What followed. */
  readonly arguments: readonly string[];
  /** Trainings: timesteps that were there already. */
  readonly from?: number | undefined;
  /** Trainings: timesteps at which it was to end. */
  readonly to?: number | undefined;
}

/** What a task knows about its results. */
export interface Making {
  /** What was run, in order. */
  readonly commands: readonly Command[];
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

/** `provenance.json`. */
export interface Provenance extends Omit<Making, "dataset" | "source" | "inputs" | "files"> {
  /** Whether all of the results are there. */
  readonly whole: boolean;
  /** The data: where from, for the embedded community what it is made of, and the fingerprint. */
  readonly data: {
    readonly source: DatasetSource;
    readonly synthetic?: Readonly<Record<string, number>> | undefined;
    readonly hash: string;
  };
  /** SHA-256 of other files, by path. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Of Deno, V8, and the packages that numbers go through. */
  readonly versions: Readonly<Record<string, string>>;
  /** Operating system and processor. */
  readonly platform: string;
  /** The code. */
  readonly code: Code;
  /** Fingerprints of the results by name; see `lib/experiments/provenance/fingerprints.ts`. */
  readonly results: Readonly<Record<string, string>>;
}

/** Says how the results in `folder` were made; the last thing that a task writes. */
export async function writeProvenance(folder: string, making: Making): Promise<void> {
  const results: Record<string, string> = {};
  for (const name of making.files) results[name] = await fileFingerprint(folder, name);
  await write(folder, { whole: true, ...await origin(making), results });
}

/** Notes what has begun, so that a training which is stopped keeps its history. */
export async function beginProvenance(folder: string, making: Making): Promise<void> {
  await write(folder, { whole: false, ...await origin(making), results: {} });
}

/** How this task was called. */
export function thisCommand(task: string): Command {
  return { task, arguments: Deno.args.filter((arg) => arg !== "--verbose") };
}

/** Whether a command goes on with a training that is there. */
export function isResumption({ arguments: given }: Command): boolean {
  return given.some((argument) => /^--resume(=|$)/.test(argument));
}

/** Versions of what numbers go through, as they are now. */
export function versions(): Record<string, string> {
  const imports: Readonly<Record<string, string>> = denoJson.imports;
  const packages = PACKAGES.map((name) => [name, imports[name].split("@").at(-1)!]);
  return { deno: Deno.version.deno, v8: Deno.version.v8, ...Object.fromEntries(packages) };
}

/** Operating system and processor of this machine. */
export function platform(): string {
  return `${Deno.build.os} ${Deno.build.arch}`;
}

const command = z.object({
  task: z.string(),
  arguments: z.array(z.string()),
  from: z.number().optional(),
  to: z.number().optional(),
});

const schema = z.object({
  whole: z.boolean(),
  commands: z.array(command).min(1),
  configuration: z.unknown(),
  seeds: z.array(z.number()),
  data: z.object({
    source: z.object({ data: z.string(), prosumers: z.number().optional() }),
    synthetic: z.record(z.string(), z.number()).optional(),
    hash: z.string(),
  }),
  inputs: z.record(z.string(), z.string()),
  versions: z.record(z.string(), z.string()),
  platform: z.string(),
  code: z.object({
    sources: z.string(),
    commit: z.string(),
    changed: z.union([z.array(z.string()), z.literal("unknown")]),
  }),
  results: z.record(z.string(), z.string()),
});

/**
 * Reads how the results in `folder` were made.
 *
 * @throws {Error} In one line, if there is no such file or it is damaged.
 */
export async function readProvenance(folder: string): Promise<Provenance> {
  const path = `${folder}/${PROVENANCE_FILE}`;
  const content = await readJson(path);
  try {
    return checked(content, schema, path) as Provenance;
  } catch (error) {
    throw new Error(`${(error as Error).message}; the results have to be made anew`);
  }
}

async function origin(
  { commands, configuration, seeds, source, dataset, inputs = [] }: Making,
): Promise<Omit<Provenance, "whole" | "results">> {
  const hashes: Record<string, string> = {};
  for (const path of inputs) hashes[path] = await wholeFileFingerprint(path);
  return {
    commands,
    configuration,
    seeds,
    data: {
      source,
      ...(source.data === "synthetic" ? { synthetic: SYNTHETIC } : {}),
      hash: await datasetHash(dataset),
    },
    inputs: hashes,
    versions: versions(),
    platform: platform(),
    code: await describeCode(),
  };
}

async function write(folder: string, provenance: Provenance): Promise<void> {
  await writeWhole(`${folder}/${PROVENANCE_FILE}`, [JSON.stringify(provenance, null, 2), "\n"]);
}
