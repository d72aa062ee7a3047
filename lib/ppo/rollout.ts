/**
 * Playing: the policy acts for some steps in all communities at once, and everything that an
 * update needs is written down. Actions are kept raw and unclipped; what the environment makes of
 * them is its own affair. The normalisers stand still during a rollout, so that the networks are
 * trained on exactly what they saw.
 *
 * Several players may fill the same rollout, each the rows of its part of the communities.
 *
 * @module
 */

import type { Stream } from "../random.ts";
import type { Arrays } from "./arrays.ts";
import { type Blocks, eachBlock } from "./blocks.ts";
import { diagonalGaussian } from "./gaussian.ts";
import type { Network } from "./network.ts";
import type { Normalizer } from "./normalizer.ts";
import type { StepResult, VectorEnvironment, VectorObservation } from "./vector_environment.ts";

/** Who plays, and by what rules. */
export interface Player {
  /** Where it plays. */
  readonly environment: VectorEnvironment;
  /** Row of the rollout that is the environment's first. */
  readonly firstRow: number;
  /** Whether the teacher says what it would have done. */
  readonly taught: boolean;
  /** The mean of the policy. */
  readonly policy: Network;
  /** The value. */
  readonly critic: Network;
  /** Natural logarithm of each action's standard deviation. */
  readonly logStd: Float32Array;
  /** Scales what the policy sees. */
  readonly observationNormalizer: Blocks<Normalizer>;
  /** Scales what a community critic sees; null for an independent critic. */
  readonly criticNormalizer: Blocks<Normalizer> | null;
  /** Scales values. */
  readonly returnNormalizer: Normalizer;
  /** Draws the actions of each community. */
  readonly explorations: readonly Stream[];
  /** Return of each row's current episode so far; continued in place. */
  readonly episodeReturns: Float64Array;
}

/** Observations of a rollout: [steps × communities × common] and [steps × rows × own]. */
export interface Views {
  /** As they came. */
  readonly raw: Blocks<Float64Array>;
  /** As the network saw them. */
  readonly normalized: Blocks<Float32Array>;
}

/** What was played; arrays are [steps × rows]. */
export interface Rollout {
  /** Steps of each row. */
  readonly steps: number;
  /** Rows that step together. */
  readonly rows: number;
  /** Rows of a community, which follow one another. */
  readonly agentsPerCommunity: number;
  /** What the policy saw. */
  readonly policyViews: Views;
  /** What the critic saw: the same arrays for an independent critic. */
  readonly criticViews: Views;
  /** Raw actions. [steps × rows × actionSize] */
  readonly actions: Float64Array;
  /** What a teacher would have done; nothing where there is none. [steps × rows × actionSize] */
  readonly teacherActions: Float64Array;
  /** How much each of its numbers counts. [steps × rows × actionSize] */
  readonly teacherWeights: Float64Array;
  /** Log-density of the actions. [nat] */
  readonly logProbabilities: Float64Array;
  /** Rewards as they came. */
  readonly rewards: Float64Array;
  /** Value of the state that the step left, in units of the reward. */
  readonly values: Float64Array;
  /** Value of the state that the step led to. */
  readonly nextValues: Float64Array;
  /** 1 where the episode ended for good. */
  readonly terminated: Uint8Array;
  /** 1 where the episode was interrupted. */
  readonly truncated: Uint8Array;
  /** Return of the row's episode where it ended, NaN elsewhere. */
  readonly finishedReturns: Float64Array;
}

/** What decides how much a rollout holds. */
export interface RolloutShape {
  /** Steps of each row. */
  readonly steps: number;
  /** Rows that step together. */
  readonly rows: number;
  /** Rows of a community. */
  readonly agentsPerCommunity: number;
  /** Numbers that the policy sees. */
  readonly observationSize: Blocks<number>;
  /** Numbers that a community critic sees; null for an independent critic. */
  readonly criticSize: Blocks<number> | null;
  /** Numbers that are decided. */
  readonly actionSize: number;
  /** Whether there is a teacher. */
  readonly taught: boolean;
}

/** Room for a rollout. */
export function allocateRollout(
  arrays: Arrays,
  { steps, rows, agentsPerCommunity, observationSize, criticSize, actionSize, taught }:
    RolloutShape,
): Rollout {
  const count = steps * rows;
  const seen = { common: count / agentsPerCommunity, own: count };
  const views = (sizes: Blocks<number>): Views => ({
    raw: eachBlock((block) => arrays.float64(seen[block] * sizes[block])),
    normalized: eachBlock((block) => arrays.float32(seen[block] * sizes[block])),
  });
  const policyViews = views(observationSize);
  return {
    steps,
    rows,
    agentsPerCommunity,
    policyViews,
    criticViews: criticSize === null ? policyViews : views(criticSize),
    actions: arrays.float64(count * actionSize),
    teacherActions: arrays.float64(taught ? count * actionSize : 0),
    teacherWeights: arrays.float64(taught ? count * actionSize : 0),
    logProbabilities: arrays.float64(count),
    rewards: arrays.float64(count),
    values: arrays.float64(count),
    nextValues: arrays.float64(count),
    terminated: arrays.uint8(count),
    truncated: arrays.uint8(count),
    finishedReturns: arrays.float64(count),
  };
}

