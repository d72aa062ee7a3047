/**
 * What a helper of a policy on several threads needs to begin.
 *
 * @module
 */

import type { ActorWeights } from "../actor_weights.ts";
import type { Signals } from "./signals.ts";

/** What a helper is sent. */
export interface PolicyHelperSetup {
  /** Its number, from 0. */
  readonly helper: number;
  /** The policy. */
  readonly weights: ActorWeights;
  /** Where everything else is. */
  readonly memory: WebAssembly.Memory;
  /** Calls between the threads. */
  readonly signals: Signals;
  /**
   * For each helper: address and length of the common block, of the own block, address of the
   * actions, its first block of rows and the one after its last.
   */
  readonly places: Uint32Array;
}

/** Numbers in a helper's place. */
export const PLACE_LENGTH = 7;
