/**
 * A day that is played live: one policy or two beside each other, and two references, `grid-only` and
 * the best there is. All of them are on the same day with the same noise, and an intervention befalls
 * them all.
 *
 * @module
 */

import { applyIntervention, type Intervention } from "../data/interventions.ts";
import type { Dataset } from "../data/profiles.ts";
import type { Records } from "../evaluation/records.ts";
import type { ClearedOrders } from "../market/book_orders.ts";
import type { Policy } from "../policies/policy.ts";
import {
  beginEpisode,
  carryOut,
  changeEpisode,
  decide,
  type Episode,
  type EpisodeOptions,
  ordersAt,
  restartEpisode,
} from "./episode.ts";
import { type NotableEvent, notableEvents } from "./notable.ts";
import { endEnergies, Reference } from "./reference.ts";
import {
  type SlotConditions,
  slotConditions,
  type SlotOutcome,
  slotOutcome,
} from "./slot_report.ts";

/** Who plays, on which day. */
export interface LiveDayOptions extends EpisodeOptions {
  /** The policies to watch. */
  readonly policies: readonly Policy[];
  /** No battery, no trade: what savings are counted from. */
  readonly gridOnly: Policy;
  /** The best there is; `null` where it is not computed. */
  readonly optimum: Policy | null;
  /** Called after each slot that a policy or a reference has played; what it throws ends the work. */
  readonly afterSlot?: () => void | Promise<void>;
}

/** What is in the stores beside what was there at first. */
export interface Stored {
  /**
   * What it is worth by the optimum's plan; 0 where none is computed, and at the end of the day, where
   * it is in the cost. [currency]
   */
  readonly storedValue: number;
}

/** Figures of a reference, so far. */
export interface ReferenceReport extends Stored {
  /** Cost so far. [currency] */
  readonly cost: number;
  /** CO2 of the community's net imports (physical), so far. [kg] */
  readonly emissionsKg: number;
}

/** What the references come to over the whole day, by what is known of it so far. */
export interface DayCosts {
  /** Cost of `grid-only`. [currency] */
  readonly gridOnly: number;
  /** Cost of the best there is; `null` where it is not computed. [currency] */
  readonly optimum: number | null;
}

/** Everything that is watched of a slot. */
export interface SlotReport extends SlotConditions {
  /** What the policies made of it, in their order. */
  readonly outcomes: readonly (SlotOutcome & Stored)[];
  /** `grid-only`. */
  readonly gridOnly: ReferenceReport;
  /** The best there is; `null` where it is not computed. */
  readonly optimum: ReferenceReport | null;
  /** What began in it, and under which of the policies. */
  readonly events: readonly (NotableEvent & { readonly policy: number })[];
}

/** An intervention and when it came. */
export interface Incident {
  /** Slots of the day that were done. */
  readonly step: number;
  /** What happened. */
  readonly intervention: Intervention;
}

/** A day, played slot by slot. */
export class LiveDay {
  /** What has befallen the community, in order. */
  readonly incidents: Incident[] = [];
  /** Reports of the slots that are done. */
  readonly reports: SlotReport[] = [];
  /** The data as they are now: those of the slots that are done will not change. */
  dataset: Dataset;

  readonly #options: LiveDayOptions;
  readonly #episodes: readonly Episode[];
  readonly #gridOnly: Reference;
  readonly #optimum: Reference | null;
  #firstSlot: number;
  /** Whether the optimum plays along, or is left for later. */
  #bounded: boolean;
  #medianPricePerKwh: number;

  private constructor(
    options: LiveDayOptions,
    episodes: readonly Episode[],
    gridOnly: Reference,
    optimum: Reference | null,
  ) {
    this.#options = options;
    this.#episodes = episodes;
    this.#gridOnly = gridOnly;
    this.#optimum = optimum;
    this.#firstSlot = options.firstSlot;
    this.#bounded = optimum !== null;
    this.dataset = options.dataset;
    this.#medianPricePerKwh = this.#medianPrice();
  }

  /** A day, ready for its first slot. */
  static async begin(options: LiveDayOptions): Promise<LiveDay> {
    const episodes: Episode[] = [];
    for (const policy of options.policies) episodes.push(await beginEpisode(options, policy));
    const reference = (policy: Policy) =>
      Reference.begin(options, policy, options.afterSlot ?? (() => {}));
    const gridOnly = await reference(options.gridOnly);
    const optimum = options.optimum && await reference(options.optimum);
    return new LiveDay(options, episodes, gridOnly, optimum);
  }

