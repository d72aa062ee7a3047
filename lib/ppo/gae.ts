/**
 * Generalised advantage estimation.
 *
 *     δₜ = rₜ + γ·(1 − terminatedₜ)·V(s′ₜ) − V(sₜ)
 *     Âₜ = δₜ + γλ·(1 − endedₜ)·Âₜ₊₁
 *
 * s′ₜ is the true successor of sₜ, also where the episode was truncated and the next row already
 * shows another episode; an episode that terminated has none.
 *
 * Source: Schulman et al., High-Dimensional Continuous Control Using Generalized Advantage
 * Estimation, 2016, equation 16.
 *
 * @module
 */

/** A rollout as the estimator sees it; arrays are [steps × rows]. */
export interface Trajectories {
  /** Rows that step together. */
  readonly rows: number;
  /** Reward of the step. */
  readonly rewards: Float64Array;
  /** Value of the state that the step left, in units of the reward. */
  readonly values: Float64Array;
  /** Value of the state that the step led to; of no effect where it terminated. */
  readonly nextValues: Float64Array;
  /** 1 where the episode ended for good. */
  readonly terminated: Uint8Array;
  /** 1 where the episode was interrupted. */
  readonly truncated: Uint8Array;
}

/**
 * Writes the advantage of every step into `advantages`, allocating nothing.
 *
 * @example
 * ```ts
 * import { generalizedAdvantages } from "./gae.ts";
 * const advantages = generalizedAdvantages(
 *   {
 *     rows: 1,
 *     rewards: Float64Array.of(1, 1),
 *     values: Float64Array.of(0, 0),
 *     nextValues: Float64Array.of(0, 10),
 *     terminated: Uint8Array.of(0, 1),
 *     truncated: Uint8Array.of(0, 0),
 *   },
 *   0.5,
 *   1,
 *   new Float64Array(2),
 * );
 * if (advantages.join() !== "1.5,1") throw new Error("nothing follows a terminated episode");
 * ```
 */
export function generalizedAdvantages(
  trajectories: Trajectories,
  discount: number,
  lambda: number,
  advantages: Float64Array,
): Float64Array {
  const { rows, rewards, values, nextValues, terminated, truncated } = trajectories;
  for (let i = rewards.length - 1; i >= 0; i--) {
    const successor = terminated[i] ? 0 : nextValues[i];
    const error = rewards[i] + discount * successor - values[i];
    const last = i + rows >= rewards.length || terminated[i] || truncated[i];
    advantages[i] = last ? error : error + discount * lambda * advantages[i + rows];
  }
  return advantages;
}
