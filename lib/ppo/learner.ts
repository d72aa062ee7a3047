/**
 * What every backend offers to training: the networks where the backend keeps them, forward passes,
 * the gradient of a minibatch, and Adam's step.
 *
 * @module
 */

import type { AdamState } from "./adam.ts";
import type { Arrays } from "./arrays.ts";
import type { LossConfig, LossTargets, Objective } from "./loss.ts";
import type { Network } from "./network.ts";
import type { Parameters } from "./parameters.ts";
import type { Rollout } from "./rollout.ts";

/** What the networks saw in a rollout. */
export type SeenViews = Pick<Rollout, "agentsPerCommunity" | "policyViews" | "criticViews">;

/** Samples of one gradient step, by whole communities. */
export interface Minibatch {
  /** Communities in a step, by their place in the rollout: all their agents' samples are meant. */
  readonly chosen: Uint32Array;
  /** What the objective compares the networks' outputs with, agent by agent in the same order. */
  readonly targets: LossTargets;
}

/** The knobs of a descent. */
export interface DescentConfig {
  /** Longest gradient; a longer one is cut. */
  readonly maxGradientNorm: number;
  /** Adam's ε. */
  readonly adamEpsilon: number;
}

/** Networks in training. */
export interface Learner {
  /** Where arrays that it reads are best kept. */
  readonly arrays: Arrays;
  /** What is learned; others may read it between two calls. */
  readonly parameters: Parameters;
  /** The optimiser's memory; others may read it between two calls. */
  readonly adam: AdamState;
  /** Gradient of the last minibatch. */
  readonly gradient: Float64Array;
  /** Mean of the policy. */
  readonly actor: Network;
  /** Value. */
  readonly critic: Network;
  /** Takes in what was seen, of which minibatches are drawn from now on. */
  load(seen: SeenViews): void;
  /** The objective of a minibatch; its gradient is kept for {@linkcode Learner.descend}. */
  differentiate(batch: Minibatch, config: LossConfig): Objective;
  /**
   * Takes one step against the last gradient; none if the gradient is not finite.
   *
   * @returns The norm of the gradient before it was cut.
   */
  descend(learningRate: number, config: DescentConfig): number;
}
