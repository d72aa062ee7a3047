/**
 * The seeds of several trainings, and where each training is.
 *
 * @module
 */

/** Seed of everything random unless another is asked for; several seeds count on from it. */
export const FIRST_SEED = 42;

/** So many training seeds. */
export function firstSeeds(count: number): number[] {
  return Array.from({ length: count }, (_, k) => FIRST_SEED + k);
}

/** Where the training of a seed is. */
export function seedFolder(stem: string, seed: number): string {
  return `${stem}-seed${seed}`;
}
