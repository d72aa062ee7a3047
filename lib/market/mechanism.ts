/**
 * What every rule of a local market has in common: curves in, energy and payments of every row and
 * a reference price out, and a certificate of what it promises.
 *
 * @module
 */

import type { MarketBook } from "./market_book.ts";

/** Whether one promise of a mechanism is kept. */
export interface Kept {
  /** Whether it is kept. */
  readonly holds: boolean;
  /** By how much it is missed, relative to its scale; `Infinity` where that cannot be measured. */
  readonly residual: number;
}

/** Every promise of a mechanism, kept or not. */
export interface MarketCertificate {
  /** Whether all of them are kept. */
  readonly valid: boolean;
  /** Each promise by name. */
  readonly promises: Readonly<Record<string, Kept>>;
}

/** A rule by which a community's energy is shared and paid for. */
export interface Mechanism {
  /** Name in configurations and tables. */
  readonly name: string;
  /** What it does and where it comes from, in a sentence. */
  readonly description: string;
  /**
   * Clears communities `from` to `to` (exclusive, at first all) of a book, from its inputs into its
   * outcome. Total: numbers that are none make a store idle and are flagged. Stateless: the same
   * inputs come to the same bits.
   */
  clear(book: MarketBook, from?: number, to?: number): void;
  /** Checks a cleared community by code of its own. */
  certify(book: MarketBook, community: number): MarketCertificate;
}
