/**
 * The energy market as PPO trains on it: episodes on days drawn from a pool, actions and rewards as
 * the learner is to see them.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { type AgentRows, agentRows } from "../env/agent_rows.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import { EnergyMarketEnv, type ResetOptions } from "../env/energy_market_env.ts";
import type { MarketState } from "../env/columns.ts";
import type { Blocks } from "./blocks.ts";
import { requireSameShape } from "./same_shape.ts";
import { restoreStream, type Stream, stream, type StreamState } from "../random.ts";
import type { TrainingConfig } from "./experiment.ts";
import { createTeacher, type Teach } from "./teacher.ts";
import { type RewardFunction, trainingReward } from "./training_reward.ts";
import type { StepResult, VectorEnvironment, VectorObservation } from "./vector_environment.ts";

/** How the market is presented to the learner, and on which days. */
export interface MarketTrainingOptions extends Omit<TrainingConfig, "validationInterval"> {
  /** First slots of the episodes to draw from. */
  readonly firstSlots: readonly number[];
  /** A reward of one's own, in the place of the three settings; it is played by one thread. */
  readonly reward?: RewardFunction;
}

/** What a training environment remembers. */
export interface MarketTrainingState {
  /** State of the communities. */
  readonly market: MarketState;
  /** State of the stream that draws days and forecasts. */
  readonly random: StreamState;
  /** Cost of the current episodes so far, of all communities. [currency] */
  readonly episodeCost: number;
  /** Cost of the episodes that ended since it was last asked for. [currency] */
  readonly finishedCost: number;
  /** Number of these. */
  readonly finishedEpisodes: number;
}

/** The energy market as a {@linkcode VectorEnvironment} that resets itself. */
export class MarketTrainingEnvironment implements VectorEnvironment {
  /** Communities × rows of a community. */
  readonly rows: number;
  /** Rows of a community, see {@link ../env/agent_rows.ts}. */
  readonly agentsPerCommunity: number;
  /** Features of either block. */
  readonly observationSize: Blocks<number>;
  /** Numbers of a row. */
  readonly actionSize: number;
  /** A community critic also sees the mean of all prosumers' own features. */
  readonly criticObservationSize: Blocks<number>;

  readonly #env: EnergyMarketEnv;
  readonly #options: MarketTrainingOptions;
  readonly #writeReward: RewardFunction;
  readonly #agents: AgentRows;
  readonly #numbers: Float64Array;
  readonly #homeReward: Float64Array;
  readonly #reward: Float64Array;
  readonly #terminated: Uint8Array;
  readonly #truncated: Uint8Array;
  readonly #criticCommon: Float64Array;
  #teach: Teach | null = null;
  #random: Stream = stream(0);
  #episodeCost = 0;
  #finishedCost = 0;
  #finishedEpisodes = 0;

