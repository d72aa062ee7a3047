/**
 * What PPO has learned, as a policy: every agent acts on its own observation with shared weights.
 *
 * @module
 */

import type { Observation } from "../env/observe.ts";
import type { Actor } from "../ppo/actor.ts";
import type { Policy } from "./policy.ts";

/** How to read an actor. */
export interface LearnedOptions {
  /** Names the policy in results; `learned` if absent. */
  readonly name?: string;
  /** What it was trained to see, feature by feature. */
  readonly observationNames: readonly string[];
  /** Told, once for each feature, what lies outside of what it was trained on; nobody if absent. */
  readonly warn?: (message: string) => void;
}

/** The policy that takes the actor's mean action. */
export function learnedPolicy(
  actor: Actor,
  { name = "learned", observationNames, warn }: LearnedOptions,
): Policy {
  const told = new Uint8Array(observationNames.length);

  function tell(observation: Observation): void {
    const marks = new Uint8Array(told.length);
    actor.markUnfamiliar(observation, marks);
    const features = observationNames.filter((_, i) => marks[i] === 1 && told[i] === 0);
    if (features.length === 0) return;
    marks.forEach((mark, i) => told[i] |= mark);
    warn!(
      `warning: ${name} sees what it was not trained on, and ignores or cuts ${
        features.join(", ")
      }`,
    );
  }

  return {
    name,
    begin({ observationSpace: { common, own } }) {
      requireSameFeatures(observationNames, [...common, ...own]);
      return (observation, { numbers }) => {
        if (warn !== undefined) tell(observation);
        actor.mean(observation, numbers);
      };
    },
  };
}

/** Refuses an environment that shows other features than those of training, naming the first. */
function requireSameFeatures(trained: readonly string[], shown: readonly string[]): void {
  for (let i = 0; i < Math.max(trained.length, shown.length); i++) {
    if (trained[i] === shown[i]) continue;
    const quote = (feature: string | undefined) =>
      feature === undefined ? "nothing" : `"${feature}"`;
    throw new RangeError(
      `the model was trained on other observations: number ${i + 1} was ${quote(trained[i])} and ` +
        `is ${quote(shown[i])} here; train a model on this environment`,
    );
  }
}
