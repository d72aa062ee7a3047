/**
 * Proximal policy optimisation with a policy that all agents share: play a rollout, estimate
 * advantages, take a few passes of clipped gradient steps over it, repeat. Where the environment has a
 * teacher, the policy may begin by imitating it: it plays itself, so that it comes where its own
 * errors lead, and is drawn to what the teacher says there.
 *
 * Independent learners (IPPO) by default; with `critic: "community"` the critic sees the whole
 * community (MAPPO). What is testable alone has a module of its own: the rollout, the advantages,
 * the objective, the networks, the optimiser, the normalisers.
 *
 * Sources: Schulman et al., Proximal Policy Optimization Algorithms, 2017; Huang et al., The 37
 * Implementation Details of Proximal Policy Optimization, 2022; Yu et al., The Surprising
 * Effectiveness of PPO in Cooperative Multi-Agent Games, 2022; imitation: Ross, Gordon and Bagnell, A
 * Reduction of Imitation Learning and Structured Prediction to No-Regret Online Learning, 2011.
 *
 * @module
 */

import { exp } from "../arithmetic.ts";
import { restoreStream, type Stream } from "../random.ts";
import { type Actor, createActor } from "./actor.ts";
import { type Blocks, eachBlock } from "./blocks.ts";
import type { PpoConfig } from "./ppo_config.ts";
import { phaseAt } from "./schedule.ts";
import { startWorkerPool } from "./start_pool.ts";
import { generalizedAdvantages } from "./gae.ts";
import { explainedVariance, type IterationMetrics, meanOrNull } from "./metrics.ts";
import {
  type Normalizer,
  type NormalizerState,
  restoreNormalizer,
  restoreNormalizers,
} from "./normalizer.ts";
import type { Statistics } from "./env_runner.ts";
import {
  actorWeights,
  initialState,
  type LearningState,
  requireSameSizes,
  type TrainerState,
} from "./trainer_state.ts";
import { learn } from "./update.ts";
import type { WorkerPool } from "./worker_pool.ts";
import { type EnvironmentShards, oneShard, type VectorEnvironment } from "./vector_environment.ts";

/**
 * A trainer at its start.
 *
 * @example
 * ```ts
 * import { defaultPpoConfig } from "./ppo_config.ts";
 * import { createTrainer } from "./ppo.ts";
 * const rows = 64;
 * const nothing = new Float64Array(rows);
 * const seen = { common: new Float64Array(0), own: nothing };
 * const always = new Uint8Array(rows).fill(1), never = new Uint8Array(rows);
 * const environment = {
 *   rows,
 *   agentsPerCommunity: 1,
 *   observationSize: { common: 0, own: 1 },
 *   actionSize: 1,
 *   reset: () => seen,
 *   step: (actions: Float64Array) => ({
 *     observation: seen,
 *     reward: actions.map((action) => -((action - 0.5) ** 2)),
 *     terminated: always,
 *     truncated: never,
 *   }),
 * };
 * const config = { ...defaultPpoConfig, totalTimesteps: 64 * 200, rolloutSteps: 4 };
 * const trainer = await createTrainer(environment, config, 42);
 * while (!trainer.done) trainer.iterate();
 * const one = { common: new Float64Array(0), own: Float64Array.of(0) };
 * const [action] = trainer.policy().mean(one, new Float64Array(1));
 * if (Math.abs(action - 0.5) > 0.1) throw new Error(`the best action is 0.5, learned ${action}`);
 * ```
 */
export async function createTrainer(
  environment: VectorEnvironment | EnvironmentShards,
  config: PpoConfig,
  seed: number,
  { workers = 1, onPhase }: TrainerOptions = {},
): Promise<Trainer> {
  const { shards, first } = inShards(environment);
  const state = initialState(first, config, seed);
  const start = { ...state, shards, first, begin: { seed } };
  return new Trainer(
    await startWorkerPool(start, workers),
    state,
    first.agentsPerCommunity,
    onPhase,
  );
}

/**
 * A trainer that goes on from a saved state, bit for bit as if never stopped.
 *
 * @throws {Error} If the environment has other sizes or cannot be restored.
 */
export async function resumeTrainer(
  environment: VectorEnvironment | EnvironmentShards,
  state: TrainerState,
  { workers = 1, onPhase }: TrainerOptions = {},
): Promise<Trainer> {
  const { shards, first } = inShards(environment);
  requireSameSizes(first, shards, state);
  const start = { ...state, shards, first, begin: { states: state.parts } };
  return new Trainer(
    await startWorkerPool(start, workers),
    state,
    first.agentsPerCommunity,
    onPhase,
  );
}

/** How a training is carried out; of no effect on its numbers. */
export interface TrainerOptions {
  /** Threads that share the work, this one included; at most as many as there are shards. */
  readonly workers?: number;
  /** Called when a phase of an iteration begins, and with `rest` at its end; to measure time. */
  readonly onPhase?: (phase: TrainingPhase) => void;
}

/** What an iteration does in turn; advantages and statistics are the rest. */
export type TrainingPhase = "rollout" | "rest" | "update";