  /**
   * Prepares the market; {@linkcode MarketTrainingEnvironment.reset} starts it.
   *
   * @throws {RangeError} As {@linkcode EnergyMarketEnv} does.
   */
  constructor(dataset: Dataset, config: EnvironmentConfig, options: MarketTrainingOptions) {
    this.#env = new EnergyMarketEnv(dataset, config, options.communities);
    this.#options = options;
    this.#writeReward = options.reward ??
      ((env, step, rewards) => trainingReward(env, step, options, rewards));
    this.#agents = agentRows(this.#env.world);
    const { perHome, own, numbers } = this.#agents;
    this.rows = perHome * this.#env.rows;
    this.agentsPerCommunity = perHome * this.#env.homes;
    const { common } = this.#env.observationSpace;
    this.observationSize = { common: common.length, own: own.length };
    this.actionSize = numbers.length;
    this.#numbers = new Float64Array(this.#env.decision.numbers.length);
    this.#homeReward = new Float64Array(this.#env.rows);
    this.criticObservationSize = { common: common.length + own.length, own: own.length };
    this.#reward = new Float64Array(this.rows);
    this.#terminated = new Uint8Array(this.rows);
    this.#truncated = new Uint8Array(this.rows);
    this.#criticCommon = new Float64Array(
      options.communities * this.criticObservationSize.common,
    );
  }

  /** Starts the first episodes, on days and with forecasts that the seed decides. */
  reset(seed: number): VectorObservation {
    this.#random = stream(seed, "episodes");
    this.#episodeCost = 0;
    this.#finishedCost = 0;
    this.#finishedEpisodes = 0;
    return this.#nextEpisodes();
  }

  /** Carries out one slot; after the last of an episode the next one begins. */
  step(actions: Float64Array): StepResult {
    this.#agents.gather(actions, this.#numbers);
    const step = this.#env.step(this.#numbers);
    const { reward, terminated } = step;
    for (let row = 0; row < this.#env.rows; row++) this.#episodeCost -= reward[row];
    this.#writeReward(this.#env, step, this.#homeReward);
    const { perHome } = this.#agents;
    for (let row = 0; row < this.rows; row++) {
      this.#reward[row] = this.#homeReward[Math.floor(row / perHome)];
    }
    this.#terminated.fill(terminated ? 1 : 0);
    if (terminated) {
      this.#finishedCost += this.#episodeCost;
      this.#finishedEpisodes += this.#env.communities;
      this.#episodeCost = 0;
      this.#nextEpisodes();
    }
    return {
      observation: this.#seen(),
      reward: this.#reward,
      terminated: this.#terminated,
      truncated: this.#truncated,
    };
  }

  /** What a community critic sees: the mean of the own features follows the common block. */
  criticObservation(): VectorObservation {
    const { communities } = this.#env;
    const { common, own } = this.#seen();
    const homes = this.agentsPerCommunity;
    const { common: commonSize, own: ownSize } = this.observationSize;
    for (let c = 0, at = 0; c < communities; c++) {
      for (let k = c * commonSize; k < (c + 1) * commonSize; k++) {
        this.#criticCommon[at++] = common[k];
      }
      for (let k = 0; k < ownSize; k++) {
        let sum = 0;
        for (let row = c * homes; row < (c + 1) * homes; row++) sum += own[row * ownSize + k];
        this.#criticCommon[at++] = sum / homes;
      }
    }
    return { common: this.#criticCommon, own };
  }

  /** What each home's dynamic programme would say. */
  teach(actions: Float64Array, weights: Float64Array): void {
    this.#teach ??= createTeacher(this.#env, this.#options.firstSlots);
    const lesson = this.#teach();
    this.#agents.scatter(lesson.numbers, actions);
    this.#agents.scatter(lesson.weights, weights);
  }

  /** What each row sees, feature by feature. */
  get observationNames(): readonly string[] {
    return [...this.#env.observationSpace.common, ...this.#agents.own];
  }

  /** What all rows see. */
  #seen(): VectorObservation {
    const { common, own } = this.#env.observation;
    return { common, own: this.#agents.spread(own) };
  }

  /** Mean cost of the episodes that ended since this was last asked for; `null` if none did. */
  takeEpisodeCost(): number | null {
    const episodes = this.#finishedEpisodes;
    const mean = episodes === 0 ? null : this.#finishedCost / episodes;
    this.#finishedCost = 0;
    this.#finishedEpisodes = 0;
    return mean;
  }

  /** Everything that {@linkcode MarketTrainingEnvironment.restore} needs. */
  state(): MarketTrainingState {
    return {
      market: this.#env.snapshot(),
      random: this.#random.state(),
      episodeCost: this.#episodeCost,
      finishedCost: this.#finishedCost,
      finishedEpisodes: this.#finishedEpisodes,
    };
  }

  /** Goes on, bit for bit, from where a state was taken. */
  restore(state: unknown): VectorObservation {
    requireSameShape(state, this.state(), "the state of the market");
    const saved = state as MarketTrainingState;
    requirePlayable(saved.market, this.#options.firstSlots, this.#env.slotsPerEpisode);
    this.#random = restoreStream(saved.random);
    this.#episodeCost = saved.episodeCost;
    this.#finishedCost = saved.finishedCost;
    this.#finishedEpisodes = saved.finishedEpisodes;
    this.#env.restore(saved.market);
    return this.#seen();
  }

  #nextEpisodes(): VectorObservation {
    this.#env.reset(
      drawEpisodes(this.#random, this.#options.firstSlots, this.#options.communities),
    );
    return this.#seen();
  }
}

/** Where and with which forecasts the next episodes of so many communities begin. */
export function drawEpisodes(
  random: Stream,
  firstSlots: readonly number[],
  communities: number,
): ResetOptions {
  const seed = random.below(2 ** 31);
  return {
    seed,
    firstSlots: Array.from(
      { length: communities },
      () => firstSlots[random.below(firstSlots.length)],
    ),
  };
}

/** An episode can only go on from a slot that it has, on a day that is played. */
function requirePlayable(
  { step, firstSlot }: MarketState,
  firstSlots: readonly number[],
  slotsPerEpisode: number,
): void {
  const days = new Set(firstSlots);
  const isStep = Number.isInteger(step) && step >= 0 && step <= slotsPerEpisode;
  if (isStep && Array.from(firstSlot).every((slot) => days.has(slot))) return;
  throw new RangeError("the state of the market is on other days than these; train again");
}
