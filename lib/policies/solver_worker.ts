/**
 * Worker that solves linear programs.
 *
 * @module
 */

import type { Basis, LinearModel } from "./linear_program.ts";
import type { SolveOutcome } from "./solver_outcome.ts";
import { loadHighs, solveProgram } from "./solver_program.ts";

/** What the Worker is asked: solve some programs. */
export interface SolveRequest {
  /** Comes back with the answer. */
  readonly id: number;
  /** The programs. */
  readonly tasks: readonly { readonly model: LinearModel; readonly start?: Basis }[];
  /** Longest time for each of them. [s] */
  readonly secondsAtMost: number;
}

/** What the Worker answers. */
export interface SolveReply {
  /** Of the request. */
  readonly id: number;
  /** In the order of the tasks. */
  readonly outcomes: readonly SolveOutcome[];
}

const scope = globalThis as unknown as {
  onmessage: (event: { data: SolveRequest }) => void;
  postMessage(reply: SolveReply, transfer: ArrayBufferLike[]): void;
};
const loading = loadHighs();

scope.onmessage = async ({ data: { id, tasks, secondsAtMost } }) => {
  const highs = await loading;
  const outcomes = tasks.map(({ model, start }) =>
    solveProgram(highs, model, start, secondsAtMost)
  );
  const buffers = outcomes.flatMap((outcome) =>
    outcome.kind === "optimal" ? [outcome.values.buffer, outcome.rowDuals.buffer] : []
  );
  scope.postMessage({ id, outcomes }, buffers);
};
