/**
 * The best policy of a training so far, by its cost on validation days: what a model acts by.
 *
 * @module
 */

import type { BestPolicy } from "../ppo/checkpoint.ts";

/** Remembers the best policy. */
export class BestSoFar {
  #best: BestPolicy | null;

  /** Goes on from what was best before, if anything was. */
  constructor(best: BestPolicy | null = null) {
    this.#best = best;
  }

  /** The best so far; `null` before the first validation. */
  get current(): BestPolicy | null {
    return this.#best;
  }

  /** Takes in a policy; of equals the earlier one stays. */
  offer(candidate: BestPolicy): void {
    if (this.#best === null || candidate.validationCost < this.#best.validationCost) {
      this.#best = candidate;
    }
  }
}
