/**
 * Who learns in a run: PPO, which can go on where it stopped, or another algorithm.
 *
 * @module
 */

import { type Actor, createActor } from "../ppo/actor.ts";
import type { ActorWeights } from "../ppo/actor_weights.ts";
import type { Algorithm, AlgorithmOptions } from "../ppo/algorithm.ts";
import type { MarketTrainingEnvironment } from "../ppo/market_environment.ts";
import type { Trainer } from "../ppo/ppo.ts";
import { actorWeights, type TrainerState } from "../ppo/trainer_state.ts";

/** What an update is known by; other fields are columns of the learning curve, or left out. */
export interface UpdateRow extends Readonly<Record<string, unknown>> {
  /** Slots of one community played so far. */
  readonly timesteps: number;
  /** Mean cost of a community's episode that ended since; `null` if none did. [currency] */
  readonly meanEpisodeCost: number | null;
}

/** Who learns. */
export interface RunTrainer extends Disposable {
  /** Whether all timesteps are played. */
  readonly done: boolean;
  /** Slots of one community played so far. */
  readonly timesteps: number;
  /** Plays and learns a little. */
  iterate(): UpdateRow | Promise<UpdateRow>;
  /** What the policy acts by. */
  weights(): ActorWeights;
  /** The policy as it stands. */
  policy(): Actor;
  /** What is needed to go on from here; `null` where it cannot. */
  state(): TrainerState | null;
}

/** PPO. */
export function ppoInRun(trainer: Trainer): RunTrainer {
  return {
    get done() {
      return trainer.done;
    },
    get timesteps() {
      return trainer.state().timesteps;
    },
    iterate: () => ({ ...trainer.iterate() }),
    weights: () => actorWeights(trainer.state()),
    policy: () => trainer.policy(),
    state: () => trainer.state(),
    [Symbol.dispose]: () => trainer.close(),
  };
}

/**
 * Another algorithm.
 *
 * @throws {Error} In one line, if it is none, or does not do what the interface asks.
 */
export async function algorithmInRun(
  { name, begin }: Algorithm,
  market: MarketTrainingEnvironment,
  options: AlgorithmOptions,
  slotsPerEpisode: number,
): Promise<RunTrainer> {
  const learning = await begin(market, options);
  const communities = market.rows / market.agentsPerCommunity;
  return {
    get done() {
      return learning.timesteps >= options.timesteps;
    },
    get timesteps() {
      return learning.timesteps;
    },
    async iterate() {
      const before = learning.timesteps;
      const metrics = await learning.iterate();
      const { timesteps } = learning;
      if (!(timesteps > before)) {
        throw new Error(`${name}: iterate must play on, and stood at ${timesteps} timesteps`);
      }
      const episodes = (at: number) => Math.floor(at / communities / slotsPerEpisode) * communities;
      return {
        learningRate: 0,
        ...metrics,
        timesteps,
        agentSteps: timesteps * market.agentsPerCommunity,
        episodes: episodes(timesteps) - episodes(before),
        meanEpisodeCost: market.takeEpisodeCost(),
      };
    },
    weights: () => learning.weights(),
    policy: () => createActor(learning.weights()),
    state: () => null,
    [Symbol.dispose]() {},
  };
}
