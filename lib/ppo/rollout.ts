/**
 * Playing: the policy acts for some steps in all communities at once, and everything that an
 * update needs is written down. Actions are kept raw and unclipped; what the environment makes of
 * them is its own affair. The normalisers stand still during a rollout, so that the networks are
 * trained on exactly what they saw.
 *
 * @module
 */

import type { Stream } from "../random.ts";
import { diagonalGaussian } from "./gaussian.ts";
import type { Network } from "./learner.ts";
import type { Normalizer } from "./normalizer.ts";
import type { StepResult, VectorEnvironment } from "./vector_environment.ts";

/** Who plays, and by what rules. */
export interface Player {
  /** Where it plays. */
  readonly environment: VectorEnvironment;
  /** The mean of the policy. */
  readonly policy: Network;
  /** Natural logarithm of each action's standard deviation. */
  readonly logStd: Float32Array;
  /** Scales what the policy sees. */
  readonly observationNormalizer: Normalizer;
  /** Scales what a community critic sees; null for an independent critic. */
  readonly criticNormalizer: Normalizer | null;
  /** Draws the actions. */
  readonly random: Stream;
  /** Return of each row's current episode so far; continued in place. */
  readonly episodeReturns: Float64Array;
}

/** Observations of a rollout. */
export interface Views {
  /** As they came. [steps × rows × size] */
  readonly raw: Float64Array;
  /** As the network saw them. [steps × rows × size] */
  readonly normalized: Float32Array;
}

/** What was played; arrays are [steps × rows]. */
export interface Rollout {
  /** What the policy saw. */
  readonly policyViews: Views;
  /** What the critic saw: the same arrays for an independent critic. */
  readonly criticViews: Views;
  /** Raw actions. [steps × rows × actionSize] */
  readonly actions: Float64Array;
  /** Log-density of the actions. [nat] */
  readonly logProbabilities: Float64Array;
  /** Rewards as they came. */
  readonly rewards: Float64Array;
  /** 1 where the episode ended for good. */
  readonly terminated: Uint8Array;
  /** 1 where the episode was interrupted. */
  readonly truncated: Uint8Array;
  /** Steps whose successor is not the next step: interrupted ones, and those at the end. */
  readonly openEnds: readonly number[];
  /** What the critic saw of those successors. [openEnds × size] */
  readonly openViews: Float32Array;
  /** Return of every episode of a row that ended. */
  readonly finishedReturns: readonly number[];
  /** What the policy sees next; belongs to the environment. */
  readonly observation: Float64Array;
}

/**
 * Plays `steps` steps from `observation` on.
 *
 * @throws {Error} If the environment truncates an episode without saying what was seen last.
 */
export function collectRollout(player: Player, steps: number, observation: Float64Array): Rollout {
  const { environment, observationNormalizer, criticNormalizer, episodeReturns } = player;
  const { rows, actionSize } = environment;
  const { policyViews, criticViews, ...record } = allocate(player, steps);
  const gaussian = diagonalGaussian(player.logStd);
  const criticScale = criticNormalizer ?? observationNormalizer;
  const criticSees = () =>
    criticNormalizer === null ? observation : environment.criticObservation!();
  const openEnds: number[] = [];
  const openViews: number[] = [];
  const finishedReturns: number[] = [];

  const leaveOpen = (at: number, row: number, successors: Float64Array) => {
    const width = successors.length / rows;
    const successor = successors.subarray(row * width, (row + 1) * width);
    openEnds.push(at);
    openViews.push(...criticScale.normalize(successor, new Float32Array(width)));
  };

  for (let step = 0; step < steps; step++) {
    const first = step * rows;
    const seen = write(policyViews, step, observation, observationNormalizer);
    if (criticNormalizer !== null) write(criticViews, step, criticSees(), criticNormalizer);
    const means = player.policy.forward(seen);
    const actions = record.actions.subarray(first * actionSize, (first + rows) * actionSize);
    gaussian.sample(means, player.random, actions);
    for (let row = 0; row < rows; row++) {
      record.logProbabilities[first + row] = gaussian.logProbability(actions, means, row);
    }

    const result = environment.step(actions);
    observation = result.observation;
    record.rewards.set(result.reward, first);
    record.terminated.set(result.terminated, first);
    record.truncated.set(result.truncated, first);
    for (let row = 0; row < rows; row++) {
      episodeReturns[row] += result.reward[row];
      const terminated = result.terminated[row] === 1;
      const interrupted = result.truncated[row] === 1 && !terminated;
      if (interrupted) leaveOpen(first + row, row, lastViews(result, criticNormalizer !== null));
      if (terminated || interrupted) {
        finishedReturns.push(episodeReturns[row]);
        episodeReturns[row] = 0;
      }
    }
  }
  const next = criticSees();
  for (let row = 0, at = (steps - 1) * rows; row < rows; row++, at++) {
    if (!record.terminated[at] && !record.truncated[at]) leaveOpen(at, row, next);
  }
  return {
    ...record,
    policyViews,
    criticViews,
    openEnds,
    openViews: Float32Array.from(openViews),
    finishedReturns,
    observation,
  };
}

function allocate({ environment, criticNormalizer }: Player, steps: number) {
  const size = steps * environment.rows;
  const views = (width: number): Views => ({
    raw: new Float64Array(size * width),
    normalized: new Float32Array(size * width),
  });
  const policyViews = views(environment.observationSize);
  return {
    policyViews,
    criticViews: criticNormalizer === null
      ? policyViews
      : views(environment.criticObservationSize!),
    actions: new Float64Array(size * environment.actionSize),
    logProbabilities: new Float64Array(size),
    rewards: new Float64Array(size),
    terminated: new Uint8Array(size),
    truncated: new Uint8Array(size),
  };
}

/** Stores one step's observations and answers them as the network is to see them. */
function write(
  { raw, normalized }: Views,
  step: number,
  observation: Float64Array,
  normalizer: Normalizer,
): Float32Array {
  const from = step * observation.length;
  raw.set(observation, from);
  return normalizer.normalize(
    observation,
    normalized.subarray(from, from + observation.length),
  );
}

function lastViews(result: StepResult, community: boolean): Float64Array {
  const views = community ? result.finalCriticObservation : result.finalObservation;
  if (views === undefined) {
    const name = community ? "finalCriticObservation" : "finalObservation";
    throw new Error(
      `the environment truncated an episode without ${name}; let step() answer it, or terminate`,
    );
  }
  return views;
}
