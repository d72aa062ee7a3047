/**
 * How tasks work on a queue: with a name, until what they are there for is done or they are asked to
 * stop.
 *
 * @module
 */

import { startProgress } from "../cli/progress.ts";
import { catchStop, stopAsked, Stopped, stopSignal } from "../cli/stop.ts";
import { say } from "../cli/terminal.ts";
import { foreignJobs, oneStatus, openJobs, runningJobs } from "./ask.ts";
import { type JobCode, queueOf } from "./identity.ts";
import type { Queue } from "./queue.ts";
import { work, type WorkDone } from "./work.ts";

/** With what to work. */
export interface Hands {
  /** Jobs at a time. */
  readonly slots: number;
  /** Folder for large models. */
  readonly models: string;
}

/** From here on, a task that works on a queue hears of signals. */
export function hearStop(): AbortSignal {
  catchStop("the jobs at work have been given back");
  return stopSignal();
}

/**
 * Works until nothing of a sweep waits or is at work, and shows how far it is.
 *
 * @throws {Stopped} On Ctrl-C.
 */
export async function workOffSweep(
  queue: Queue,
  code: JobCode,
  name: string,
  hands: Hands,
): Promise<void> {
  const { jobs, done } = await oneStatus(queue, name);
  using progress = startProgress(jobs, "jobs", done);
  const tally = await work(queue, code, {
    ...hands,
    worker: workerName(),
    signal: stopSignal(),
    async isOver() {
      const { done, dead, cancelled } = await oneStatus(queue, name);
      const [first] = await runningJobs(queue, name);
      const note = first === undefined
        ? "none at work"
        : `${first.label}, seed ${first.seed}: ${first.note || "starting"}`;
      progress.update(done + dead + cancelled, note);
      return done + dead + cancelled >= jobs;
    },
    onEnd: (line, hasFailed) => hasFailed && say(line, "stderr"),
  });
  if (await stopAsked()) {
    progress.stop();
    throw new Stopped(`Stopped; ${givenBack(tally)}, and the same command goes on`);
  }
}

/**
 * Works on whatever waits for this code.
 *
 * @param drain Whether to end when nothing waits or is at work.
 * @throws {Error} If nothing waits but jobs of other code, and `drain` asks for an end.
 * @throws {Stopped} On Ctrl-C or the signal to terminate.
 */
export async function workOnQueue(
  queue: Queue,
  code: JobCode,
  drain: boolean,
  hands: Hands,
): Promise<WorkDone> {
  const own = queueOf(code);
  let told = "";
  const { slots } = hands;
  say(`Working with ${slots} ${slots === 1 ? "slot" : "slots"}; Ctrl-C gives jobs back`);
  const tally = await work(queue, code, {
    ...hands,
    worker: workerName(),
    signal: stopSignal(),
    async isOver() {
      const open = await openJobs(queue, own);
      if (open > 0) return false;
      const line = await foreignLine(queue, code);
      if (line !== null && line !== told && !drain) say(told = line, "stderr");
      return drain;
    },
    onEnd: (line, hasFailed) => say(line, hasFailed ? "stderr" : "stdout"),
  });
  if (await stopAsked()) throw new Stopped(`Stopped; ${givenBack(tally)}`);
  const foreign = await foreignLine(queue, code);
  if (foreign !== null) throw new Error(foreign);
  return tally;
}

async function foreignLine(queue: Queue, code: JobCode): Promise<string | null> {
  const [other] = await foreignJobs(queue, queueOf(code));
  if (other === undefined) return null;
  const { jobs, commit, deno } = other;
  return `${jobs} ${jobs === 1 ? "job waits" : "jobs wait"} for other code than this: commit ` +
    `${commit.slice(0, 12)} with Deno ${deno}, and this is ${code.commit.slice(0, 12)} with ` +
    `${code.deno}; check that out here, or sweep again from here`;
}

function givenBack({ givenBack: jobs }: WorkDone): string {
  return jobs === 0
    ? "no job was at work"
    : `${jobs} ${jobs === 1 ? "job was" : "jobs were"} given back`;
}

function workerName(): string {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return `${state === "granted" ? Deno.hostname() : "this machine"}:${Deno.pid}`;
}
