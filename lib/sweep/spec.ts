/**
 * What a sweep is asked to do: a set-up, variants and parameters that change it, and seeds.
 *
 * ```json
 * {
 *   "name": "learning-rate",
 *   "setup": "R1",
 *   "configuration": { "ppo": { "totalTimesteps": 50000 } },
 *   "parameters": { "ppo.learningRate": [0.001, 0.002] },
 *   "seeds": 5
 * }
 * ```
 *
 * Every variant is combined with every value of every parameter and with every seed. Paths that begin
 * with `environment`, `training` or `ppo` are those of the configuration; any other is a field of the
 * specification itself, such as `policy` or `source.prosumers`.
 *
 * @module
 */

import { z } from "zod";
import { checked } from "../data/json.ts";
import { readJson } from "../data/bounded_file.ts";
import { firstSeeds } from "../experiments/seeds.ts";
import { didYouMean, oneOf } from "../text/nearest.ts";
import { quoted } from "../text/shown.ts";
import {
  contentKeys,
  type JobContent,
  type JobKind,
  jobKinds,
  parseContent,
  partsOf,
} from "./content.ts";
import { shippedSpecs } from "./shipped.ts";

/** One configuration of a sweep. */
export interface SweptConfiguration {
  /** Names its row in the results. */
  readonly label: string;
  /** Values of the parameters by path; a variant is called `variant`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What its jobs do. */
  readonly content: JobContent;
}

/** A sweep, checked and written out. */
export interface Sweep {
  /** What it is called. */
  readonly name: string;
  /** Seeds of every configuration. */
  readonly seeds: readonly number[];
  /** How often a job that fails is tried again. */
  readonly retries: number;
  /** The indicator that is shown and drawn; `null` for that of the kind of job. */
  readonly metric: string | null;
  /** Variants × parameters, in the order of the specification. */
  readonly configurations: readonly SweptConfiguration[];
}

/** Most jobs of a sweep. */
const MOST_JOBS = 1_000_000;
/** Seeds, unless others are asked for. */
const SEEDS = 3;
/** Retries, unless another number is asked for; a worker that dies costs one as well. */
const RETRIES = 5;

const path = z.string().regex(
  /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/,
  "must be a path such as ppo.learningRate",
);

const schema = z.strictObject({
  name: z.string().regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    "must be 1 to 40 small letters, digits and hyphens",
  ),
  seeds: z.union([z.int().min(1).max(MOST_JOBS), z.array(z.int()).min(1)], {
    error: "must be a number of seeds of at least 1, or a list of whole numbers",
  }).default(SEEDS),
  retries: z.int().min(0).max(100).default(RETRIES),
  metric: z.string().min(1).max(60).nullable().default(null),
  parameters: z.record(path, z.array(z.json()).min(1)).default({}),
  variants: z.array(
    z.strictObject({ name: z.string().min(1).max(60), change: z.record(path, z.json()) }),
  ).min(1).optional(),
});

/**
 * The sweep in a file, or one that comes along.
 *
 * @param place A path, or a name such as `ablation`.
 * @throws {Error} In one line that names file, field and value.
 */
export async function readSweep(place: string): Promise<Sweep> {
  const shipped = Object.keys(shippedSpecs);
  if (shipped.includes(place)) return parseSweep(shippedSpecs[place](), place);
  try {
    return parseSweep(await readJson(place), place);
  } catch (error) {
    const { message } = error as Error;
    if (!message.endsWith("does not exist; name a JSON file")) throw error;
    throw new Error(`${message}, or one of ${shipped.join(", ")}${didYouMean(place, shipped)}`);
  }
}

