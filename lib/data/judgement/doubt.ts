/**
 * What may be a mistake in a data set, with what to do about it.
 *
 * @module
 */

/** Kinds of doubts, for programs that read them. */
export type DoubtKind =
  | "unit"
  | "energy"
  | "absurd-reading"
  | "flat-line"
  | "pv-rating"
  | "clock"
  | "label"
  | "price"
  | "device"
  | "nothing";

/** Something that may be a mistake. */
export interface Doubt {
  /** What it is about. */
  readonly kind: DoubtKind;
  /** What was found, and what to do about it, in a sentence. */
  readonly text: string;
}

/** A sentence about some homes, of which the first are named. */
export function about(homes: readonly string[], kind: DoubtKind, text: string): Doubt[] {
  if (homes.length === 0) return [];
  const more = homes.length > 3 ? ` and ${homes.length - 3} more` : "";
  return [{ kind, text: `${homes.slice(0, 3).join(", ")}${more}: ${text}` }];
}

/** A number for messages. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}
