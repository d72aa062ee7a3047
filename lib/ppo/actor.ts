/**
 * A trained policy on its own: what a simulation needs to act. On the kernels its actions are those
 * of training; the plain path computes them in float64, slower, and agrees to about 1e-6.
 *
 * @module
 */

import type { Stream } from "../random.ts";
import type { ActorWeights } from "./actor_weights.ts";
import { type Blocks, eachBlock, flatRows } from "./blocks.ts";
import { diagonalGaussian } from "./gaussian.ts";
import { createMlp } from "./mlp.ts";
import { restoreNormalizers } from "./normalizer.ts";
import { type MarkUnfamiliar, unfamiliarTo } from "./unfamiliar.ts";
import { createPolicyNetwork } from "./wasm/policy_network.ts";
import { startPolicyTeam } from "./wasm/policy_team.ts";

/** A policy for any number of rows; raw actions, which the environment makes feasible. */
export interface Actor {
  /** Marks the features that lie outside of what it was trained on, common ones first. */
  readonly markUnfamiliar: MarkUnfamiliar;
  /** Writes the mean action of what is seen into `actions`. [rows × actionSize] */
  mean(seen: Blocks<Float64Array>, actions: Float64Array): Float64Array;
  /** Writes a random action for what is seen into `actions`. [rows × actionSize] */
  sample(seen: Blocks<Float64Array>, random: Stream, actions: Float64Array): Float64Array;
}

/** How a policy is computed: by the kernels, or for comparison by plain typed arrays. */
export type Inference = "kernels" | "plain";

/**
 * The policy with the given weights, of which it keeps a copy.
 *
 * @throws {Error} If `inference` is `kernels` and this runtime cannot run them.
 *
 * @example
 * ```ts
 * import { createActor } from "./actor.ts";
 * const unseen = (size: number) => ({
 *   count: 0,
 *   mean: new Float64Array(size),
 *   squaredDeviations: new Float64Array(size),
 * });
 * const actor = createActor({
 *   sizes: [1, 1],
 *   parameters: Float32Array.of(2, 1),
 *   logStd: Float32Array.of(0),
 *   normalizer: { common: unseen(0), own: unseen(1) },
 *   observationClip: 10,
 * });
 * const seen = { common: new Float64Array(0), own: Float64Array.of(3, 4) };
 * const actions = actor.mean(seen, new Float64Array(2));
 * if (actions.join() !== "7,9") throw new Error(`2x + 1 of 3 and 4 is ${actions}`);
 * ```
 */
export function createActor(weights: ActorWeights, inference: Inference = "kernels"): Actor {
  return actorOf(
    inference === "kernels" ? createPolicyNetwork(weights) : plainNetwork(weights),
    weights,
  );
}

/** An actor on several threads; dispose of it to end them. */
export interface ActorTeam extends Actor, Disposable {}

/**
 * The policy with the given weights on several threads, for communities of many thousands: the same
 * actions, bit for bit.
 *
 * @param weights What the policy acts by; a copy is kept.
 * @param workers Threads, this one included.
 * @throws {Error} If this runtime cannot run the kernels, or a Worker does not start.
 *
 * @example
 * ```ts
 * import { createActorTeam } from "./actor.ts";
 * const unseen = (size: number) => ({
 *   count: 0,
 *   mean: new Float64Array(size),
 *   squaredDeviations: new Float64Array(size),
 * });
 * const weights = {
 *   sizes: [1, 1],
 *   parameters: Float32Array.of(2, 1),
 *   logStd: Float32Array.of(0),
 *   normalizer: { common: unseen(0), own: unseen(1) },
 *   observationClip: 10,
 * };
 * using team = await createActorTeam(weights, 2);
 * const seen = { common: new Float64Array(0), own: new Float64Array(5_000).fill(3) };
 * const actions = team.mean(seen, new Float64Array(5_000));
 * if (!actions.every((action) => action === 7)) throw new Error("2x + 1 of 3 is 7");
 * ```
 */
export async function createActorTeam(
  weights: ActorWeights,
  workers: number,
): Promise<ActorTeam> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers must be a whole number of at least 1, got ${workers}`);
  }
  const team = await startPolicyTeam(weights, workers);
  return { ...actorOf(team.means, weights), [Symbol.dispose]: team.close };
}

/** Writes the mean actions of what is seen. */
type Means = (seen: Blocks<Float64Array>, actions: Float64Array) => void;

function actorOf(means: Means, weights: ActorWeights): Actor {
  const gaussian = diagonalGaussian(weights.logStd);
  return {
    markUnfamiliar: unfamiliarTo(weights),
    mean(seen, actions) {
      means(seen, actions);
      return actions;
    },
    sample(seen, random, actions) {
      means(seen, actions);
      return gaussian.sample(actions, random, actions);
    },
  };
}

function plainNetwork({ sizes, parameters, normalizer, observationClip }: ActorWeights): Means {
  const network = createMlp(sizes, parameters);
  const normalizers = restoreNormalizers(normalizer, observationClip);
  const inputs = eachBlock((block) => normalizer[block].mean.length);
  return (seen, actions) => {
    const scaled = eachBlock((block) =>
      normalizers[block].normalize(seen[block], new Float64Array(seen[block].length))
    );
    const rows = seen.own.length / inputs.own;
    const flat = flatRows(scaled, inputs, new Float64Array(rows * sizes[0]));
    actions.set(network(flat, rows));
  };
}
