/**
 * Proximal policy optimisation with a policy that all agents share: play a rollout, estimate
 * advantages, take a few passes of clipped gradient steps over it, repeat.
 *
 * Independent learners (IPPO) by default; with `critic: "community"` the critic sees the whole
 * community (MAPPO). What is testable alone has a module of its own: the rollout, the advantages,
 * the objective, the networks, the optimiser, the normalisers.
 *
 * Sources: Schulman et al., Proximal Policy Optimization Algorithms, 2017; Huang et al., The 37
 * Implementation Details of Proximal Policy Optimization, 2022; Yu et al., The Surprising
 * Effectiveness of PPO in Cooperative Multi-Agent Games, 2022.
 *
 * @module
 */

import { restoreStream, type Stream } from "../random.ts";
import { type Actor, createActor } from "./actor.ts";
import { createLearner } from "./backend.ts";
import type { PpoConfig } from "./config.ts";
import { generalizedAdvantages } from "./gae.ts";
import type { Learner } from "./learner.ts";
import { explainedVariance, type IterationMetrics, meanOrNull } from "./metrics.ts";
import { type Normalizer, restoreNormalizer } from "./normalizer.ts";
import { parameterViews } from "./parameters.ts";
import { collectRollout, type Rollout } from "./rollout.ts";
import {
  actorWeights,
  initialState,
  requireSameSizes,
  type TrainerState,
} from "./trainer_state.ts";
import { learn } from "./update.ts";
import type { VectorEnvironment } from "./vector_environment.ts";

/**
 * A trainer at its start.
 *
 * @example
 * ```ts
 * import { defaultPpoConfig } from "./config.ts";
 * import { createTrainer } from "./ppo.ts";
 * const rows = 64;
 * const nothing = new Float64Array(rows);
 * const always = new Uint8Array(rows).fill(1), never = new Uint8Array(rows);
 * const environment = {
 *   rows,
 *   agentsPerCommunity: 1,
 *   observationSize: 1,
 *   actionSize: 1,
 *   reset: () => nothing,
 *   step: (actions: Float64Array) => ({
 *     observation: nothing,
 *     reward: actions.map((action) => -((action - 0.5) ** 2)),
 *     terminated: always,
 *     truncated: never,
 *   }),
 * };
 * const config = { ...defaultPpoConfig, totalTimesteps: 64 * 200, rolloutSteps: 4 };
 * const trainer = await createTrainer(environment, config, 42);
 * while (!trainer.done) trainer.iterate();
 * const [action] = trainer.policy().mean(Float64Array.of(0), new Float64Array(1));
 * if (Math.abs(action - 0.5) > 0.1) throw new Error(`the best action is 0.5, learned ${action}`);
 * ```
 */
export async function createTrainer(
  environment: VectorEnvironment,
  config: PpoConfig,
  seed: number,
): Promise<Trainer> {
  const state = initialState(environment, config, seed);
  return new Trainer(environment, state, await learnerOf(state), environment.reset(seed));
}

/**
 * A trainer that goes on from a saved state, bit for bit as if never stopped.
 *
 * @throws {Error} If the environment has other sizes or cannot be restored.
 */
export async function resumeTrainer(
  environment: VectorEnvironment,
  state: TrainerState,
): Promise<Trainer> {
  requireSameSizes(environment, state);
  if (environment.restore === undefined || state.environment === undefined) {
    throw new Error("the environment does not save its state; start a new training instead");
  }
  const learner = await learnerOf(state);
  return new Trainer(environment, state, learner, environment.restore(state.environment));
}

function learnerOf({ config, sizes, parameters, adam }: TrainerState): Promise<Learner> {
  return createLearner(config.backend, parameterViews(sizes, parameters), adam);
}

/** Training in progress; {@linkcode createTrainer} and {@linkcode resumeTrainer} start it. */
export class Trainer {
  readonly #environment: VectorEnvironment;
  readonly #config: PpoConfig;
  readonly #learner: Learner;
  readonly #observationNormalizer: Normalizer;
  readonly #criticNormalizer: Normalizer | null;
  readonly #returnNormalizer: Normalizer;
  readonly #exploration: Stream;
  readonly #shuffling: Stream;
  readonly #episodeReturns: Float64Array;
  #observation: Float64Array;
  #timesteps: number;

