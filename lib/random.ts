/**
 * Seeded randomness. Every consumer asks for a stream of its own by name, so that adding a
 * consumer shifts no other: `stream(7, "weather")` never changes because something else was drawn.
 *
 * @module
 */

// @ts-types="npm:@types/seedrandom@3.0.8"
import seedrandom from "seedrandom";
import { cos, log } from "./arithmetic.ts";

/** The generator's whole state, to be saved and restored as JSON. */
export type StreamState = object;

/** An independent pseudo-random stream. */
export interface Stream {
  /** A number in [0, 1) with 53 random bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
  /** The state, from which {@linkcode restoreStream} goes on bit for bit. */
  state(): StreamState;
}

/**
 * A stream for one purpose, named by labels.
 *
 * @example
 * ```ts
 * import { stream } from "./random.ts";
 * const a = stream(42, "weather", 3);
 * const b = stream(42, "weather", 3);
 * if (a.uniform() !== b.uniform()) throw new Error("same seed and labels, same numbers");
 * ```
 */
export function stream(seed: number, ...labels: readonly (string | number)[]): Stream {
  return wrap(seedrandom.alea([seed, ...labels].join("\u0000"), { state: true }));
}

/** A stream that continues where {@linkcode Stream.state} was taken. */
export function restoreStream(state: StreamState): Stream {
  return wrap(seedrandom.alea("", { state: state as seedrandom.State.Alea }));
}

/** Fisher–Yates shuffle of `values`, in place. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  values: T,
  random: Stream,
): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = values[i];
    values[i] = values[j];
    values[j] = held;
  }
  return values;
}

function wrap(generator: seedrandom.StatefulPRNG<seedrandom.State.Alea>): Stream {
  const uniform = () => generator.double();
  return {
    uniform,
    // Box–Muller without the second value: a stream then has no state beside its generator's.
    normal: () => Math.sqrt(-2 * log(1 - uniform())) * cos(2 * Math.PI * uniform()),
    below: (n) => Math.floor(uniform() * n),
    state: () => generator.state(),
  };
}
