/**
 * Why the feasibility filter changed what an agent said; reasons add up as bits.
 *
 * @module
 */

/** Why a request was changed. */
export const Reason = {
  /** A number was NaN or infinite: the store is idle. */
  notFinite: 1,
  /** The store cannot charge or discharge as requested. */
  power: 2,
  /** A value curve rose: it was made flat. */
  rising: 4,
  /** The community's grid connection does not carry the sum of the requests. */
  connection: 8,
  /** The home's operating envelope does not allow all of the curve. */
  envelope: 16,
} as const;

/** `reason` if a number was changed, `Reason.notFinite` if it was none, or else 0. */
export function reasonOf(requested: number, feasible: number, reason: number): number {
  if (requested === feasible) return 0;
  return Number.isFinite(requested) ? reason : Reason.notFinite;
}

/** A number within bounds. */
export function within(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}
