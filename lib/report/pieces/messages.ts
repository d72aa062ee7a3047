/**
 * What a page's live pieces and their Worker say to each other. Types only.
 *
 * @module
 */

import type { Values } from "./piece.ts";

/** What a page asks for; a later request of the same piece takes the place of an earlier one. */
export interface PieceRequest {
  /** Counts requests. */
  readonly id: number;
  /** Name of the piece. */
  readonly piece: string;
  /** Its numbers; `null` to give up what is at work. */
  readonly values: Values | null;
}

/** What the Worker answers: data again and again, then the end, or one error. */
export type PieceReply =
  | { readonly id: number; readonly data: unknown }
  | { readonly id: number; readonly end: true }
  | { readonly id: number; readonly error: string };
