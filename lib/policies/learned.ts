/**
 * What PPO has learned, as a policy: every agent acts on its own observation with shared weights.
 *
 * @module
 */

import type { Actor } from "../ppo/actor.ts";
import type { Policy } from "./policy.ts";

/** The policy that takes the actor's mean action. */
export function learnedPolicy(actor: Actor, name: string = "learned"): Policy {
  return { name, act: (observation, actions) => void actor.mean(observation, actions) };
}
