/**
 * What was seen, done and come of it, of which minibatches are drawn at random; the oldest is
 * overwritten.
 *
 * @module
 */

import type { Stream } from "../random.ts";

/** Samples, row by row. */
export interface Samples {
  /** What was seen. `[rows × features]` */
  readonly seen: Float32Array;
  /** What was done. `[rows × numbers]` */
  readonly actions: Float32Array;
  /** What it was rewarded with. `[rows]` */
  readonly rewards: Float32Array;
  /** What was seen next. `[rows × features]` */
  readonly next: Float32Array;
  /** 0 where nothing followed, else 1. `[rows]` */
  readonly goesOn: Float32Array;
  /** What a teacher would have done. `[rows × numbers]` */
  readonly taught: Float32Array;
  /** How much that counts. `[rows × numbers]` */
  readonly trust: Float32Array;
}

/** Room for so many samples. */
export function createSamples(rows: number, features: number, numbers: number): Samples {
  return {
    seen: new Float32Array(rows * features),
    actions: new Float32Array(rows * numbers),
    rewards: new Float32Array(rows),
    next: new Float32Array(rows * features),
    goesOn: new Float32Array(rows),
    taught: new Float32Array(rows * numbers),
    trust: new Float32Array(rows * numbers),
  };
}

/** A memory of samples. */
export class Replay {
  readonly #kept: Samples;
  readonly #capacity: number;
  #count = 0;
  #next = 0;

  /** Room for `capacity` samples. */
  constructor(capacity: number, features: number, numbers: number) {
    this.#capacity = capacity;
    this.#kept = createSamples(capacity, features, numbers);
  }

  /** Samples that are kept. */
  get count(): number {
    return this.#count;
  }

  /** Takes in all rows of `from`. */
  add(from: Samples): void {
    for (let row = 0; row < from.rewards.length; row++) {
      copy(from, row, this.#kept, this.#next);
      this.#next = (this.#next + 1) % this.#capacity;
      this.#count = Math.min(this.#count + 1, this.#capacity);
    }
  }

  /** Fills `into` with samples drawn at random. */
  draw(random: Stream, into: Samples): void {
    for (let row = 0; row < into.rewards.length; row++) {
      copy(this.#kept, random.below(this.#count), into, row);
    }
  }
}

function copy(from: Samples, source: number, into: Samples, target: number): void {
  for (const name of Object.keys(from) as (keyof Samples)[]) {
    const width = from[name].length / from.rewards.length;
    const values = from[name].subarray(source * width, (source + 1) * width);
    into[name].set(values, target * width);
  }
}
