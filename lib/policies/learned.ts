/**
 * What PPO has learned, as a policy: every agent acts on its own observation with shared weights, in
 * homes with any mix of the stores that it was trained with ({@link ../env/agent_rows.ts}).
 *
 * @module
 */

import { agentRows, kindsAmong } from "../env/agent_rows.ts";
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
    begin({ world, observationSpace: { common }, rows: homes }) {
      const rows = agentRows(world, kindsAmong(observationNames));
      requireSameFeatures(observationNames, [...common, ...rows.own]);
      const said = new Float64Array(homes * rows.perHome * rows.numbers.length);
      return ({ common, own }, { numbers }) => {
        const seen = { common, own: rows.spread(own) };
        if (warn !== undefined) tell(seen);
        rows.gather(actor.mean(seen, said), numbers);
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
