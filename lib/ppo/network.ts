/**
 * A network as whoever uses it sees it.
 *
 * @module
 */

/** A network as it stands. */
export interface Network {
  /** Outputs [rows × outputs] of inputs [rows × inputs]. */
  forward(input: Float32Array): Float32Array;
}
