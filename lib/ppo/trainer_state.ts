/**
 * Everything that training remembers between two iterations, as plain data: a trainer that is made
 * from it goes on bit for bit.
 *
 * @module
 */

import { z } from "zod";
import { stream, type StreamState } from "../random.ts";
import type { ActorWeights } from "./actor_weights.ts";
import { parameterCount } from "./mlp.ts";
import { type Blocks, eachBlock } from "./blocks.ts";
import { type AdamState, createAdam } from "./adam.ts";
import { type PpoConfig, ppoConfigSchema } from "./ppo_config.ts";
import { createNormalizer, type NormalizerState } from "./normalizer.ts";
import {
  initialParameters,
  inputSizes,
  type NetworkSizes,
  parameterViews,
  totalParameters,
} from "./parameters.ts";
import type { EnvRunnerState } from "./env_runner.ts";
import type { EnvironmentShards, VectorEnvironment } from "./vector_environment.ts";

/** Everything that training remembers between two iterations. */
export interface TrainerState {
  /** The configuration. */
  readonly config: PpoConfig;
  /** Widths of both networks. */
  readonly sizes: NetworkSizes;
  /** Actor, log-std and critic in one vector. */
  readonly parameters: Float32Array;
  /** The optimiser's memory. */
  readonly adam: AdamState;
  /** Statistics of what agents saw. */
  readonly observations: Blocks<NormalizerState>;
  /** Statistics of what the community critic saw; null for an independent critic. */
  readonly criticObservations: Blocks<NormalizerState> | null;
  /** Statistics of the returns. */
  readonly returns: NormalizerState;
  /** State of the stream that shuffles samples. */
  readonly shuffling: StreamState;
  /** Slots of one community played. */
  readonly timesteps: number;
  /** What the environment runners remember, by shard; model files call it `parts`. */
  readonly parts: readonly EnvRunnerState[];
}

/** What training remembers apart from the communities. */
export type LearningState = Omit<TrainerState, "parts">;

/**
 * The state before the first iteration.
 *
 * @throws {RangeError} If the environment's sizes do not go together, or the configuration asks for
 * a community critic that it does not serve.
 */
export function initialState(
  environment: VectorEnvironment,
  config: PpoConfig,
  seed: number,
): LearningState {
  const sizes = networkSizes(environment, config);
  const parameters =
    initialParameters(sizes, config.initialStd, stream(seed, "initial weights")).all;
  const community = config.critic === "community";
  const unseen = (network: "actor" | "critic") => {
    const inputs = inputSizes(sizes, network);
    return eachBlock((block) => createNormalizer(inputs[block]).state());
  };
  return {
    config,
    sizes,
    parameters,
    adam: createAdam(parameters.length),
    observations: unseen("actor"),
    criticObservations: community ? unseen("critic") : null,
    returns: createNormalizer(1).state(),
    shuffling: stream(seed, "minibatches").state(),
    timesteps: 0,
  };
}

/** Widths of the networks that `config` asks for in `environment`. */
function networkSizes(environment: VectorEnvironment, config: PpoConfig): NetworkSizes {
  const { rows, agentsPerCommunity, observationSize, criticObservationSize, actionSize } =
    environment;
  if (!Number.isInteger(rows / agentsPerCommunity)) {
    throw new RangeError(
      `${rows} rows are not communities of ${agentsPerCommunity} agents; make one a multiple of ` +
        "the other",
    );
  }
  const community = config.critic === "community";
  if (community && (criticObservationSize === undefined || !environment.criticObservation)) {
    throw new RangeError(
      'critic is "community", but the environment has no criticObservation; set it to "independent"',
    );
  }
  if (config.imitationShare > 0 && !environment.teach) {
    throw new RangeError("the environment has no teacher to imitate; set imitationShare to 0");
  }
  const criticSees = community ? criticObservationSize! : observationSize;
  const inputs = ({ common, own }: Blocks<number>) => common + own;
  return {
    actor: [inputs(observationSize), ...config.hiddenSizes, actionSize],
    critic: [inputs(criticSees), ...config.hiddenSizes, 1],
    common: { actor: observationSize.common, critic: criticSees.common },
  };
}

/**
 * Checks that `environment` can continue a training.
 *
 * @throws {Error} Naming the first size that differs.
 */
export function requireSameSizes(
  environment: VectorEnvironment,
  { communities }: EnvironmentShards,
  state: TrainerState,
): void {
  const is = networkSizes(environment, state.config);
  const was = state.sizes;
  for (const part of ["actor", "critic"] as const) {
    const remedy = "resume with the environment of the training";
    if (is[part].join() !== was[part].join()) {
      throw new Error(
        `the ${part} was trained with layers ${was[part].join("-")}, the environment needs ` +
          `${is[part].join("-")}; ${remedy}`,
      );
    }
    if (is.common[part] !== was.common[part]) {
      throw new Error(
        `the ${part} was trained with ${was.common[part]} common inputs, the environment has ` +
          `${is.common[part]}; ${remedy}`,
      );
    }
  }
  const had = state.parts.map(({ explorations }) => explorations.length);
  if (had.join() !== communities.join()) {
    const rows = (counts: readonly number[]) =>
      environment.agentsPerCommunity * counts.reduce((sum, count) => sum + count, 0);
    throw new Error(
      `training stopped with ${rows(had)} rows, the environment has ${
        rows(communities)
      } (shards of ` +
        `${had.join(", ")} and ${communities.join(", ")} communities); resume with as many ` +
        "communities and agents",
    );
  }
}

