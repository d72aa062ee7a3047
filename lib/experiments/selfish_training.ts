/**
 * Homes that learn for themselves, each with weights of its own, in a market whose other homes stand
 * still: one home at a time against all others, or all at once.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { kindsAmong } from "../env/agent_rows.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { Policy } from "../policies/policy.ts";
import { type Actor, createActor } from "../ppo/actor.ts";
import type { PpoConfig } from "../ppo/ppo_config.ts";
import { SeatedMarketEnvironment } from "../ppo/seated_market.ts";
import { createSeparateLearners } from "../ppo/separate_learners.ts";
import { separatePolicy } from "../ppo/separate_policy.ts";
import { storesOf } from "../stores/stores.ts";
import { type Model, policyOf } from "./trained_model.ts";

/** Communities in which a home learns at once. */
const COMMUNITIES = 8;

/** Times that a training is looked at once PPO has begun. */
const LOOKS = 5;

/** What differs from how the model was trained: small steps, little noise, and hours rather than days. */
const RESPONSE: Partial<PpoConfig> = {
  imitationShare: 0.2,
  learningRate: 1e-4,
  initialStd: 0.05,
  discount: 0.97,
  gaeLambda: 0.95,
  rolloutSteps: 24,
  minibatchSize: 1024,
};

/** What is learned. */
export interface SelfishOptions {
  /** Homes and profiles. */
  readonly dataset: Dataset;
  /** Rules of the market. */
  readonly config: EnvironmentConfig;
  /** The policy of everybody before anybody learns. */
  readonly model: Pick<Model, "actor" | "weights" | "observationNames" | "config">;
  /** First slots of the weeks to learn from. */
  readonly firstSlots: readonly number[];
  /** Whether all learn at once, or each alone while all others stay truthful. */
  readonly together: boolean;
  /** Slots that each home plays. */
  readonly timesteps: number;
  /** Seed of everything random. */
  readonly seed: number;
  /** Waited for after every update; what it throws ends the training. */
  readonly afterUpdate?: (() => Promise<void>) | undefined;
}

/** What homes act by when somebody looks. */
export interface Look {
  /** Slots that each home has played. */
  readonly timesteps: number;
  /** What each home that learns acts by, by its index. */
  readonly actors: ReadonlyMap<number, Actor>;
}

/** Homes that have something to decide. */
export function learningHomes(dataset: Dataset): number[] {
  return [...new Set(storesOf(dataset).map(({ owner }) => owner))].sort((a, b) => a - b);
}

/** Everybody by the model, but for homes with an actor of their own. */
export function withActors(
  model: SelfishOptions["model"],
  actors: ReadonlyMap<number, Actor>,
  name: string,
): Policy {
  return separatePolicy(policyOf(model, model.actor), name, actors, model.observationNames);
}

/**
 * Trains to the end.
 *
 * @param watch Told now and then, and at the end; waited for.
 */
export async function learnSelfishly(
  { dataset, config, model, firstSlots, together, timesteps, seed, afterUpdate }: SelfishOptions,
  watch: (look: Look) => Promise<void>,
): Promise<void> {
  const homes = learningHomes(dataset);
  const seats = together
    ? Array.from({ length: COMMUNITIES }, () => homes)
    : homes.flatMap((home) => Array.from({ length: COMMUNITIES }, () => [home]));
  const environment = new SeatedMarketEnvironment(dataset, config, {
    firstSlots,
    policy: policyOf(model, model.actor),
    seats,
    kinds: kindsAmong(model.observationNames),
    rewardScale: 1,
  });
  const perHome = environment.rows / (homes.length * COMMUNITIES);
  const learnerOfRow = seats.flatMap((sitting) =>
    sitting.flatMap((home) => new Array<number>(perHome).fill(homes.indexOf(home)))
  );
  const ppo = { ...model.config.ppo, ...RESPONSE, totalTimesteps: timesteps * perHome };
  const learners = await createSeparateLearners(environment, {
    learnerOfRow,
    config: ppo,
    start: model.weights,
    seed,
  });
  const actors = () =>
    new Map(homes.map((home, k) => [home, createActor(learners.weights(k))] as const));
  const first = ppo.imitationShare * ppo.totalTimesteps;
  for (let look = 1; !learners.done;) {
    learners.iterate();
    await afterUpdate?.();
    const due = first + (ppo.totalTimesteps - first) * look / LOOKS;
    if (learners.timesteps < due) continue;
    look++;
    await watch({ timesteps: learners.timesteps / perHome, actors: actors() });
  }
}
