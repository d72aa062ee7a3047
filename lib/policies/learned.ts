/**
 * What PPO has learned, as a policy: every agent acts on its own observation with shared weights.
 *
 * @module
 */

import type { BatteryActionSpan } from "../env/action.ts";
import { type ActionMeaning, rawFromMeritOrder } from "../env/merit_order.ts";
import type { Actor } from "../ppo/actor.ts";
import type { Policy } from "./policy.ts";

/** How to read an actor. */
export interface LearnedOptions {
  /** What its numbers mean: the `actions` that it was trained with. */
  readonly actions: ActionMeaning;
  /** What the environment's battery action spans. */
  readonly span: BatteryActionSpan;
  /** Names the policy in results; `learned` if absent. */
  readonly name?: string;
}

/** The policy that takes the actor's mean action. */
export function learnedPolicy(
  actor: Actor,
  { actions: meaning, span, name = "learned" }: LearnedOptions,
): Policy {
  return {
    name,
    act(observation, actions) {
      actor.mean(observation, actions);
      if (meaning === "merit-order") rawFromMeritOrder(actions, observation, span, actions);
    },
  };
}