  /**
   * Takes over a copy of `state`, of which `learner` holds the networks; `observation` is what the
   * environment shows now.
   */
  constructor(
    environment: VectorEnvironment,
    state: TrainerState,
    learner: Learner,
    observation: Float64Array,
  ) {
    const numbers = environment.rows * environment.observationSize;
    if (observation.length !== numbers) {
      throw new RangeError(
        `the environment's first observation has ${observation.length} numbers, expected ${numbers}`,
      );
    }
    const { environment: _, parameters: __, adam: ___, ...own } = state;
    const { config, ...memory } = structuredClone(own);
    const critic = memory.criticObservations;
    this.#environment = environment;
    this.#config = config;
    this.#learner = learner;
    this.#observationNormalizer = restoreNormalizer(memory.observations, config.observationClip);
    this.#criticNormalizer = critic && restoreNormalizer(critic, config.observationClip);
    this.#returnNormalizer = restoreNormalizer(memory.returns);
    this.#exploration = restoreStream(memory.exploration);
    this.#shuffling = restoreStream(memory.shuffling);
    this.#episodeReturns = memory.episodeReturns;
    this.#timesteps = memory.timesteps;
    this.#observation = observation;
  }

  /** Whether all timesteps are played. */
  get done(): boolean {
    return this.#timesteps >= this.#config.totalTimesteps;
  }

  /**
   * Plays a rollout and learns from it.
   *
   * @throws {Error} If training is done, or if a gradient is not finite.
   */
  iterate(): IterationMetrics {
    const config = this.#config;
    const { rows, agentsPerCommunity } = this.#environment;
    if (this.done) {
      throw new Error(`all ${config.totalTimesteps} timesteps are played; raise totalTimesteps`);
    }
    const learningRate = config.learningRate * (1 - this.#timesteps / config.totalTimesteps);

    const rollout = this.#play();
    const { values, nextValues } = this.#evaluate(rollout);
    const advantages = generalizedAdvantages(
      { ...rollout, rows, values, nextValues },
      config.discount,
      config.gaeLambda,
      new Float64Array(values.length),
    );
    const returns = advantages.map((advantage, i) => advantage + values[i]);
    this.#returnNormalizer.update(returns);
    const targets = this.#returnNormalizer.normalize(returns, new Float64Array(returns.length));
    const samples = { ...rollout, advantages, returns: targets };
    const update = learn(this.#learner, config, samples, learningRate, this.#shuffling);

    this.#observationNormalizer.update(rollout.policyViews.raw);
    this.#criticNormalizer?.update(rollout.criticViews.raw);
    this.#timesteps += config.rolloutSteps * rows / agentsPerCommunity;
    return {
      timesteps: this.#timesteps,
      agentSteps: this.#timesteps * agentsPerCommunity,
      episodes: rollout.finishedReturns.length / agentsPerCommunity,
      meanEpisodeReturn: meanOrNull(rollout.finishedReturns),
      explainedVariance: explainedVariance(values, returns),
      learningRate,
      ...update,
      std: Array.from(this.#learner.parameters.logStd, Math.exp),
    };
  }

  /** The policy as it stands; it stays so when training goes on. */
  policy(): Actor {
    const { sizes, all } = this.#learner.parameters;
    return createActor(actorWeights({
      config: this.#config,
      sizes,
      parameters: all,
      observations: this.#observationNormalizer.state(),
    }));
  }

  /** A copy of everything that {@linkcode resumeTrainer} needs. */
  state(): TrainerState {
    const { parameters: { sizes, all }, adam } = this.#learner;
    return structuredClone({
      config: this.#config,
      sizes,
      // Slices, for what a backend shares between threads would not be copied.
      parameters: all.slice(),
      adam: { step: adam.step, mean: adam.mean.slice(), square: adam.square.slice() },
      observations: this.#observationNormalizer.state(),
      criticObservations: this.#criticNormalizer?.state() ?? null,
      returns: this.#returnNormalizer.state(),
      exploration: this.#exploration.state(),
      shuffling: this.#shuffling.state(),
      timesteps: this.#timesteps,
      episodeReturns: this.#episodeReturns,
      environment: this.#environment.state?.(),
    });
  }

  #play(): Rollout {
    const rollout = collectRollout(
      {
        environment: this.#environment,
        policy: this.#learner.actor,
        logStd: this.#learner.parameters.logStd,
        observationNormalizer: this.#observationNormalizer,
        criticNormalizer: this.#criticNormalizer,
        random: this.#exploration,
        episodeReturns: this.#episodeReturns,
      },
      this.#config.rolloutSteps,
      this.#observation,
    );
    this.#observation = rollout.observation;
    return rollout;
  }

  /** Values of every state of a rollout and of its successor, in units of the reward. */
  #evaluate(rollout: Rollout): { values: Float64Array; nextValues: Float64Array } {
    const valuesOf = (views: Float32Array) => {
      const outputs = this.#learner.critic.forward(views);
      return this.#returnNormalizer.denormalize(outputs, new Float64Array(outputs.length));
    };
    const values = valuesOf(rollout.criticViews.normalized);
    const nextValues = new Float64Array(values.length);
    nextValues.set(values.subarray(this.#environment.rows));
    const openValues = valuesOf(rollout.openViews);
    rollout.openEnds.forEach((at, i) => nextValues[at] = openValues[i]);
    return { values, nextValues };
  }
}