/**
 * Plays a rollout from `observation` on.
 *
 * @returns What the policy sees next; it belongs to the environment.
 * @throws {Error} If the environment truncates an episode without saying what was seen last.
 */
export function playRollout(
  player: Player,
  rollout: Rollout,
  observation: VectorObservation,
): VectorObservation {
  const { environment, observationNormalizer, criticNormalizer, returnNormalizer } = player;
  const { rows, agentsPerCommunity, actionSize } = environment;
  const counts = { common: rows / agentsPerCommunity, own: rows };
  const gaussian = diagonalGaussian(player.logStd);
  const criticScale = criticNormalizer ?? observationNormalizer;
  const criticSees = () =>
    criticNormalizer === null ? observation : environment.criticObservation!();
  const openEnds: number[] = [];
  const openViews: Blocks<Float32Array>[] = [];

  const leaveOpen = (at: number, row: number, successors: VectorObservation) => {
    const places = { common: Math.floor(row / agentsPerCommunity), own: row };
    openEnds.push(at);
    openViews.push(eachBlock((block) => {
      const width = successors[block].length / counts[block];
      const from = places[block] * width;
      const successor = successors[block].subarray(from, from + width);
      return criticScale[block].normalize(successor, new Float32Array(width));
    }));
  };

  let first = player.firstRow;
  for (let step = 0; step < rollout.steps; step++, first += rollout.rows) {
    const share = first / rows;
    const seen = write(rollout.policyViews, share, observation, observationNormalizer);
    const criticSeen = criticNormalizer === null
      ? seen
      : write(rollout.criticViews, share, criticSees(), criticNormalizer);
    const values = rollout.values.subarray(first, first + rows);
    returnNormalizer.denormalize(player.critic.forward(criticSeen), values);
    if (step > 0) rollout.nextValues.set(values, first - rollout.rows);
    const actions = rollout.actions.subarray(first * actionSize, (first + rows) * actionSize);
    const means = player.policy.forward(seen);
    drawActions(player, means, actions);
    for (let row = 0; row < rows; row++) {
      rollout.logProbabilities[first + row] = gaussian.logProbability(actions, means, row);
    }

    if (player.taught) {
      const [from, to] = [first, first + rows].map((row) => row * actionSize);
      environment.teach!(
        rollout.teacherActions.subarray(from, to),
        rollout.teacherWeights.subarray(from, to),
      );
    }
    const result = environment.step(actions);
    observation = result.observation;
    rollout.rewards.set(result.reward, first);
    rollout.terminated.set(result.terminated, first);
    rollout.truncated.set(result.truncated, first);
    for (let row = 0; row < rows; row++) {
      player.episodeReturns[row] += result.reward[row];
      const terminated = result.terminated[row] === 1;
      const interrupted = result.truncated[row] === 1 && !terminated;
      if (interrupted) leaveOpen(first + row, row, lastViews(result, criticNormalizer !== null));
      rollout.finishedReturns[first + row] = NaN;
      if (terminated || interrupted) {
        rollout.finishedReturns[first + row] = player.episodeReturns[row];
        player.episodeReturns[row] = 0;
      }
    }
  }
  const next = criticSees();
  for (let row = 0, at = first - rollout.rows; row < rows; row++, at++) {
    if (!rollout.terminated[at] && !rollout.truncated[at]) leaveOpen(at, row, next);
  }
  if (openEnds.length > 0) {
    const outputs = player.critic.forward(joined(openViews));
    const values = returnNormalizer.denormalize(outputs, new Float64Array(outputs.length));
    openEnds.forEach((at, k) => rollout.nextValues[at] = values[k]);
  }
  return observation;
}

/** Every community draws from a stream of its own, whoever plays it. */
function drawActions(
  { explorations, logStd, environment: { agentsPerCommunity } }: Player,
  means: Float32Array,
  actions: Float64Array,
): void {
  const gaussian = diagonalGaussian(logStd);
  const width = agentsPerCommunity * logStd.length;
  explorations.forEach((random, c) => {
    const [from, to] = [c * width, (c + 1) * width];
    gaussian.sample(means.subarray(from, to), random, actions.subarray(from, to));
  });
}

/**
 * Stores one step's observations and answers them as the network is to see them. `before` is how many
 * times as many rows come first.
 */
function write(
  { raw, normalized }: Views,
  before: number,
  observation: VectorObservation,
  normalizer: Blocks<Normalizer>,
): Blocks<Float32Array> {
  return eachBlock((block) => {
    const { length } = observation[block];
    const from = Math.round(before * length);
    raw[block].set(observation[block], from);
    const to = normalized[block].subarray(from, from + length);
    return normalizer[block].normalize(observation[block], to);
  });
}

function lastViews(result: StepResult, community: boolean): VectorObservation {
  const views = community ? result.finalCriticObservation : result.finalObservation;
  if (views === undefined) {
    const name = community ? "finalCriticObservation" : "finalObservation";
    throw new Error(
      `the environment truncated an episode without ${name}; let step() answer it, or terminate`,
    );
  }
  return views;
}

/** Each view as a community of one row. */
function joined(views: readonly Blocks<Float32Array>[]): Blocks<Float32Array> {
  return eachBlock((block) => {
    const width = views[0][block].length;
    const all = new Float32Array(views.length * width);
    views.forEach((view, k) => all.set(view[block], k * width));
    return all;
  });
}
