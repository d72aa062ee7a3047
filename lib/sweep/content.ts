/**
 * What a job does, apart from its seed: train and judge agents, play a policy, play part of a city,
 * or, to try a queue, draw numbers.
 *
 * @module
 */

import { z } from "zod";
import { checked } from "../data/json.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../env/config.ts";
import {
  type DatasetSource,
  SYNTHETIC_PROSUMERS,
  syntheticFields,
} from "../experiments/dataset_source.ts";
import { type Setup, setups } from "../experiments/setups.ts";
import { everyPolicyName } from "../policies/catalog.ts";
import { rulePolicyNames } from "../policies/rule_based.ts";
import { type ExperimentConfig, parseExperiment } from "../ppo/experiment.ts";

/** Days that a result is judged on; `none` for what training itself measures. */
export type Judged = "test" | "validation" | "none";

/** Trains agents with the job's seed, and judges them. */
export interface TrainContent {
  /** What it is. */
  readonly kind: "train";
  /** The data set. */
  readonly source: DatasetSource;
  /** Rules of market and learning. */
  readonly experiment: ExperimentConfig;
  /** Days. */
  readonly judge: Judged;
  /** So many of them, spread evenly; `null` for all. [d] */
  readonly days: number | null;
}

/** Plays a policy that is not trained; the seed is that of the forecasts. */
export interface PlayContent {
  /** What it is. */
  readonly kind: "play";
  /** The data set. */
  readonly source: DatasetSource;
  /** The policy. */
  readonly policy: string;
  /** Rules of the market. */
  readonly environment: EnvironmentConfig;
  /** Days. */
  readonly judge: Exclude<Judged, "none">;
  /** So many of them, spread evenly; `null` for all. [d] */
  readonly days: number | null;
}

/** Plays some communities of a city; which ones, the part of the job says. */
export interface CityContent {
  /** What it is. */
  readonly kind: "city";
  /** Homes of the city. */
  readonly prosumers: number;
  /** Homes of a community. */
  readonly prosumersEach: number;
  /** Communities of a job. */
  readonly communitiesPerJob: number;
  /** From 1 January on. [d] */
  readonly days: number;
  /** A rule. */
  readonly policy: string;
  /** Rules of the market. */
  readonly environment: EnvironmentConfig;
}

/** Draws random numbers: tries queue and machines. */
export interface ProbeContent {
  /** What it is. */
  readonly kind: "probe";
  /** Numbers that are drawn. */
  readonly draws: number;
  /** Time that the job waits. [ms] */
  readonly milliseconds: number;
}

/** What a job does. */
export type JobContent = TrainContent | PlayContent | CityContent | ProbeContent;

/** Kinds of jobs. */
export type JobKind = JobContent["kind"];

const count = z.int().min(1);
const data = {
  setup: z.enum(Object.keys(setups) as (keyof typeof setups)[]).optional(),
  source: z.strictObject({
    data: z.string().min(1).max(4096).default("synthetic"),
    ...syntheticFields,
    prosumers: count.max(1_000_000).exactOptional(),
  }).optional(),
  configuration: z.record(z.string(), z.json()).default({}),
  days: count.nullable().default(null),
};

const schemas = {
  train: z.strictObject({
    kind: z.literal("train"),
    ...data,
    judge: z.enum(["test", "validation", "none"]).default("test"),
  }),
  play: z.strictObject({
    kind: z.literal("play"),
    policy: z.enum(everyPolicyName),
    ...data,
    judge: z.enum(["test", "validation"]).default("test"),
  }),
  city: z.strictObject({
    kind: z.literal("city"),
    prosumers: count.max(1_000_000_000),
    prosumersEach: count.max(100_000).default(100),
    communitiesPerJob: count.default(10),
    days: count.max(365).default(365),
    policy: z.enum(rulePolicyNames).default("self-consumption"),
    configuration: z.strictObject({ environment: environmentConfigSchema.prefault({}) })
      .prefault({}),
  }),
  probe: z.strictObject({
    kind: z.literal("probe"),
    draws: count.max(1_000_000).default(1),
    milliseconds: z.int().min(0).max(86_400_000).default(0),
  }),
};

/** Names of the kinds. */
export const jobKinds: readonly JobKind[] = Object.keys(schemas) as JobKind[];

/** The indicator that is shown of such jobs unless another is asked for. */
export function headlineOf(content: JobContent): string {
  switch (content.kind) {
    case "train":
      return content.judge === "none" ? "validationCost" : "captured";
    case "play":
    case "city":
      return "costPerDay";
    case "probe":
      return "mean";
  }
}

/** Parts of what a job of this kind is divided into. */
export function partsOf(content: JobContent): number {
  if (content.kind !== "city") return 1;
  return Math.ceil(communitiesOf(content) / content.communitiesPerJob);
}

/** Communities of a city; the last may have fewer homes. */
export function communitiesOf({ prosumers, prosumersEach }: CityContent): number {
  return Math.ceil(prosumers / prosumersEach);
}

/** Fields of a specification that belong to a kind. */
export function contentKeys(kind: JobKind): string[] {
  return Object.keys(schemas[kind].shape);
}

/**
 * Reads what a job does and fills in what is not said.
 *
 * @param source Begins every error message.
 * @throws {RangeError} Naming source, field and value.
 */
export function parseContent(input: { readonly kind: JobKind }, source: string): JobContent {
  switch (input.kind) {
    case "train": {
      const { setup, source: given, configuration, ...rest } = checked(
        input,
        schemas.train,
        source,
      );
      return { ...rest, ...experimentOf(setup, given, configuration, source) };
    }
    case "play": {
      const { setup, source: given, configuration, ...rest } = checked(input, schemas.play, source);
      const { experiment: { environment }, ...from } = experimentOf(
        setup,
        given,
        configuration,
        source,
      );
      return { ...rest, ...from, environment };
    }
    case "city": {
      const { configuration, ...rest } = checked(input, schemas.city, source);
      return { ...rest, ...configuration };
    }
    case "probe":
      return checked(input, schemas.probe, source);
  }
}

/** The configuration of a set-up with what is said otherwise, and its data. */
function experimentOf(
  name: keyof typeof setups = "R1",
  given: DatasetSource | undefined,
  configuration: Readonly<Record<string, unknown>>,
  place: string,
) {
  const setup: Setup = setups[name];
  const merged: Record<string, unknown> = { ...setup.experiment };
  for (const [group, values] of Object.entries(configuration)) {
    merged[group] = isGroup(merged[group]) && isGroup(values)
      ? merge(merged[group], values)
      : values;
  }
  const source = given ?? setup.source;
  if (source === null) {
    throw new RangeError(
      `${place}: source: the homes of ${name} are in a folder, but it is missing; name it, such as ` +
        '{"data": "data/citylearn-2022"}',
    );
  }
  const isFolder = source.data !== "synthetic";
  const { data: _, ...asked } = source;
  if (isFolder && Object.keys(asked).length > 0) {
    throw new RangeError(
      `${place}: source: ${
        Object.keys(asked).join(" and ")
      } go with the embedded community, not with ` +
        source.data,
    );
  }
  return {
    experiment: parseExperiment(merged, place),
    source: isFolder ? source : { ...source, prosumers: source.prosumers ?? SYNTHETIC_PROSUMERS },
  };
}

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function merge(below: Group, above: Group): Group {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isGroup(under) && isGroup(value) ? merge(under, value) : value;
  }
  return merged;
}
