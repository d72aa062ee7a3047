/**
 * A network as whoever uses it sees it.
 *
 * @module
 */

import type { Blocks } from "./blocks.ts";

/** A network as it stands. */
export interface Network {
  /** Outputs [rows × outputs] of what is seen [communities × common], [rows × own]. */
  forward(seen: Blocks<Float32Array>): Float32Array;
}