/**
 * Checks a specification and writes it out.
 *
 * @param source Begins every error message.
 * @throws {RangeError} Naming source, field and value.
 *
 * @example
 * ```ts
 * import { parseSweep } from "./spec.ts";
 * const spec = { name: "try", kind: "probe", parameters: { draws: [10, 20] }, seeds: [1, 2, 3] };
 * const { configurations, seeds } = parseSweep(spec, "example");
 * if (configurations.length * seeds.length !== 6) throw new Error("2 configurations, 3 seeds");
 * ```
 */
export function parseSweep(input: unknown, source: string): Sweep {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new RangeError(`${source}: must be an object with a name and a set-up`);
  }
  const { kind: asked = "train", ...fields } = input as Record<string, unknown>;
  const kind = oneOf(`${source}: kind`, String(asked), jobKinds) as JobKind;
  const own = Object.keys(schema.shape);
  const known = [...own, ...contentKeys(kind)];
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    throw new RangeError(
      `${source}: unknown key ${quoted(key)}${
        didYouMean(key, known)
      }; a sweep of the kind ${kind} ` +
        `takes ${known.join(", ")}`,
    );
  }
  const pick = (isOwn: boolean) =>
    Object.fromEntries(Object.entries(fields).filter(([key]) => own.includes(key) === isOwn));
  const { seeds, variants, parameters, ...rest } = checked(pick(true), schema, source);
  const listed = typeof seeds === "number" ? firstSeeds(seeds) : seeds;
  if (new Set(listed).size < listed.length) {
    throw new RangeError(
      `${source}: seeds: every seed may come once, got ${quoted(String(seeds))}`,
    );
  }
  const base = { kind, ...pick(false) };
  const changes = (variants ?? [{ name: "", change: {} }]).flatMap(({ name, change }) =>
    gridOf(parameters).map((values) => ({ name, change, values }))
  );
  if (changes.length * listed.length > MOST_JOBS) {
    throw new RangeError(
      `${source}: asks for ${
        changes.length * listed.length
      } jobs, at most ${MOST_JOBS} are taken; ` +
        "split it",
    );
  }
  const configurations = changes.map(({ name, change, values }) => {
    const content = structuredClone(base);
    for (const [path, value] of Object.entries({ ...change, ...values })) set(content, path, value);
    return {
      label: labelOf(name, values),
      parameters: { ...(name === "" ? {} : { variant: name }), ...values },
      content: parseContent(content, source),
    };
  });
  const parts = configurations.reduce((sum, { content }) => sum + partsOf(content), 0);
  requireFew(parts * listed.length, source);
  return { ...rest, seeds: listed, configurations };
}

function requireFew(jobs: number, source: string): void {
  if (jobs <= MOST_JOBS) return;
  throw new RangeError(
    `${source}: asks for ${jobs} jobs, at most ${MOST_JOBS} are taken; split it`,
  );
}

/** All combinations of values, the last parameter changing fastest. */
function gridOf(parameters: Readonly<Record<string, readonly unknown[]>>) {
  let grid: Record<string, unknown>[] = [{}];
  for (const [path, values] of Object.entries(parameters)) {
    grid = grid.flatMap((point) => values.map((value) => ({ ...point, [path]: value })));
    if (grid.length > MOST_JOBS) return grid;
  }
  return grid;
}

function set(content: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split(".");
  const isExperiment = ["environment", "training", "ppo"].includes(parts[0]);
  let group = content;
  for (const part of [...(isExperiment ? ["configuration"] : []), ...parts.slice(0, -1)]) {
    const inner = Object.hasOwn(group, part) ? group[part] : undefined;
    group[part] = typeof inner === "object" && inner !== null ? inner : {};
    group = group[part] as Record<string, unknown>;
  }
  Object.defineProperty(group, parts.at(-1)!, { value, enumerable: true, configurable: true });
}

function labelOf(variant: string, values: Readonly<Record<string, unknown>>): string {
  const own = Object.entries(values).map(([path, value]) =>
    `${path.split(".").at(-1)} ${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return [...(variant === "" ? [] : [variant]), ...own].join(", ") || "as it is";
}
