/**
 * Ctrl-C: what is at work is finished, saved and left whole; a second Ctrl-C ends the task at once.
 * The signal to terminate does the same.
 *
 * @module
 */

import { say } from "./terminal.ts";

/** Exit code of a task that was stopped. */
export const STOPPED_CODE = 130;

/** The task was stopped and has left everything whole; the message says how to go on. */
export class Stopped extends Error {}

/** How long work may go on without letting a signal be seen. [ms] */
const UNSEEN_MS = 50;

/**
 * A terminal sends Ctrl-C to `deno task` and to the task, and `deno task` hands it on: what comes
 * within this time after the first is the same one, and is waited for. [ms]
 */
const ECHO_MS = 200;

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

const stop = new AbortController();
let listening = false;
let seenMs = 0;

/**
 * From here on, Ctrl-C only asks for an end; who calls this looks at {@linkcode stopAsked} or
 * {@linkcode endIfAsked} again and again.
 *
 * @param finishing What is finished first, such as `the iteration in work`.
 */
export function catchStop(finishing: string): void {
  if (listening) return;
  listening = true;
  const hear = () => {
    say(`\nStopping after ${finishing}; Ctrl-C again stops at once.`, "stderr");
    stop.abort();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ECHO_MS);
    // The next one does what it does to any program, also while this one is busy.
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, hear);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, hear);
}

/** Whether the task was asked to stop; lets signals be seen first if that is due. */
export async function stopAsked(): Promise<boolean> {
  if (performance.now() - seenMs > UNSEEN_MS) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    seenMs = performance.now();
  }
  return stop.signal.aborted;
}

/**
 * Ends the work if the task was asked to stop.
 *
 * @param how How to go on; the end of a sentence that begins with "Stopped".
 * @throws {Stopped} If so.
 */
export async function endIfAsked(how: string): Promise<void> {
  if (await stopAsked()) throw new Stopped(`Stopped; ${how}`);
}

/** Aborted as soon as the task is asked to stop. */
export function stopSignal(): AbortSignal {
  return stop.signal;
}
