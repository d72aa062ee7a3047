/**
 * How the threads of a team call each other: words in shared memory. The leader publishes a command
 * under a new number; each helper carries it out and writes that number into a word of its own. Both
 * sides watch for a short while before they sleep, since the next call is mostly near.
 *
 * @module
 */

import type { Arrays } from "../arrays.ts";

/** What a leader can ask for. */
export const COMMANDS = {
  play: 1,
  differentiate: 2,
  state: 3,
  fetch: 4,
  stop: 5,
  imitate: 6,
} as const;

/** The words. */
export interface Signals {
  /** Number of the last command, the command, its argument, and the helper that failed (or 0). */
  readonly call: Int32Array;
  /** Number of the last command that each helper has carried out. */
  readonly done: Int32Array;
  /** Counts up as long as a helper works. */
  readonly heartbeat: Int32Array;
  /** Bytes that each helper has to hand over. */
  readonly length: Int32Array;
  /** Why a helper failed, in UTF-8, up to a 0. */
  readonly reason: Uint8Array;
}

const NUMBER = 0, COMMAND = 1, ARGUMENT = 2, FAILED = 3;

/** Watching for this long costs less than being woken up, on a core of one's own. [ms] */
const WATCH_MS = 0.5;
/** A sleeper looks around at least so often, so that it can be ended. [ms] */
const SLEEP_MS = 200;

/** Room for the words of `helpers`. */
export function allocateSignals(arrays: Arrays, helpers: number): Signals {
  const words = (count: number) => {
    const { buffer, byteOffset } = arrays.uint32(count);
    return new Int32Array(buffer, byteOffset, count);
  };
  return {
    call: words(4),
    done: words(helpers),
    heartbeat: words(helpers),
    length: words(helpers),
    reason: arrays.uint8(1_000),
  };
}

/** Publishes a command to all helpers. */
export function publish({ call }: Signals, command: number, argument: number): void {
  call[COMMAND] = command;
  call[ARGUMENT] = argument;
  Atomics.add(call, NUMBER, 1);
  Atomics.notify(call, NUMBER);
}

/**
 * Waits until every helper has carried out the last command.
 *
 * @throws {Error} If one has failed, or gives no sign of life for `patienceMs`.
 */
export function awaitHelpers(signals: Signals, patienceMs: number): void {
  const { call, done, heartbeat, reason } = signals;
  for (let helper = 0; helper < done.length; helper++) {
    let beat = heartbeat[helper], since = performance.now();
    const carriedOut = waitFor(
      done,
      helper,
      watchMs(done),
      (value) => value === call[NUMBER],
      () => {
        const now = performance.now();
        if (beat !== Atomics.load(heartbeat, helper)) {
          beat = Atomics.load(heartbeat, helper);
          since = now;
        }
        return now - since < patienceMs;
      },
    );
    if (!carriedOut) {
      const seconds = patienceMs / 1000;
      throw new Error(
        `Worker ${helper + 1} has given no sign of life for ${seconds} s: it has died or hangs; ` +
          "go on from the last checkpoint, with workers set to 1 if it happens again",
      );
    }
  }
  const failed = Atomics.load(call, FAILED);
  if (failed !== 0) {
    const text = new TextDecoder().decode(reason.slice(0, reason.indexOf(0)));
    throw new Error(`Worker ${failed} failed: ${text}`);
  }
}

/** Carries out commands until one says stop; whatever is thrown reaches the leader. */
export function serve(
  signals: Signals,
  helper: number,
  carryOut: (command: number, argument: number) => void,
): void {
  const { call, done } = signals;
  for (let number = 0;;) {
    waitFor(call, NUMBER, watchMs(done), (value) => value !== number, () => true);
    number = Atomics.load(call, NUMBER);
    const command = call[COMMAND];
    try {
      if (command !== COMMANDS.stop) carryOut(command, call[ARGUMENT]);
    } catch (error) {
      reportFailure(signals, helper, error);
    }
    Atomics.store(done, helper, number);
    Atomics.notify(done, helper);
    if (command === COMMANDS.stop) return;
  }
}

function reportFailure({ call, reason }: Signals, helper: number, error: unknown): void {
  if (Atomics.compareExchange(call, FAILED, 0, helper + 1) !== 0) return;
  const text = error instanceof Error ? error.message : String(error);
  reason.set(new TextEncoder().encode(text).subarray(0, reason.length - 1));
}

/** Who shares a core with others should leave it to them. */
function watchMs(helpers: { readonly length: number }): number {
  return helpers.length < navigator.hardwareConcurrency ? WATCH_MS : 0;
}

/** Waits until a word is as wanted; gives up when `patient` says so, asked now and then. */
function waitFor(
  words: Int32Array,
  index: number,
  watchMs: number,
  wanted: (value: number) => boolean,
  patient: () => boolean,
): boolean {
  const began = performance.now();
  for (;;) {
    const value = Atomics.load(words, index);
    if (wanted(value)) return true;
    if (performance.now() - began < watchMs) continue;
    if (!patient()) return false;
    Atomics.wait(words, index, value, SLEEP_MS);
  }
}
