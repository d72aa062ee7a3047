/**
 * Communities in episodes as a learner elsewhere plays them: drawn from a split by a seed, or named;
 * where all have ended the next ones begin at once.
 *
 * @module
 */

import { EnergyMarketEnv, type MarketStep, type ResetOptions } from "../env/energy_market_env.ts";
import { type Audit, audit } from "../evaluation/audit.ts";
import { createRecords, type Records, recordSlot } from "../evaluation/records.ts";
import { drawEpisodes } from "../ppo/market_environment.ts";
import { trainingReward } from "../ppo/training_reward.ts";
import { type Stream, stream } from "../random.ts";
import type { Opening } from "./open.ts";

/** What came of a slot. */
export interface PlayedSlot {
  /** Reward of every home. `[rows]` */
  readonly reward: Float64Array;
  /** Whether it was the last one of the episodes; the next have begun then. */
  readonly terminated: boolean;
  /** What an audit of the episodes' books found; `null` before the end, or where none are kept. */
  readonly audit: Audit | null;
}

/** Communities that play on and on. */
export class Episodes {
  /** The market. */
  readonly env: EnergyMarketEnv;
  /** What was opened. */
  readonly opening: Opening;
  /** Whether a slot was played. */
  played = false;
  readonly #reward: Float64Array;
  #random: Stream = stream(0, "episodes");
  #records: Records | null = null;

  /** Makes the communities; {@linkcode Episodes.begin} starts them. */
  constructor(opening: Opening) {
    const { dataset, experiment, communities } = opening;
    this.opening = opening;
    this.env = new EnergyMarketEnv(dataset, experiment.environment, communities);
    this.#reward = new Float64Array(this.env.rows);
  }

  /**
   * Begins episodes.
   *
   * @param seed Draws them, and all that follow; `null` goes on drawing.
   * @param firstSlots First slots in the place of those drawn; the seed is that of the forecasts.
   */
  begin(seed: number | null, firstSlots: readonly number[] | null): void {
    if (seed !== null) this.#random = stream(seed, "episodes");
    const drawn = this.#draw();
    this.#reset(firstSlots === null ? drawn : { seed: seed ?? drawn.seed, firstSlots });
  }

  /** Carries out a slot. */
  step(numbers: Float64Array): PlayedSlot {
    const { env, opening } = this;
    const step = env.step(numbers);
    this.played = true;
    if (this.#records !== null) recordSlot(this.#records, step.info, env.state.step - 1);
    const { terminated } = step;
    const reward = this.#rewardOf(step);
    if (!terminated) return { reward, terminated, audit: null };
    const found = this.#records === null ? null : audit(this.#records, opening.dataset);
    this.#reset(this.#draw());
    return { reward, terminated, audit: found };
  }

  #rewardOf(step: MarketStep): Float64Array {
    const { reward, experiment: { training } } = this.opening;
    if (reward === "cost") return step.reward;
    trainingReward(this.env, step, training, this.#reward);
    return this.#reward;
  }

  #draw(): ResetOptions {
    return drawEpisodes(this.#random, this.opening.firstSlots, this.opening.communities);
  }

  #reset(options: ResetOptions): void {
    this.env.reset(options);
    this.#records = this.opening.books
      ? createRecords("python", Array.from(options.firstSlots), this.env)
      : null;
  }
}
