/**
 * Worker that solves linear programs by HiGHS, the solver of the University of Edinburgh
 * (Q. Huangfu and J. A. J. Hall, 2018, Mathematical Programming Computation 10, 119–142).
 *
 * It keeps nothing from one program to the next: answers do not depend on what it solved before.
 *
 * @module
 */

import highs, { type Highs, type Model, type ModelData } from "highs";
import type { Basis, LinearModel, LinearSolution } from "./linear_program.ts";

/** What the Worker is asked: solve some programs. */
export interface SolveRequest {
  /** Comes back with the answer. */
  readonly id: number;
  /** The programs. */
  readonly tasks: readonly { readonly model: LinearModel; readonly start?: Basis }[];
}

/** An optimum, or why there is none. */
export type SolveOutcome =
  | ({ readonly kind: "optimal" } & LinearSolution)
  /** No x meets all bounds; those named here are enough to contradict each other. */
  | { readonly kind: "infeasible"; readonly rows: Int32Array; readonly columns: Int32Array }
  /** The objective falls without end along these variables. */
  | { readonly kind: "unbounded"; readonly columns: Int32Array }
  /** The solver gave up. */
  | { readonly kind: "failed"; readonly reason: string };

/** What the Worker answers. */
export interface SolveReply {
  /** Of the request. */
  readonly id: number;
  /** In the order of the tasks. */
  readonly outcomes: readonly SolveOutcome[];
}

/**
 * How a program is tried, one way after the other until the solver comes to a conclusion. A start
 * from another program's basis or a tolerance near the resolution of the arithmetic can leave it
 * without one; the last way is HiGHS' default.
 */
const ATTEMPTS = [
  { tolerance: 1e-9, warm: true },
  { tolerance: 1e-9, warm: false },
  { tolerance: 1e-7, warm: false },
] as const;

const scope = globalThis as unknown as {
  onmessage: (event: { data: SolveRequest }) => void;
  postMessage(reply: SolveReply, transfer: ArrayBufferLike[]): void;
};
// The package is an ES module that is typed as CommonJS: its default export is the loader itself.
const loadHighs = highs as unknown as typeof highs.default;
const loading = loadHighs();

scope.onmessage = async ({ data: { id, tasks } }) => {
  const highs = await loading;
  const outcomes = tasks.map(({ model, start }) => solve(highs, model, start));
  const buffers = outcomes.flatMap((outcome) =>
    outcome.kind === "optimal" ? [outcome.values.buffer, outcome.rowDuals.buffer] : []
  );
  scope.postMessage({ id, outcomes }, buffers);
};

function solve(highs: Highs, linear: LinearModel, start: Basis | undefined): SolveOutcome {
  let outcome: SolveOutcome = { kind: "failed", reason: "not tried" };
  for (const { tolerance, warm } of ATTEMPTS) {
    if (warm && start === undefined) continue;
    outcome = attempt(highs, linear, tolerance, warm ? start : undefined);
    if (outcome.kind !== "failed") break;
  }
  return outcome;
}

function attempt(
  highs: Highs,
  linear: LinearModel,
  tolerance: number,
  start: Basis | undefined,
): SolveOutcome {
  try {
    return highs.withModel(modelData(linear), (model) => {
      model.options.set({
        output_flag: false,
        solver: "simplex",
        primal_feasibility_tolerance: tolerance,
        dual_feasibility_tolerance: tolerance,
      });
      if (start !== undefined) {
        model.setBasis({ colStatus: start.columns, rowStatus: start.rows });
      }
      model.run();
      return outcomeOf(highs, model);
    });
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

function outcomeOf(highs: Highs, model: Model): SolveOutcome {
  const { modelStatus } = highs.constants;
  if (model.getModelStatus() === modelStatus.unboundedOrInfeasible) {
    // Presolve cannot tell the two apart; the simplex method can.
    model.options.set({ presolve: "off" });
    model.run();
  }
  const status = model.getModelStatus();
  switch (status) {
    case modelStatus.optimal: {
      const { colValue, rowDual } = model.getSolution();
      const { colStatus, rowStatus } = model.getBasis();
      return {
        kind: "optimal",
        objective: model.getObjectiveValue(),
        values: colValue,
        rowDuals: rowDual,
        basis: { columns: colStatus, rows: rowStatus },
      };
    }
    case modelStatus.infeasible: {
      const { rowIndex, colIndex } = model.getIis();
      return { kind: "infeasible", rows: rowIndex, columns: colIndex };
    }
    case modelStatus.unbounded: {
      const ray = model.getPrimalRay()?.values ?? new Float64Array();
      const columns = [...ray.keys()].filter((column) => ray[column] !== 0);
      return { kind: "unbounded", columns: Int32Array.from(columns) };
    }
    default: {
      const name = Object.entries(modelStatus).find(([, code]) => code === status)?.[0];
      return { kind: "failed", reason: `status ${name ?? status}` };
    }
  }
}

function modelData(linear: LinearModel): ModelData {
  const numCols = linear.cost.length, numRows = linear.rowLower.length;
  return {
    numCols,
    numRows,
    colCost: linear.cost,
    colLower: linear.lower,
    colUpper: linear.upper,
    rowLower: linear.rowLower,
    rowUpper: linear.rowUpper,
    matrix: {
      format: "csr",
      numRows,
      numCols,
      starts: linear.rowStarts,
      indices: linear.entryColumns,
      values: linear.entryValues,
    },
  };
}