/** The policy as it stands, on its own. */
export function actorWeights(
  state: Pick<TrainerState, "config" | "sizes" | "parameters" | "observations">,
): ActorWeights {
  const { actor, logStd } = parameterViews(state.sizes, state.parameters);
  return {
    sizes: state.sizes.actor,
    parameters: actor,
    logStd,
    normalizer: state.observations,
    observationClip: state.config.observationClip,
  };
}

const count = z.int().min(0);
const sizes = z.array(z.int().min(1)).min(2);
const normalizer = z.strictObject({
  count,
  mean: z.instanceof(Float64Array),
  squaredDeviations: z.instanceof(Float64Array),
});
const normalizers = z.strictObject({ common: normalizer, own: normalizer });
const streamState = z.strictObject({
  c: z.number(),
  s0: z.number(),
  s1: z.number(),
  s2: z.number(),
});

/** Schema of {@linkcode ActorWeights} whose parts fit each other. */
export const actorWeightsSchema: z.ZodType<ActorWeights> = z.strictObject({
  sizes,
  parameters: z.instanceof(Float32Array),
  logStd: z.instanceof(Float32Array),
  normalizer: normalizers,
  observationClip: z.number().positive(),
}).superRefine(({ sizes, parameters, logStd, normalizer: { common, own } }, context) => {
  const inputs = { common: common.mean.length, own: sizes[0] - common.mean.length };
  const numbers: readonly (readonly [string, Float32Array | Float64Array, number])[] = [
    ["parameters", parameters, parameterCount(sizes)],
    ["logStd", logStd, sizes[sizes.length - 1]],
    ["normalizer.common", common.squaredDeviations, inputs.common],
    ["normalizer.own", own.mean, inputs.own],
    ["normalizer.own", own.squaredDeviations, inputs.own],
    ["normalizer.common", common.mean, inputs.common],
  ];
  for (const [name, { length }, expected] of numbers) {
    if (length === expected) continue;
    const message = `must hold ${expected} numbers, got ${length}`;
    context.addIssue({ code: "custom", path: [name], message });
  }
  for (const [name, values] of numbers) {
    if (values.every((value) => Number.isFinite(value))) continue;
    context.addIssue({ code: "custom", path: [name], message: "must be finite numbers" });
  }
});

/** Schema of a {@linkcode TrainerState} whose parts fit its networks. */
export const trainerStateSchema: z.ZodType<TrainerState> = z.strictObject({
  config: ppoConfigSchema,
  sizes: z.strictObject({
    actor: sizes,
    critic: sizes,
    common: z.strictObject({ actor: count, critic: count }),
  }),
  parameters: z.instanceof(Float32Array),
  adam: z.strictObject({
    step: count,
    mean: z.instanceof(Float64Array),
    square: z.instanceof(Float64Array),
  }),
  observations: normalizers,
  criticObservations: normalizers.nullable(),
  returns: normalizer,
  shuffling: streamState,
  timesteps: count,
  parts: z.array(z.strictObject({
    environment: z.unknown().optional(),
    explorations: z.array(streamState),
    episodeReturns: z.instanceof(Float64Array),
  })),
}).superRefine((state, context) => {
  const lengths: readonly [string, number, number][] = [
    ["parameters", state.parameters.length, totalParameters(state.sizes)],
    ["adam.mean", state.adam.mean.length, state.parameters.length],
    ["adam.square", state.adam.square.length, state.parameters.length],
    ...blockLengths("observations", state.observations, inputSizes(state.sizes, "actor")),
    ...normalizerLengths("returns", state.returns, 1),
    ...(state.criticObservations === null ? [] : blockLengths(
      "criticObservations",
      state.criticObservations,
      inputSizes(state.sizes, "critic"),
    )),
  ];
  for (const [name, numbers] of numbersOf(state)) {
    if (numbers.every((number) => Number.isFinite(number))) continue;
    context.addIssue({ code: "custom", path: [name], message: "must be finite numbers" });
  }
  for (const [name, actual, expected] of lengths) {
    if (actual !== expected) {
      context.addIssue({
        code: "custom",
        path: [name],
        message: `must hold ${expected} numbers, got ${actual}`,
      });
    }
  }
});

function numbersOf(state: TrainerState): [string, Float32Array | Float64Array][] {
  const { parameters, adam, observations, criticObservations, returns } = state;
  return [
    ["parameters", parameters],
    ["adam.mean", adam.mean],
    ["adam.square", adam.square],
    ...normalizerNumbers("returns", returns),
    ...blockNumbers("observations", observations),
    ...(criticObservations === null ? [] : blockNumbers("criticObservations", criticObservations)),
  ];
}

function blockNumbers(
  name: string,
  { common, own }: Blocks<NormalizerState>,
): [string, Float64Array][] {
  return [...normalizerNumbers(`${name}.common`, common), ...normalizerNumbers(`${name}.own`, own)];
}

function normalizerNumbers(name: string, state: NormalizerState): [string, Float64Array][] {
  return [[`${name}.mean`, state.mean], [`${name}.squaredDeviations`, state.squaredDeviations]];
}

function blockLengths(
  name: string,
  { common, own }: Blocks<NormalizerState>,
  sizes: Blocks<number>,
): [string, number, number][] {
  return [
    ...normalizerLengths(`${name}.common`, common, sizes.common),
    ...normalizerLengths(`${name}.own`, own, sizes.own),
  ];
}

function normalizerLengths(
  name: string,
  state: NormalizerState,
  size: number,
): [string, number, number][] {
  return [
    [`${name}.mean`, state.mean.length, size],
    [`${name}.squaredDeviations`, state.squaredDeviations.length, size],
  ];
}
