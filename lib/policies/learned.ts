/**
 * What PPO has learned, as a policy: every agent acts on its own observation with shared weights.
 *
 * @module
 */

import { flatObservation } from "../env/observe.ts";
import type { Actor } from "../ppo/actor.ts";
import type { Policy } from "./policy.ts";

/**
 * The policy that takes the actor's mean action.
 *
 * @param name Names the policy in results.
 */
export function learnedPolicy(actor: Actor, name: string = "learned"): Policy {
  return {
    name,
    begin({ communities, homes, rows, observationSpace: { common, own } }) {
      const flat = new Float64Array(rows * (common.length + own.length));
      return (observation, { numbers }) => {
        flatObservation(observation, communities, homes, flat);
        actor.mean(flat, numbers);
      };
    },
  };
}
