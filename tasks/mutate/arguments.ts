/**
 * Why a mutant that no test notices is no fault: it computes the same, or nothing that matters.
 *
 * @module
 */

import type { FaultKey } from "./mutants.ts";

/** Mutants in one line of code, and what makes them harmless. */
export interface Argument {
  /** Module, from the root of the repository. */
  readonly module: string;
  /** Function around the line; empty outside of any. */
  readonly within: string;
  /** The line. */
  readonly line: string;
  /** The changes to it, as `deno task mutate` prints them. */
  readonly changes: readonly string[];
  /** Why they do no harm. */
  readonly because: string;
}

/** All arguments. */
export const equivalences: readonly Argument[] = [];

/** The mutants that an argument speaks of. */
export function keysOf({ module, within, line, changes }: Argument): FaultKey[] {
  return changes.map((change) => ({ module, within, line, change }));
}
