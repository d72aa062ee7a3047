/**
 * Mutants: modules with one fault each, named so that an edit elsewhere does not rename them.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Area } from "./areas.ts";
import type { MeaningfulFault } from "./meaningful.ts";
import { type Edit, faultsIn } from "./operators.ts";

/** Where a fault is and what it is, without line numbers. */
export interface FaultKey {
  /** Module, from the root of the repository. */
  readonly module: string;
  /** Function around it; empty outside of any. */
  readonly within: string;
  /** The line in which it begins. */
  readonly line: string;
  /** What changes; a number tells apart what would read alike. */
  readonly change: string;
}

/** A module with one fault. */
export interface Mutant extends FaultKey {
  /** Short name. */
  readonly id: string;
  /** Number of the line, from 1. */
  readonly lineNumber: number;
  /** The whole module with the fault. */
  readonly source: string;
}

/** Reads a module by its path from the root of the repository. */
export type ReadModule = (path: string) => Promise<string>;

/**
 * All mutants of an area: those of the operators and those that somebody thought of.
 *
 * @throws {Error} If a fault that somebody thought of is no longer where it was.
 */
export async function mutantsOf(
  area: Area,
  meaningful: readonly MeaningfulFault[],
  read: ReadModule,
): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const module of area.modules) {
    const source = await read(module);
    const thought = meaningful.filter((fault) => fault.module === module);
    const edits = [...faultsIn(source), ...thought.map((fault) => editOf(fault, source))];
    const seen = new Map<string, number>();
    for (const edit of edits) mutants.push(mutantOf(module, source, edit, seen));
  }
  return mutants;
}

function mutantOf(
  module: string,
  source: string,
  { start, end, replacement, change, within }: Edit,
  seen: Map<string, number>,
): Mutant {
  const lines = source.slice(0, start).split("\n");
  const line = source.split("\n")[lines.length - 1].trim();
  const alike = JSON.stringify([within, line, change]);
  const count = (seen.get(alike) ?? 0) + 1;
  seen.set(alike, count);
  const key = { module, within, line, change: count === 1 ? change : `${change} (${count})` };
  return {
    ...key,
    id: createHash("sha256").update(textOf(key)).digest("hex").slice(0, 7),
    lineNumber: lines.length,
    source: source.slice(0, start) + replacement + source.slice(end),
  };
}

function editOf({ module, from, to, fault }: MeaningfulFault, source: string): Edit {
  const start = source.indexOf(from);
  if (start < 0 || source.indexOf(from, start + 1) >= 0) {
    const times = start < 0 ? "no longer in" : "more than once in";
    throw new Error(
      `"${from}" is ${times} ${module}; mend tasks/mutate/meaningful.ts ("${fault}")`,
    );
  }
  return { start, end: start + from.length, replacement: to, change: fault, within: "" };
}

/** A key as one text, for comparison. */
export function textOf({ module, within, line, change }: FaultKey): string {
  return JSON.stringify([module, within, line, change]);
}
