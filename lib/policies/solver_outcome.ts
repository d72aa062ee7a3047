/**
 * What comes of a linear program, and in words what went wrong where there is no optimum.
 *
 * @module
 */

import type { LinearProgram, LinearSolution } from "./linear_program.ts";

/** An optimum, or why there is none. */
export type SolveOutcome =
  | ({ readonly kind: "optimal" } & LinearSolution)
  /** No x meets all bounds; those named here are enough to contradict each other. */
  | { readonly kind: "infeasible"; readonly rows: Int32Array; readonly columns: Int32Array }
  /** The objective falls without end along these variables. */
  | { readonly kind: "unbounded"; readonly columns: Int32Array }
  /** The time was out. */
  | { readonly kind: "out-of-time" }
  /** The solver gave up. */
  | { readonly kind: "failed"; readonly reason: string };

/** Constraints that an error message names at most. */
const NAMED = 4;

/**
 * The solution of a program; `null` if the time was out.
 *
 * @throws {Error} If there is none; the message says why.
 */
export function solutionOf(program: LinearProgram, outcome: SolveOutcome): LinearSolution | null {
  const { subject } = program;
  switch (outcome.kind) {
    case "optimal":
      return outcome;
    case "out-of-time":
      return null;
    case "infeasible": {
      const rows = names(outcome.rows, (row) => program.rowName(row));
      const bounds = names(outcome.columns, (column) => `bounds of ${program.columnName(column)}`);
      const all = [rows, bounds].filter((text) => text !== "").join("; ");
      throw new Error(
        `${subject} has no plan: ` +
          (all === "" ? "its constraints contradict each other" : `these cannot all hold: ${all}`),
      );
    }
    case "unbounded": {
      const columns = names(outcome.columns, (column) => program.columnName(column));
      throw new Error(`${subject} has no least cost: it falls without end along ${columns}`);
    }
    case "failed":
      throw new Error(`${subject} was not solved: ${outcome.reason}`);
  }
}

function names(indices: Int32Array, nameOf: (index: number) => string): string {
  const named = [...indices.subarray(0, NAMED)].map(nameOf).join(", ");
  return indices.length > NAMED ? `${named} and ${indices.length - NAMED} more` : named;
}
