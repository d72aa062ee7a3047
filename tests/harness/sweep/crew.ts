/**
 * Processes that work on a queue and are started again whenever they end before their time.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { type Started, startTask } from "../interrupt/start.ts";

/** How often, and how far apart, a job to kill is looked for. */
const JOB_TRIES = 300, JOB_PAUSE_MS = 100;

/** Workers, or sweeps, of which each has a place. */
export class Crew {
  readonly #commands: readonly (readonly string[])[];
  readonly #members: Started[] = [];
  readonly #said: string[] = [];
  readonly #finished: PromiseWithResolvers<void>[];
  #isOver = false;

  /** @param commands A task with its arguments for every place. */
  constructor(commands: readonly (readonly string[])[]) {
    this.#commands = commands;
    this.#finished = commands.map(() => Promise.withResolvers<void>());
    commands.forEach((_, place) => this.#fill(place));
  }

  /** What all that have ended said, line by line. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** Kills a process at random, one of the crew or a job of one; answers which kind it was. */
  async killOne(random: Stream): Promise<"worker" | "job"> {
    let jobs: number[] = [];
    // Who has just been started again is not at work yet: half of the kills wait for a job.
    const tries = random.below(2) === 0 ? JOB_TRIES : 0;
    for (let k = 0; k < tries && jobs.length === 0; k++) {
      await new Promise((resolve) => setTimeout(resolve, JOB_PAUSE_MS));
      jobs = (await Promise.all(this.#members.map(({ pid }) => childrenOf(pid)))).flat();
    }
    const isJob = jobs.length > 0;
    const { pid } = this.#members[random.below(this.#members.length)];
    try {
      Deno.kill(isJob ? jobs[random.below(jobs.length)] : pid, "SIGKILL");
    } catch { /* it has ended */ }
    return isJob ? "job" : "worker";
  }

  /** Waits until all have come to their own end. */
  async end(): Promise<void> {
    await Promise.all(this.#finished.map(({ promise }) => promise));
  }

  /** Kills all that are left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const member of this.#members) member.kill("SIGKILL");
    await Promise.all(this.#members.map(({ ending }) => ending));
  }

  #fill(place: number): void {
    const [task, ...args] = this.#commands[place];
    const member = startTask(task, args);
    this.#members[place] = member;
    member.ending.then(({ code, stdout, stderr }) => {
      this.#said.push(...`${stdout}\n${stderr}`.split("\n").filter((line) => line !== ""));
      // Who has come to the end is not needed any more, whoever was killed is.
      if (code === 0) this.#finished[place].resolve();
      else if (!this.#isOver) this.#fill(place);
    });
  }
}

/** Processes that a process has started, from any of its threads. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await Array.fromAsync(Deno.readDir(`/proc/${pid}/task`)).catch(() => []);
  const lists = await Promise.all(
    threads.map(({ name }) =>
      Deno.readTextFile(`/proc/${pid}/task/${name}/children`).catch(() => "")
    ),
  );
  return lists.join(" ").split(/\s+/).filter((word) => word !== "").map(Number);
}
