/**
 * What somebody meant who wrote a word that is not known.
 *
 * @module
 */

import { distance } from "fastest-levenshtein";
import { quoted } from "./shown.ts";

/** Longer than this, a word is none of ours. [characters] */
const LONGEST = 100;

/**
 * The known word that differs least, or `null` where none is near: where more than every third letter
 * would have to change. Letters in another order are one change.
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 * if (nearest("lernd", ["learned", "mpc"]) !== "learned") throw new Error("expected a word");
 * if (nearest("xyz", ["learned", "mpc"]) !== null) throw new Error("expected none");
 * ```
 */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > LONGEST) return null;
  let best: string | null = null;
  let least = Infinity;
  for (const candidate of known) {
    const changes = changesBetween(word.toLowerCase(), candidate.toLowerCase());
    const most = Math.ceil(Math.max(word.length, candidate.length) / 3);
    if (changes <= most && changes < least) [best, least] = [candidate, changes];
  }
  return best;
}

function changesBetween(word: string, candidate: string): number {
  const letters = (text: string) => [...text].sort().join("");
  return letters(word) === letters(candidate) && word !== candidate ? 1 : distance(word, candidate);
}

/** "; did you mean …?" where a known word is near, otherwise nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearest(word, known);
  return best === null ? "" : `; did you mean ${best}?`;
}

/**
 * The known word that `given` is.
 *
 * @param what What it was given for, such as `--split`.
 * @throws {RangeError} If it is none; the message lists all and suggests one that is near.
 */
export function oneOf<Word extends string>(
  what: string,
  given: string,
  known: readonly Word[],
): Word {
  const word = known.find((word) => word === given);
  if (word !== undefined) return word;
  throw new RangeError(
    `${what} must be one of ${known.join(", ")}, got ${quoted(given)}${didYouMean(given, known)}`,
  );
}
