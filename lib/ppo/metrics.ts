/**
 * What an iteration of training reports.
 *
 * @module
 */

import { createNormalizer } from "./normalizer.ts";
import type { UpdateMetrics } from "./update.ts";

/** What one iteration, a rollout and its update, did. */
export interface IterationMetrics extends UpdateMetrics {
  /** Slots of one community played since the start. */
  readonly timesteps: number;
  /** Slots of one agent played since the start. */
  readonly agentSteps: number;
  /** Episodes of a community that ended in the rollout. */
  readonly episodes: number;
  /** Mean return of an agent in these, undiscounted; null if none ended. */
  readonly meanEpisodeReturn: number | null;
  /** Mean cost of a community in these, where the environment says it; null if none ended. */
  readonly meanEpisodeCost: number | null;
  /** Standard deviation of each action after the update. */
  readonly std: readonly number[];
  /** Share of the returns' variance that the critic explained before the update. */
  readonly explainedVariance: number;
  /** Adam's step size in this iteration. */
  readonly learningRate: number;
}

/** Share of the targets' variance that the predictions explain; 0 where there is none. */
export function explainedVariance(
  predictions: Float64Array,
  targets: Float64Array,
): number {
  const total = squaredDeviations(targets);
  const unexplained = squaredDeviations(targets.map((target, i) => target - predictions[i]));
  return total === 0 ? 0 : 1 - unexplained / total;
}

function squaredDeviations(values: Float64Array): number {
  const normalizer = createNormalizer(1);
  normalizer.update(values);
  return normalizer.state().squaredDeviations[0];
}

/** Mean of the values, null if there are none. */
export function meanOrNull(values: ArrayLike<number>): number | null {
  return values.length === 0
    ? null
    : Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
