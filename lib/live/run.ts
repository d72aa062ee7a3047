/**
 * A run: one setup that is played, at a pace, for any number of viewers. What touches the engine
 * happens strictly one after the other, whoever asks for it.
 *
 * A run that nobody watches stands still.
 *
 * @module
 */

import { timestamp } from "../units.ts";
import { describeDay } from "./describe_day.ts";
import type { DayCosts, LiveDay } from "./live_day.ts";
import { NO_DAYS, withDay } from "./past_days.ts";
import { FASTEST_WITH_OPTIMUM, givingWay, playAtPace } from "./pace.ts";
import { firstMidnight, prepare } from "./prepare.ts";
import type { Command, DayDescription, Moment, Setup, Sources } from "./session.ts";

const DAYS_PER_WEEK = 7;

/** One setup that is played. */
export class Run {
  /** Names it in requests. */
  readonly id: string;
  /** Pages that watch. */
  viewers = 0;
  /** Slots a second that were asked for. */
  slotsPerSecond = 2;
  /** Slots a second that are reached; `null` while nothing is played. */
  measuredSlotsPerSecond: number | null = null;
  /** Why it has stopped, where a policy has failed; `null` otherwise. */
  fault: string | null = null;
  /** When somebody last looked, by `performance.now()`. [ms] */
  seenMs: number = performance.now();

