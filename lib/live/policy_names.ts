/**
 * What policies are called for people.
 *
 * @module
 */

/** How a trained model is named: this and its folder. */
export const LEARNED = "learned:";

/** Names for people: a trained model is "learned"; two of them are told apart by their folders. */
export function namesForPeople(names: readonly string[]): string[] {
  const models = names.filter((name) => name.startsWith(LEARNED)).length;
  return names.map((name) => models === 1 && name.startsWith(LEARNED) ? "learned" : name);
}
