/**
 * A reference plays ahead of the day that is watched, as far as is asked for. Where the day changes,
 * it goes back to the slot of the change and on from there: it too learns of a change when it is
 * there, and no slot is played twice for what comes after it.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { MarketState } from "../env/columns.ts";
import type { Policy } from "../policies/policy.ts";
import {
  beginEpisode,
  carryOut,
  changeEpisode,
  decide,
  type Episode,
  type EpisodeOptions,
  restartEpisode,
} from "./episode.ts";
import type { Records } from "../evaluation/records.ts";
import { type SlotOutcome, slotOutcome } from "./slot_report.ts";

/** A policy that is ahead of the day. */
export class Reference {
  readonly #episode: Episode;
  readonly #afterSlot: () => void | Promise<void>;
  /** What it made of the slots that it has played. */
  readonly #outcomes: SlotOutcome[] = [];
  /** What another stored kWh was worth to it at the end of each, by store. [currency/kWh] */
  readonly #valuesPerKwh: Float64Array[] = [];
  /** The state before each of them. */
  readonly #states: MarketState[] = [];

  private constructor(episode: Episode, afterSlot: () => void | Promise<void>) {
    this.#episode = episode;
    this.#afterSlot = afterSlot;
  }

  /** A reference at the start of a day; `afterSlot` is called after each slot that it plays. */
  static async begin(
    options: EpisodeOptions,
    policy: Policy,
    afterSlot: () => void | Promise<void>,
  ): Promise<Reference> {
    return new Reference(await beginEpisode(options, policy), afterSlot);
  }

  /** Starts over, on the day that begins at `firstSlot`. */
  async restart(options: Pick<EpisodeOptions, "firstSlot" | "seed">): Promise<void> {
    this.#outcomes.length = this.#valuesPerKwh.length = this.#states.length = 0;
    await restartEpisode(this.#episode, options);
  }

  /** Goes on with changed data from the slot after `step` slots. */
  async change(dataset: Dataset, step: number): Promise<void> {
    await this.#playTo(step);
    if (step < this.#states.length) {
      this.#episode.env.restore(this.#states[step]);
      this.#outcomes.length = this.#valuesPerKwh.length = this.#states.length = step;
    }
    await changeEpisode(this.#episode, dataset);
  }

  /** What it makes of step `step` (from 0). */
  async outcome(step: number): Promise<SlotOutcome> {
    await this.#playTo(step + 1);
    return this.#outcomes[step];
  }

  /** Its books. */
  get records(): Records {
    return this.#episode.records;
  }

  /** Energy of the stores at the end of step `step`, which it has played. [kWh] */
  energyKwh(step: number): Float64Array {
    return endEnergies(this.#episode.records, step);
  }

  /**
   * What another stored kWh was worth to it at the end of step `step`, which it has played: what lies
   * between the steps of its curves. Nothing at the end of the day, when the costs say it all.
   * `[stores]` [currency/kWh]
   */
  valuePerKwh(step: number): Float64Array {
    return this.#valuesPerKwh[step];
  }

  async #playTo(step: number): Promise<void> {
    while (this.#outcomes.length < step) {
      const { env } = this.#episode;
      const done = this.#outcomes.length;
      this.#states.push(env.snapshot());
      await decide(this.#episode);
      this.#valuesPerKwh.push(valuesOf(this.#episode));
      carryOut(this.#episode);
      const before = this.#outcomes.at(-1);
      this.#outcomes.push(slotOutcome(this.#episode.records, env.dataset, done, before));
      await this.#afterSlot();
    }
  }
}

function valuesOf({ env: { world, decision, slotsPerEpisode } }: Episode): Float64Array {
  const { stepCount, stepValuePerKwh, steps } = decision.curves;
  const values = new Float64Array(world.stores.length);
  if (world.state.step === slotsPerEpisode - 1) return values;
  return values.map((_, k) =>
    stepCount[k] === 2 ? (stepValuePerKwh[k * steps] + stepValuePerKwh[k * steps + 1]) / 2 : 0
  );
}

/** Energy of the stores at the end of step `step` of a day's books. [kWh] */
export function endEnergies({ store, stores }: Records, step: number): Float64Array {
  return store.endEnergyKwh.subarray(step * stores, (step + 1) * stores);
}
