/**
 * The session that plays: runs by name. Whoever opens the plain address watches the latest one; a link
 * to a moment joins the run that it came from while that still shows it, and otherwise plays the moment
 * anew, in a run of its own that disturbs nobody and that nobody else waits for.
 *
 * @module
 */

import { formatMoment, namesMoment, readMoment } from "./address.ts";
import { checkMoment } from "./checks.ts";
import { homesAfter } from "./describe_day.ts";
import { framesOf } from "./frames.ts";
import { Run } from "./run.ts";
import type {
  Command,
  DayFile,
  Frame,
  HomesNow,
  Moment,
  OfferedFile,
  Opened,
  Opening,
  Session,
  Sources,
} from "./session.ts";

/** Runs that are kept at a time. */
export const MOST_RUNS = 8;

/** Makes a file of what a run has played. */
export type TakeAway = (run: Run, file: string) => Promise<DayFile>;

/** All runs. */
export class Engine implements Session {
  readonly #sources: Sources;
  readonly #newName: () => string;
  readonly #takeAway: TakeAway;
  readonly #runs = new Map<string, Run>();
  /** Runs on their way to the moment that was asked for. */
  #opening = 0;
  /** The first run, while it is on its way. */
  #first: Promise<Run> | null = null;

  /** An engine without runs; `newName` names each that is opened. */
  constructor(sources: Sources, newName: () => string, takeAway: TakeAway) {
    this.#sources = sources;
    this.#newName = newName;
    this.#takeAway = takeAway;
  }

  /**
   * The run of this name.
   *
   * @throws {RangeError} If there is none.
   */
  get(name: string): Run {
    const run = this.#runs.get(name);
    if (run === undefined) throw new RangeError(`there is no run "${name}"; reload the page`);
    return run;
  }

  async open(opening: Opening, signal?: AbortSignal): Promise<Opened> {
    const { id } = await this.#runFor(opening, signal);
    return { run: id, choices: await this.#sources.choices() };
  }

  async command(run: string, command: Command): Promise<void> {
    await this.get(run).do(command);
  }

  listen(run: string, home: number | null): ReadableStream<Frame> {
    return framesOf(this.get(run), home);
  }

  async look(name: string, step: number): Promise<readonly HomesNow[]> {
    const run = this.get(name);
    return await run.read(() => homesAfter(run.day, step));
  }

  async offer(file: string, text: string): Promise<OfferedFile> {
    const setup = await this.#sources.offer(file, text);
    return { setup, choices: await this.#sources.choices() };
  }

  async takeAway(run: string, file: string): Promise<DayFile> {
    return await this.#takeAway(this.get(run), file);
  }

  /** Lets nothing go on by itself any more. */
  async close(): Promise<void> {
    for (const run of this.#runs.values()) await run.do({ kind: "pause" });
  }

  async #runFor({ query, run, reload }: Opening, signal?: AbortSignal): Promise<Run> {
    const search = new URLSearchParams(query);
    const usual = await this.#sources.defaultSetup();
    if (!namesMoment(search)) {
      const latest = [...this.#runs.values()].at(-1);
      if (latest !== undefined) return latest;
      // Whoever comes meanwhile waits for the same run.
      this.#first ??= this.#start({ setup: usual, step: 0, incidents: [] })
        .finally(() => this.#first = null);
      return await this.#first;
    }
    const moment = checkMoment(readMoment(search, usual));
    const live = run === null ? undefined : this.#runs.get(run);
    if (live !== undefined && shows(live, moment, reload)) return live;
    return await this.#start(moment, signal);
  }

  async #start(moment: Moment, signal?: AbortSignal): Promise<Run> {
    this.#makeRoom();
    this.#opening++;
    try {
      const run = await Run.at(this.#newName(), moment, this.#sources, signal);
      this.#runs.set(run.id, run);
      return run;
    } finally {
      this.#opening--;
    }
  }

  /** Drops the run that was longest out of sight if there are too many. */
  #makeRoom(): void {
    if (this.#runs.size + this.#opening < MOST_RUNS) return;
    const unseen = [...this.#runs.values()].filter(({ viewers }) => viewers === 0)
      .sort((a, b) => a.seenMs - b.seenMs)[0];
    if (unseen === undefined) {
      throw new RangeError(
        `${MOST_RUNS} runs are being watched or opened; close a page and try again`,
      );
    }
    unseen.do({ kind: "pause" });
    this.#runs.delete(unseen.id);
  }
}

/** Whether a run shows a moment: exactly it, or what came of it while the run goes on. */
function shows(run: Run, moment: Moment, reload: boolean): boolean {
  const now = run.moment;
  if (formatMoment(now) === formatMoment(moment)) return true;
  const goesOn = run.playing || reload;
  return goesOn && JSON.stringify({ ...now.setup, day: "" }) ===
      JSON.stringify({ ...moment.setup, day: "" });
}
