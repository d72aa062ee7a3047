/**
 * Environment runners: each plays a shard of the communities and remembers where it is. A training
 * is always cut into the same shards, each with streams of its own; how many threads share them
 * changes no number.
 *
 * @module
 */

import { restoreStream, stream, type StreamState } from "../random.ts";
import type { Blocks } from "./blocks.ts";
import type { Network } from "./network.ts";
import { type NormalizerState, restoreNormalizer, restoreNormalizers } from "./normalizer.ts";
import { playRollout, type Rollout } from "./rollout.ts";
import type { VectorEnvironment, VectorObservation } from "./vector_environment.ts";

/** What an environment runner remembers between two rollouts. */
export interface EnvRunnerState {
  /** What the environment answered to `state`; undefined if it has none. */
  readonly environment?: unknown;
  /** States of the streams that draw actions, one for each community. */
  readonly explorations: readonly StreamState[];
  /** Return of each row's current episode so far. */
  readonly episodeReturns: Float64Array;
}

/** Statistics that scale what networks see and say. */
export interface Statistics {
  /** Of what agents see. */
  readonly observations: Blocks<NormalizerState>;
  /** Of what a community critic sees; null for an independent critic. */
  readonly criticObservations: Blocks<NormalizerState> | null;
  /** Of the returns. */
  readonly returns: NormalizerState;
}

/** Networks as an environment runner needs them. */
export interface PlayingNetworks {
  /** The mean of the policy. */
  readonly actor: Network;
  /** The value. */
  readonly critic: Network;
  /** Natural logarithm of each action's standard deviation. */
  readonly logStd: Float32Array;
}

/** An environment runner at work. */
export interface EnvRunner {
  /** Fills its rows of a rollout. */
  play(
    rollout: Rollout,
    networks: PlayingNetworks,
    statistics: Statistics,
    observationClip: number,
    taught: boolean,
  ): void;
  /** A copy of what it remembers. */
  state(): EnvRunnerState;
  /** See {@linkcode VectorEnvironment.takeEpisodeCost}. */
  takeEpisodeCost(): number | null;
}

/** Where an environment runner begins. */
export interface EnvRunnerPlace {
  /** Its number. */
  readonly shard: number;
  /** The rollout's row that is its first. */
  readonly firstRow: number;
  /** Shards in all. */
  readonly shards: number;
  /** Number of its first community. */
  readonly firstCommunity: number;
}

/**
 * An environment runner that begins anew by a seed, or goes on from a state.
 *
 * @throws {Error} If the environment cannot be restored, or shows another number of numbers.
 */
export function createEnvRunner(
  environment: VectorEnvironment,
  { shard, shards, firstRow, firstCommunity }: EnvRunnerPlace,
  from: { readonly seed: number } | { readonly state: EnvRunnerState },
): EnvRunner {
  let observation: VectorObservation;
  const { explorations, episodeReturns } = "state" in from
    ? {
      explorations: from.state.explorations.map(restoreStream),
      episodeReturns: from.state.episodeReturns.slice(),
    }
    : {
      explorations: Array.from(
        { length: environment.rows / environment.agentsPerCommunity },
        (_, c) => stream(from.seed, "exploration", firstCommunity + c),
      ),
      episodeReturns: new Float64Array(environment.rows),
    };
  if ("state" in from) {
    if (environment.restore === undefined) {
      throw new Error("the environment does not save its state; start a new training instead");
    }
    if (from.state.environment === undefined) {
      throw new RangeError("the state of a shard lacks its environment; train again");
    }
    if (episodeReturns.length !== environment.rows) {
      throw new RangeError(
        `the state of a shard must have ${environment.rows} episodeReturns, got ` +
          `${episodeReturns.length}; train again`,
      );
    }
    observation = environment.restore(from.state.environment);
  } else {
    const seed = shards === 1 ? from.seed : stream(from.seed, "part", shard).below(2 ** 31);
    observation = environment.reset(seed);
  }
  const { rows, agentsPerCommunity, observationSize } = environment;
  for (const [block, count] of [["common", rows / agentsPerCommunity], ["own", rows]] as const) {
    const [shown, expected] = [observation[block].length, count * observationSize[block]];
    if (shown === expected) continue;
    throw new RangeError(
      `the environment's first observation has ${shown} ${block} numbers, expected ${expected}`,
    );
  }

  return {
    play(rollout, { actor, critic, logStd }, statistics, observationClip, taught) {
      const { observations, criticObservations, returns } = statistics;
      const player = {
        environment,
        firstRow,
        taught,
        policy: actor,
        critic,
        logStd,
        observationNormalizer: restoreNormalizers(observations, observationClip),
        criticNormalizer: criticObservations &&
          restoreNormalizers(criticObservations, observationClip),
        returnNormalizer: restoreNormalizer(returns),
        explorations,
        episodeReturns,
      };
      observation = playRollout(player, rollout, observation);
    },
    state() {
      const state = environment.state?.();
      return {
        ...(state !== undefined && { environment: structuredClone(state) }),
        explorations: explorations.map((random) => random.state()),
        episodeReturns: episodeReturns.slice(),
      };
    },
    takeEpisodeCost: () => environment.takeEpisodeCost?.() ?? null,
  };
}