  readonly #sources: Sources;
  #setup: Setup;
  #day: LiveDay;
  #epoch = 1;
  #playing = false;
  /** Whether {@linkcode playAtPace} is at work. */
  #pacing = false;
  #revision = 0;
  #dayRevision = 0;
  #dayCosts: DayCosts = { gridOnly: 0, optimum: null };
  #past = NO_DAYS;
  #changed = Promise.withResolvers<void>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(id: string, sources: Sources, setup: Setup, day: LiveDay) {
    this.id = id;
    this.#sources = sources;
    this.#setup = setup;
    this.#day = day;
  }

  /**
   * A run at a moment: what was seen there is played again.
   *
   * @param signal Says when nobody waits for it any more; the work is given up then.
   * @throws {RangeError} If there is no such day, policy, data set or battery.
   */
  static async at(id: string, moment: Moment, sources: Sources, signal?: AbortSignal) {
    let opening = true;
    const giveWay = givingWay();
    const { setup, day } = await prepare(moment.setup, sources, async () => {
      await giveWay();
      if (opening) signal?.throwIfAborted();
    });
    const run = new Run(id, sources, setup, day);
    await run.#playTo(moment);
    opening = false;
    return run;
  }

  /** What is played now. */
  get moment(): Moment {
    return { setup: this.#setup, step: this.#day.step, incidents: [...this.#day.incidents] };
  }

  /** The day as it stands. */
  get day(): LiveDay {
    return this.#day;
  }

  /** Counts the days played, restarts included. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether it goes on by itself. */
  get playing(): boolean {
    return this.#playing;
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Grows with every change of what does not change from slot to slot. */
  get dayRevision(): number {
    return this.#dayRevision;
  }

  /** What does not change from slot to slot. */
  description(): DayDescription {
    return describeDay(this.#day, {
      run: this.id,
      setup: this.#setup,
      epoch: this.#epoch,
      dayCosts: this.#dayCosts,
      past: this.#past,
    });
  }

  /** Resolves as soon as the revision is not `revision` any more. */
  async changedFrom(revision: number): Promise<void> {
    while (this.#revision === revision) await this.#changed.promise;
  }

  /** What `look` makes of the run while nothing changes it. */
  read<T>(look: () => T): Promise<T> {
    return this.#exclusively(() => Promise.resolve(look()));
  }

  /** A viewer comes. */
  join(): void {
    this.viewers++;
    this.#touch();
  }

  /** A viewer goes. */
  leave(): void {
    this.viewers--;
    this.#touch();
  }

  /**
   * Does what a page asks for.
   *
   * @throws {RangeError} If it cannot be done; the message says why.
   */
  async do(command: Command): Promise<void> {
    switch (command.kind) {
      case "play":
        return await this.#play();
      case "pause":
        this.#playing = false;
        return this.#touch();
      case "step":
        this.#playing = false;
        return await this.#exclusively(() => this.#step());
      case "speed":
        this.slotsPerSecond = command.slotsPerSecond;
        this.#touch();
        if (this.#leavesOptimum) return;
        return await this.#exclusively(() => this.#bound());
      case "restart": {
        const setup = { ...this.#setup, seed: command.seed ?? this.#setup.seed };
        return await this.#exclusively(() => this.#begin(setup));
      }
      case "setup":
        return await this.#exclusively(() => this.#begin(command.setup));
      case "intervene":
        return await this.#exclusively(async () => {
          await this.#day.intervene(command.intervention);
          await this.#touchDay();
        });
    }
  }

  async #begin(setup: Setup): Promise<void> {
    const prepared = await prepare(setup, this.#sources, givingWay());
    this.#playing = false;
    this.fault = null;
    this.#setup = prepared.setup;
    this.#past = NO_DAYS;
    this.#day = prepared.day;
    await this.#newDay();
  }

  async #playTo({ step, incidents }: Moment): Promise<void> {
    requireWithin(this.#day.slots, step, incidents);
    for (let done = 0;; done++) {
      const now = incidents.filter((incident) => incident.step === done);
      if (now.length > 0) {
        await this.#day.intervene(...now.map(({ intervention }) => intervention));
      }
      if (done === step) break;
      await this.#step();
    }
    await this.#touchDay();
  }

  async #play(): Promise<void> {
    if (this.#playing) return;
    if (this.#day.over) await this.#exclusively(() => this.#again());
    this.#playing = true;
    this.fault = null;
    this.#touch();
    if (this.#pacing) return;
    this.#pacing = true;
    playAtPace({
      goesOn: () => this.#playing,
      slotsPerSecond: () => this.slotsPerSecond,
      unwatched: () => this.viewers > 0 ? null : this.changedFrom(this.#revision),
      advance: () => this.#exclusively(() => this.#advance()),
      measured: (slotsPerSecond) => this.measuredSlotsPerSecond = slotsPerSecond,
    }).finally(() => {
      this.#pacing = false;
      this.measuredSlotsPerSecond = null;
    }).then(() => this.#exclusively(() => this.#bound())).catch((error) => {
      this.#playing = false;
      this.fault = error instanceof Error ? error.message : String(error);
    }).finally(() => this.#touch());
  }

  /** The day once more where it is over, or what comes after it. */
  async #again(): Promise<void> {
    if (this.#goesOn) return await this.#nextDay();
    this.#past = NO_DAYS;
    await this.#goOn(this.#day.firstSlot);
  }

  /** One slot on; after the last one, what the setup says. */
  async #advance(): Promise<void> {
    if (!this.#playing) return;
    if (!this.#day.over) await this.#step();
    if (!this.#day.over) return;
    if (this.#goesOn) await this.#nextDay();
    else this.#playing = false;
    this.#touch();
  }

  /** Whether another day comes after this one. */
  get #goesOn(): boolean {
    const { atEnd } = this.#setup;
    return atEnd === "next-day" || (atEnd === "week" && this.#past.count + 1 < DAYS_PER_WEEK);
  }

  async #nextDay(): Promise<void> {
    this.#past = withDay(this.#past, this.#setup.day, this.#day.reports.at(-1)!);
    await this.#goOn(this.#nextFirstSlot());
  }

  /** The day after, or the first one after the last. */
  #nextFirstSlot(): number {
    const next = this.#day.firstSlot + this.#day.slots;
    const { slots } = this.#day.dataset.profiles.grid;
    return next + this.#day.slots <= slots ? next : firstMidnight(this.#day.dataset);
  }

  async #goOn(firstSlot: number): Promise<void> {
    await this.#day.restart(firstSlot, !this.#leavesOptimum);
    const day = timestamp(this.#day.dataset.profiles.grid, firstSlot).slice(0, 10);
    this.#setup = { ...this.#setup, day };
    await this.#newDay();
  }

  /** Whether days are played without their optimum, which is worked out once it stops or slows down. */
  get #leavesOptimum(): boolean {
    return this.#setup.atEnd === "next-day" && this.slotsPerSecond > FASTEST_WITH_OPTIMUM;
  }

  /** The optimum of a day that was played without; who watches is told all of the day anew. */
  async #bound(): Promise<void> {
    if (!this.#day.optimumLater) return;
    await this.#day.bound();
    await this.#newDay();
  }

  async #step(): Promise<void> {
    await this.#day.next();
    this.#touch();
  }

  async #newDay(): Promise<void> {
    this.#epoch++;
    await this.#touchDay();
  }

  async #touchDay(): Promise<void> {
    this.#dayCosts = await this.#day.dayCosts();
    this.#dayRevision++;
    this.#touch();
  }

  #touch(): void {
    this.#revision++;
    this.seenMs = performance.now();
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }

  /** Does `work` once all that was asked for before is done. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

function requireWithin(slots: number, step: number, incidents: Moment["incidents"]): void {
  if (step > slots) {
    throw new RangeError(
      `address.step must be at most ${slots}, the slots of the day, got ${step}`,
    );
  }
  const late = incidents.find((incident) => incident.step > step);
  if (late !== undefined) {
    throw new RangeError(
      `address.events must not lie beyond step ${step}, got ${late.intervention.kind} at ` +
        late.step,
    );
  }
}