function inShards(environment: VectorEnvironment | EnvironmentShards) {
  const shards = "create" in environment ? environment : oneShard(environment);
  return { shards, first: shards.create(0) };
}

/** Training in progress; {@linkcode createTrainer} and {@linkcode resumeTrainer} start it. */
export class Trainer {
  readonly #pool: WorkerPool;
  readonly #agentsPerCommunity: number;
  readonly #config: PpoConfig;
  readonly #observationNormalizer: Blocks<Normalizer>;
  readonly #criticNormalizer: Blocks<Normalizer> | null;
  readonly #returnNormalizer: Normalizer;
  readonly #shuffling: Stream;
  readonly #onPhase: (phase: TrainingPhase) => void;
  #timesteps: number;

  /** Takes over a copy of `state`, of which `pool` holds networks and communities. */
  constructor(
    pool: WorkerPool,
    state: LearningState,
    agentsPerCommunity: number,
    onPhase: ((phase: TrainingPhase) => void) | undefined,
  ) {
    const { config, observations, criticObservations, returns, shuffling, timesteps } = state;
    this.#pool = pool;
    this.#agentsPerCommunity = agentsPerCommunity;
    this.#config = config;
    this.#observationNormalizer = restoreNormalizers(observations);
    this.#criticNormalizer = criticObservations && restoreNormalizers(criticObservations);
    this.#returnNormalizer = restoreNormalizer(returns);
    this.#shuffling = restoreStream(shuffling);
    this.#timesteps = timesteps;
    this.#onPhase = onPhase ?? (() => {});
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
    const { learner, rollout } = this.#pool;
    const { rows, values } = rollout;
    if (this.done) {
      throw new Error(`all ${config.totalTimesteps} timesteps are played; raise totalTimesteps`);
    }
    const { imitates, learningRate } = phaseAt(config, this.#timesteps);

    this.#onPhase("rollout");
    this.#pool.play(this.#statistics(), imitates);
    this.#onPhase("rest");
    const advantages = generalizedAdvantages(
      rollout,
      config.discount,
      config.gaeLambda,
      new Float64Array(values.length),
    );
    const returns = advantages.map((advantage, i) => advantage + values[i]);
    this.#returnNormalizer.update(returns);
    const targets = this.#returnNormalizer.normalize(returns, new Float64Array(returns.length));
    const actions = imitates ? rollout.teacherActions : rollout.actions;
    const samples = { ...rollout, actions, advantages, returns: targets };
    this.#onPhase("update");
    const update = learn(learner, { ...config, imitates }, samples, learningRate, this.#shuffling);
    this.#onPhase("rest");

    for (const block of ["common", "own"] as const) {
      this.#observationNormalizer[block].update(rollout.policyViews.raw[block]);
      this.#criticNormalizer?.[block].update(rollout.criticViews.raw[block]);
    }
    this.#timesteps += config.rolloutSteps * rows / this.#agentsPerCommunity;
    const finished = rollout.finishedReturns.filter((value) => !Number.isNaN(value));
    return {
      timesteps: this.#timesteps,
      agentSteps: this.#timesteps * this.#agentsPerCommunity,
      episodes: finished.length / this.#agentsPerCommunity,
      meanEpisodeReturn: meanOrNull(finished),
      meanEpisodeCost: this.#pool.takeEpisodeCost(),
      explainedVariance: explainedVariance(values, returns),
      learningRate,
      ...update,
      std: Array.from(learner.parameters.logStd, exp),
    };
  }

  /**
   * The policy as it stands; it stays so when training goes on. Where the kernels cannot run it is
   * computed without them, slower.
   */
  policy(): Actor {
    const { sizes, all } = this.#pool.learner.parameters;
    return createActor(actorWeights({
      config: this.#config,
      sizes,
      parameters: all,
      observations: statesOf(this.#observationNormalizer),
    }));
  }

  /** A copy of everything that {@linkcode resumeTrainer} needs. */
  state(): TrainerState {
    const { parameters: { sizes, all }, adam } = this.#pool.learner;
    return {
      config: structuredClone(this.#config),
      sizes: structuredClone(sizes),
      // Slices, for a backend may share its own arrays between threads.
      parameters: all.slice(),
      adam: { step: adam.step, mean: adam.mean.slice(), square: adam.square.slice() },
      ...this.#statistics(),
      shuffling: this.#shuffling.state(),
      timesteps: this.#timesteps,
      parts: this.#pool.states(),
    };
  }

  /** Ends the Workers, if there are any; training cannot go on. */
  close(): void {
    this.#pool.close();
  }

  /** As {@linkcode Trainer.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #statistics(): Statistics {
    return {
      observations: statesOf(this.#observationNormalizer),
      criticObservations: this.#criticNormalizer && statesOf(this.#criticNormalizer),
      returns: this.#returnNormalizer.state(),
    };
  }
}

function statesOf(normalizers: Blocks<Normalizer>): Blocks<NormalizerState> {
  return eachBlock((block) => normalizers[block].state());
}
