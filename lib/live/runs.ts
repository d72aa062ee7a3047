/**
 * The runs of a server. Whoever opens the plain address watches the latest one; a link to a moment
 * joins the run that it came from while that still shows it, and otherwise plays the moment anew, in a
 * run of its own that disturbs nobody.
 *
 * @module
 */

import { formatMoment, namesMoment, readMoment } from "./address.ts";
import { checkMoment } from "./checks.ts";
import type { Offers } from "./offers.ts";
import type { Moment } from "./protocol.ts";
import { Run } from "./run.ts";

/** Runs that are kept at a time. */
export const MOST_RUNS = 8;

/** How a page was opened. */
export interface Opening {
  /** Query string of the address. */
  readonly query: string;
  /** The run that it was showing, if any. */
  readonly run: string | null;
  /** Whether it was loaded again: it then shows what it has shown, as far as that has got. */
  readonly reload: boolean;
}

/** All runs. */
export class Runs {
  readonly #offers: Offers;
  readonly #runs = new Map<string, Run>();
  #opening: Promise<unknown> = Promise.resolve();

  constructor(offers: Offers) {
    this.#offers = offers;
  }

  /**
   * The run of this name.
   *
   * @throws {RangeError} If there is none.
   */
  get(id: string): Run {
    const run = this.#runs.get(id);
    if (run === undefined) throw new RangeError(`there is no run "${id}"; reload the page`);
    return run;
  }

  /** The run that a page is to show; openings are dealt with one after the other. */
  open(opening: Opening): Promise<Run> {
    const opened = this.#opening.then(() => this.#open(opening));
    this.#opening = opened.catch(() => {});
    return opened;
  }

  /** Lets nothing go on by itself any more. */
  async close(): Promise<void> {
    for (const run of this.#runs.values()) await run.do({ kind: "pause" });
  }

  async #open({ query, run: id, reload }: Opening): Promise<Run> {
    const search = new URLSearchParams(query);
    const from = await this.#offers.defaultSetup();
    if (!namesMoment(search)) {
      const latest = [...this.#runs.values()].at(-1);
      return latest ?? await this.#start({ setup: from, step: 0, incidents: [] });
    }
    const moment = checkMoment(readMoment(search, from));
    const live = id === null ? undefined : this.#runs.get(id);
    if (live !== undefined && shows(live, moment, reload)) return live;
    return await this.#start(moment);
  }

  async #start(moment: Moment): Promise<Run> {
    this.#makeRoom();
    const run = await Run.at(crypto.randomUUID().slice(0, 8), moment, this.#offers);
    this.#runs.set(run.id, run);
    return run;
  }

  /** Drops the run that was longest out of sight if there are too many. */
  #makeRoom(): void {
    if (this.#runs.size < MOST_RUNS) return;
    const unseen = [...this.#runs.values()].filter(({ viewers }) => viewers === 0)
      .sort((a, b) => a.seenMs - b.seenMs)[0];
    if (unseen === undefined) {
      throw new RangeError(`${MOST_RUNS} runs are being watched; close a page and try again`);
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
