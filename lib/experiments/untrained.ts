/**
 * The actor at its start, as a policy: what the form of the action gives before anything is learned.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { observationNames } from "../env/agent_rows.ts";
import { seedName } from "../evaluation/ladder.ts";
import { learnedPolicy } from "../policies/learned.ts";
import type { Policy } from "../policies/policy.ts";
import { createActor } from "../ppo/actor.ts";
import type { ExperimentConfig } from "../ppo/experiment.ts";
import { MarketTrainingEnvironment } from "../ppo/market_environment.ts";
import { actorWeights, initialState } from "../ppo/trainer_state.ts";

/** What it is called in results. */
export const UNTRAINED = "untrained";

/** A policy for each seed: the actor with which a training of that seed begins. */
export function untrainedPolicies(
  seeds: readonly number[],
  { environment, training, ppo }: ExperimentConfig,
  dataset: Dataset,
): Policy[] {
  const options = { ...training, communities: 1, firstSlots: [0] };
  const market = new MarketTrainingEnvironment(dataset, environment, options);
  const names = observationNames(dataset, environment);
  return seeds.map((seed) =>
    learnedPolicy(createActor(actorWeights(initialState(market, ppo, seed))), {
      observationNames: names,
      name: seedName(UNTRAINED, seed),
    })
  );
}
