/**
 * A way to learn, for `deno task train --algorithm`: it gets the market as a learner sees it and
 * answers, whenever it is asked, the policy that it has learned so far. Training, validation, the
 * choice of the best, the test and all files are the laboratory's.
 *
 * @module
 */

import type { ActorWeights } from "./actor_weights.ts";
import type { ExperimentConfig } from "./experiment.ts";
import type { MarketTrainingEnvironment } from "./market_environment.ts";

/** What a training is begun with. */
export interface AlgorithmOptions {
  /** Seed of everything random. */
  readonly seed: number;
  /** Slots of one community to play in all. */
  readonly timesteps: number;
  /** The configuration; an algorithm reads of `ppo` what it has in common. */
  readonly experiment: ExperimentConfig;
}

/** A training in progress. */
export interface Learning {
  /** Slots of one community played so far. */
  readonly timesteps: number;
  /**
   * Plays and learns a little.
   *
   * @returns Numbers for the learning curve, by the names of its columns, and for trackers.
   */
  iterate(): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
  /** The policy so far: a network of tanh layers, and what its inputs are normalised by. */
  weights(): ActorWeights;
}

/**
 * A way to learn.
 *
 * @example Learns nothing
 * ```ts
 * import type { Algorithm } from "./algorithm.ts";
 * import { createNormalizer } from "./normalizer.ts";
 * export const idle: Algorithm = {
 *   name: "idle",
 *   begin(market, { timesteps }) {
 *     const { common, own } = market.observationSize;
 *     const unseen = (size: number) => createNormalizer(size).state();
 *     return {
 *       timesteps,
 *       iterate: () => ({}),
 *       weights: () => ({
 *         sizes: [common + own, market.actionSize],
 *         parameters: new Float32Array((common + own + 1) * market.actionSize),
 *         logStd: new Float32Array(market.actionSize),
 *         normalizer: { common: unseen(common), own: unseen(own) },
 *         observationClip: 10,
 *       }),
 *     };
 *   },
 * };
 * ```
 */
export interface Algorithm {
  /** Names it in files. */
  readonly name: string;
  /** Begins; `market` is not reset yet. */
  begin(market: MarketTrainingEnvironment, options: AlgorithmOptions): Learning | Promise<Learning>;
}
