/**
 * All that is learned, in one flat vector: the actor, the logarithms of the policy's standard
 * deviations, the critic. One vector makes the optimiser and the checkpoint simple.
 *
 * @module
 */

import { log } from "../arithmetic.ts";
import type { Stream } from "../random.ts";
import type { Blocks } from "./blocks.ts";
import { initializeMlp, type LayerSizes, parameterCount } from "./mlp.ts";

/** A nearly constant first policy explores evenly; the critic's output has no reason to be small. */
const ACTOR_GAIN = 0.01;
const CRITIC_GAIN = 1;

/** Widths of both networks, whose inputs begin with the common block. */
export interface NetworkSizes {
  /** From the observation to the action's mean. */
  readonly actor: LayerSizes;
  /** From what the critic sees to one value. */
  readonly critic: LayerSizes;
  /** Inputs that are of the common block. */
  readonly common: { readonly actor: number; readonly critic: number };
}

/** The vector and its parts, which are views of it. */
export interface Parameters {
  /** Widths of both networks. */
  readonly sizes: NetworkSizes;
  /** Everything: `actor`, then `logStd`, then `critic`. */
  readonly all: Float32Array;
  /** Weights and biases of the policy's mean. */
  readonly actor: Float32Array;
  /** Natural logarithm of each action's standard deviation. */
  readonly logStd: Float32Array;
  /** Weights and biases of the value. */
  readonly critic: Float32Array;
}

/** Length of the vector. */
export function totalParameters(sizes: NetworkSizes): number {
  return parameterCount(sizes.actor) + sizes.actor[sizes.actor.length - 1] +
    parameterCount(sizes.critic);
}

/** The parts of `all`. */
export function parameterViews(sizes: NetworkSizes, all: Float32Array): Parameters {
  const actorEnd = parameterCount(sizes.actor);
  const criticStart = actorEnd + sizes.actor[sizes.actor.length - 1];
  return {
    sizes,
    all,
    actor: all.subarray(0, actorEnd),
    logStd: all.subarray(actorEnd, criticStart),
    critic: all.subarray(criticStart),
  };
}

/**
 * Fresh parameters: orthogonal weights, zero biases, one standard deviation for all actions.
 *
 * @example
 * ```ts
 * import { stream } from "../random.ts";
 * import { initialParameters } from "./parameters.ts";
 * const sizes = { actor: [4, 8, 2], critic: [4, 8, 1], common: { actor: 3, critic: 3 } };
 * const { logStd } = initialParameters(sizes, 0.5, stream(7, "initial weights"));
 * if (logStd.length !== 2 || Math.abs(Math.exp(logStd[0]) - 0.5) > 1e-6) throw new Error();
 * ```
 */
export function initialParameters(
  sizes: NetworkSizes,
  initialStd: number,
  random: Stream,
): Parameters {
  const parameters = parameterViews(sizes, new Float32Array(totalParameters(sizes)));
  initializeMlp(sizes.actor, parameters.actor, ACTOR_GAIN, random);
  initializeMlp(sizes.critic, parameters.critic, CRITIC_GAIN, random);
  parameters.logStd.fill(log(initialStd));
  return parameters;
}

/** Inputs of a network in either block. */
export function inputSizes(sizes: NetworkSizes, network: "actor" | "critic"): Blocks<number> {
  const common = sizes.common[network];
  return { common, own: sizes[network][0] - common };
}
