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
  /** What the battery action spanned in training: raw actions mean nothing else. */
  readonly span: BatteryActionSpan;
  /** Names the policy in results; `learned` if absent. */
  readonly name?: string;
}

/**
 * The policy that takes the actor's mean action.
 *
 * Beginning throws a RangeError where raw actions were trained on another span than the
 * environment's.
 */
export function learnedPolicy(
  actor: Actor,
  { actions: meaning, span, name = "learned" }: LearnedOptions,
): Policy {
  return {
    name,
    begin({ config: { batteryAction } }) {
      if (meaning === "raw" && batteryAction !== span) {
        throw new RangeError(
          `environment.batteryAction must be "${span}", with which ${name} was trained, ` +
            `got "${batteryAction}"`,
        );
      }
      return (observation, actions) => {
        actor.mean(observation, actions);
        if (meaning === "raw") return;
        rawFromMeritOrder(actions, observation, batteryAction, actions);
      };
    },
  };
}
