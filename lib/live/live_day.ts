/**
 * A day that is played live: one policy or two beside each other, and two references that have
 * played the whole day ahead, `grid-only` and the best there is. All of them are on the same day with
 * the same noise, and an intervention befalls them all.
 *
 * The references are played anew after an intervention: they too learn of it when it is there.
 *
 * @module
 */

import { applyIntervention, type Intervention } from "../data/interventions.ts";
import type { Dataset } from "../data/profiles.ts";
import type { Records } from "../evaluation/records.ts";
import type { Policy } from "../policies/policy.ts";
import {
  beginLane,
  changeLane,
  costOf,
  type Lane,
  type LaneOptions,
  restartLane,
  stepLane,
} from "./episode.ts";
import { type NotableEvent, notableEvents } from "./notable.ts";
import { type LaneReport, laneReport, type SlotConditions, slotConditions } from "./slot_report.ts";

/** Who plays, on which day. */
export interface LiveDayOptions extends LaneOptions {
  /** The policies to watch. */
  readonly policies: readonly Policy[];
  /** No battery, no trade: what savings are counted from. */
  readonly gridOnly: Policy;
  /** The best there is; `null` where it is not computed. */
  readonly optimum: Policy | null;
}

/** Figures of a reference, so far and over the whole day. */
export interface ReferenceReport {
  /** Cost so far. [currency] */
  readonly cost: number;
  /** Cost of the whole day. [currency] */
  readonly dayCost: number;
  /** CO2 of the community's net imports (physical), so far. [kg] */
  readonly emissionsKg: number;
}

/** Everything that is watched of a slot. */
export interface SlotReport extends SlotConditions {
  /** What the policies made of it. */
  readonly lanes: readonly LaneReport[];
  /** `grid-only`. */
  readonly gridOnly: ReferenceReport;
  /** The best there is; `null` where it is not computed. */
  readonly optimum: ReferenceReport | null;
  /** What began in it, and for which of the lanes. */
  readonly events: readonly (NotableEvent & { readonly lane: number })[];
}

/** An intervention and when it came. */
export interface Incident {
  /** Slots of the day that were done. */
  readonly step: number;
  /** What happened. */
  readonly intervention: Intervention;
}

/** A reference and its reports of every slot. */
interface Reference {
  readonly lane: Lane;
  reports: LaneReport[];
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
  readonly #lanes: readonly Lane[];
  readonly #gridOnly: Reference;
  readonly #optimum: Reference | null;
  /** The data after each of the incidents. */
  readonly #datasets: Dataset[] = [];
  #firstSlot: number;
  #medianPricePerKwh = 0;

  private constructor(
    options: LiveDayOptions,
    lanes: readonly Lane[],
    gridOnly: Lane,
    optimum: Lane | null,
  ) {
    this.#options = options;
    this.#lanes = lanes;
    this.#gridOnly = { lane: gridOnly, reports: [] };
    this.#optimum = optimum && { lane: optimum, reports: [] };
    this.#firstSlot = options.firstSlot;
    this.dataset = options.dataset;
  }

  /** A day, ready for its first slot. */
  static async begin(options: LiveDayOptions): Promise<LiveDay> {
    const lanes: Lane[] = [];
    for (const policy of options.policies) lanes.push(await beginLane(options, policy));
    const gridOnly = await beginLane(options, options.gridOnly);
    const optimum = options.optimum && await beginLane(options, options.optimum);
    const day = new LiveDay(options, lanes, gridOnly, optimum);
    await day.#prepare();
    return day;
  }

  /** Starts over, on the day that begins at `firstSlot`; no intervention is left of the last one. */
  async restart(firstSlot: number): Promise<void> {
    this.#firstSlot = firstSlot;
    this.incidents.length = this.reports.length = this.#datasets.length = 0;
    this.dataset = this.#options.dataset;
    for (const lane of this.#lanes) await restartLane(lane, { ...this.#options, firstSlot });
    await this.#prepare();
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
    return this.#lanes[0].env.slotsPerEpisode;
  }

  /** Whether the day is over. */
  get over(): boolean {
    return this.step >= this.slots;
  }

  /** The books of every policy that is watched; complete up to {@linkcode LiveDay.step}. */
  get records(): readonly Records[] {
    return this.#lanes.map(({ records }) => records);
  }

  /**
   * Plays one slot.
   *
   * @throws {RangeError} If the day is over.
   */
  async next(): Promise<SlotReport> {
    if (this.over) throw new RangeError("the day is over; restart it before the next slot");
    const step = this.step;
    for (const lane of this.#lanes) await stepLane(lane);
    const before = this.reports.at(-1);
    const conditions = slotConditions(this.dataset, this.#firstSlot, step);
    const lanes = this.#lanes.map(({ records }, k) =>
      laneReport(records, this.dataset, step, before?.lanes[k])
    );
    const report: SlotReport = {
      ...conditions,
      lanes,
      gridOnly: referenceReport(this.#gridOnly, step),
      optimum: this.#optimum && referenceReport(this.#optimum, step),
      events: lanes.flatMap((lane, k) => {
        const earlier = before && { ...before, ...before.lanes[k] };
        return notableEvents({ ...conditions, ...lane }, earlier, this.#medianPricePerKwh)
          .map((event) => ({ ...event, lane: k }));
      }),
    };
    this.reports.push(report);
    return report;
  }

  /**
   * Changes what is left of the day.
   *
   * @throws {RangeError} If the day is over, or there is no such battery.
   */
  async intervene(intervention: Intervention): Promise<void> {
    if (this.over) throw new RangeError("the day is over; restart it before intervening");
    const range = { from: this.#firstSlot + this.step, end: this.#firstSlot + this.slots };
    this.dataset = applyIntervention(this.dataset, intervention, range);
    this.incidents.push({ step: this.step, intervention });
    this.#datasets.push(this.dataset);
    for (const lane of this.#lanes) await changeLane(lane, this.dataset);
    await this.#playReferences();
  }

  async #prepare(): Promise<void> {
    const first = this.#firstSlot;
    const prices = this.dataset.profiles.importPricePerKwh.slice(first, first + this.slots).sort();
    this.#medianPricePerKwh = prices[Math.floor(prices.length / 2)];
    await this.#playReferences();
  }

  async #playReferences(): Promise<void> {
    await this.#playAhead(this.#gridOnly);
    if (this.#optimum) await this.#playAhead(this.#optimum);
  }

  /** Plays the whole day with a reference, with what has befallen it so far. */
  async #playAhead(reference: Reference): Promise<void> {
    const { lane } = reference;
    await restartLane(lane, { ...this.#options, firstSlot: this.#firstSlot });
    reference.reports = [];
    for (let step = 0; step < this.slots; step++) {
      for (const [k, incident] of this.incidents.entries()) {
        if (incident.step === step) await changeLane(lane, this.#datasets[k]);
      }
      await stepLane(lane);
      reference.reports.push(
        laneReport(lane.records, this.dataset, step, reference.reports.at(-1)),
      );
    }
  }
}

function referenceReport({ lane, reports }: Reference, step: number): ReferenceReport {
  const { cost, emissionsKg } = reports[step];
  return { cost, dayCost: costOf(lane.records, reports.length), emissionsKg };
}