  /**
   * Starts over, on the day that begins at `firstSlot`; no intervention is left of the last one.
   *
   * @param bounded Whether the optimum plays along; otherwise it waits for {@linkcode LiveDay.bound}.
   */
  async restart(firstSlot: number, bounded = true): Promise<void> {
    const day = { seed: this.#options.seed, firstSlot };
    this.#bounded = bounded && this.#optimum !== null;
    this.#firstSlot = firstSlot;
    this.incidents.length = this.reports.length = 0;
    this.dataset = this.#options.dataset;
    this.#medianPricePerKwh = this.#medianPrice();
    for (const episode of this.#episodes) await restartEpisode(episode, day);
    await this.#gridOnly.restart(day);
    if (this.#bounded) await this.#optimum!.restart(day);
  }

  /** Whether there is an optimum that has been left for later. */
  get optimumLater(): boolean {
    return this.#optimum !== null && !this.#bounded;
  }

  /** Works out the optimum that was left for later, and what reports say of it. */
  async bound(): Promise<void> {
    if (!this.optimumLater) return;
    await this.#optimum!.restart({ seed: this.#options.seed, firstSlot: this.#firstSlot });
    // All that may fail comes first.
    const best: SlotOutcome[] = [];
    for (let step = 0; step < this.step; step++) best.push(await this.#optimum!.outcome(step));
    this.#bounded = true;
    best.forEach((outcome, step) => {
      this.reports[step] = this.#valued(this.reports[step], step, outcome);
    });
  }

  /** First slot of the day in the data set. */
  get firstSlot(): number {
    return this.#firstSlot;
  }

  /** Slots that are done. */
  get step(): number {
    return this.reports.length;
  }

  /** Slots of the day. */
  get slots(): number {
    return this.#episodes[0].env.slotsPerEpisode;
  }

  /** Whether the day is over. */
  get over(): boolean {
    return this.step >= this.slots;
  }

  /** The books of every policy that is watched; complete up to {@linkcode LiveDay.step}. */
  get records(): readonly Records[] {
    return this.#episodes.map(({ records }) => records);
  }

  /** The books of `grid-only`; complete up to {@linkcode LiveDay.step}. */
  get gridOnly(): Records {
    return this.#gridOnly.records;
  }

  /** The market of step `step` (from 0) under policy number `k`; `null` where orders are inelastic. */
  ordersAt(step: number, k: number): ClearedOrders | null {
    return ordersAt(this.#episodes[k], step);
  }

  /** The same of the slots that are done, as the books of a shorter episode. */
  get played(): readonly Records[] {
    const { step } = this;
    return this.records.map((records) => ({
      ...records,
      slotsPerEpisode: step,
      community: {
        ...records.community,
        clearingPricePerKwh: records.community.clearingPricePerKwh.subarray(0, step),
      },
    }));
  }

  /**
   * Plays one slot.
   *
   * @throws {RangeError} If the day is over.
   */
  async next(): Promise<SlotReport> {
    if (this.over) throw new RangeError("the day is over; restart it before the next slot");
    const step = this.step;
    // All that may fail comes first, so that episodes and references stay in the same slot.
    const best = this.#bounded ? await this.#optimum!.outcome(step) : null;
    const alone = await this.#gridOnly.outcome(step);
    for (const episode of this.#episodes) {
      await decide(episode);
      await this.#options.afterSlot?.();
    }
    for (const episode of this.#episodes) carryOut(episode);
    const before = this.reports.at(-1);
    const conditions = slotConditions(this.dataset, this.#firstSlot, step);
    const outcomes = this.#episodes.map(({ records }, k) => ({
      ...slotOutcome(records, this.dataset, step, before?.outcomes[k]),
      storedValue: 0,
    }));
    const { cost, emissionsKg } = alone;
    const played: SlotReport = {
      ...conditions,
      outcomes,
      gridOnly: { cost, emissionsKg, storedValue: 0 },
      optimum: null,
      events: outcomes.flatMap((outcome, k) => {
        const earlier = before && { ...before, ...before.outcomes[k] };
        return notableEvents({ ...conditions, ...outcome }, earlier, this.#medianPricePerKwh)
          .map((event) => ({ ...event, policy: k }));
      }),
    };
    const report = best === null ? played : this.#valued(played, step, best);
    this.reports.push(report);
    return report;
  }

  /** A report with the optimum, and what is stored by its plan. */
  #valued(report: SlotReport, step: number, { cost, emissionsKg }: SlotOutcome): SlotReport {
    const { outcomes, gridOnly } = report;
    const value = (energyKwh: Float64Array) => this.#storedValue(energyKwh, step);
    return {
      ...report,
      outcomes: outcomes.map((outcome, k) => ({
        ...outcome,
        storedValue: value(endEnergies(this.#episodes[k].records, step)),
      })),
      gridOnly: { ...gridOnly, storedValue: value(this.#gridOnly.energyKwh(step)) },
      optimum: { cost, emissionsKg, storedValue: value(this.#optimum!.energyKwh(step)) },
    };
  }

  /**
   * Changes what is left of the day; what comes at the same moment is best given together.
   *
   * @throws {RangeError} If the day is over, or there is no such battery; nothing is changed then.
   */
  async intervene(...interventions: readonly Intervention[]): Promise<void> {
    if (this.over) throw new RangeError("the day is over; restart it before intervening");
    await this.bound();
    const range = { from: this.#firstSlot + this.step, end: this.#firstSlot + this.slots };
    let { dataset } = this;
    for (const intervention of interventions) {
      dataset = applyIntervention(dataset, intervention, range);
    }
    this.dataset = dataset;
    for (const intervention of interventions) {
      this.incidents.push({ step: this.step, intervention });
    }
    for (const episode of this.#episodes) await changeEpisode(episode, dataset);
    await this.#gridOnly.change(dataset, this.step);
    await this.#optimum?.change(dataset, this.step);
  }

  /** What the references come to at the end of the day, if nothing more befalls the community. */
  async dayCosts(): Promise<DayCosts> {
    const last = this.slots - 1;
    return {
      gridOnly: (await this.#gridOnly.outcome(last)).cost,
      optimum: this.#bounded ? (await this.#optimum!.outcome(last)).cost : null,
    };
  }

  /** What energies at the end of a step are worth beside those at first, by the optimum's plan. */
  #storedValue(energyKwh: Float64Array, step: number): number {
    const valuePerKwh = this.#optimum!.valuePerKwh(step);
    const { initialEnergyKwh } = this.#episodes[0].env.state;
    return energyKwh.reduce(
      (sum, kwh, s) => sum + valuePerKwh[s] * (kwh - initialEnergyKwh[s]),
      0,
    );
  }

  #medianPrice(): number {
    const { importPricePerKwh } = this.dataset.profiles;
    const prices = importPricePerKwh.slice(this.#firstSlot, this.#firstSlot + this.slots).sort();
    return prices[Math.floor(prices.length / 2)];
  }
}
