/**
 * One linear program solved by HiGHS, the solver of the University of Edinburgh
 * (Q. Huangfu and J. A. J. Hall, 2018, Mathematical Programming Computation 10, 119–142).
 *
 * It keeps nothing from one program to the next: answers do not depend on what it solved before.
 *
 * @module
 */

import highs, { type Highs, type Model, type ModelData } from "highs";
import type { Basis, LinearModel } from "./linear_program.ts";
import type { SolveOutcome } from "./solver_outcome.ts";

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

// The package is an ES module that is typed as CommonJS: its default export is the loader itself.
const load = highs as unknown as (options?: HighsOptions) => Promise<Highs>;

/** How the package is told of a binary that is not beside it. */
interface HighsOptions {
  instantiateWasm(imports: WebAssembly.Imports, done: (made: WebAssembly.Instance) => void): void;
}

/**
 * The solver, ready to be asked; from its compiled `binary` where the package has no file beside it, as
 * in a page.
 */
export async function loadHighs(binary?: WebAssembly.Module): Promise<Highs> {
  if (binary === undefined) return await load();
  return await load({
    instantiateWasm: (imports, done) => void WebAssembly.instantiate(binary, imports).then(done),
  });
}

/** Solves a program; `start` is a basis to begin with, and no limit of time is `Infinity`. */
export function solveProgram(
  highs: Highs,
  linear: LinearModel,
  start: Basis | undefined,
  secondsAtMost: number,
): SolveOutcome {
  let outcome: SolveOutcome = { kind: "failed", reason: "not tried" };
  for (const { tolerance, warm } of ATTEMPTS) {
    if (warm && start === undefined) continue;
    outcome = attempt(highs, linear, tolerance, warm ? start : undefined, secondsAtMost);
    if (outcome.kind !== "failed") break;
  }
  return outcome;
}

function attempt(
  highs: Highs,
  linear: LinearModel,
  tolerance: number,
  start: Basis | undefined,
  secondsAtMost: number,
): SolveOutcome {
  try {
    return highs.withModel(modelData(linear), (model) => {
      model.options.set({
        output_flag: false,
        solver: "simplex",
        primal_feasibility_tolerance: tolerance,
        dual_feasibility_tolerance: tolerance,
        ...(secondsAtMost < Infinity && { time_limit: secondsAtMost }),
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
    case modelStatus.timeLimit:
      return { kind: "out-of-time" };
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
