/**
 * Linear programs: minimise c·x subject to `rowLower ≤ A·x ≤ rowUpper` and `lower ≤ x ≤ upper`.
 *
 * @module
 */

/** The numbers of a linear program; A is held row by row. */
export interface LinearModel {
  /** c. `[columns]` */
  readonly cost: Float64Array;
  /** Least value of each variable. `[columns]` */
  readonly lower: Float64Array;
  /** Largest value of each variable. `[columns]` */
  readonly upper: Float64Array;
  /** Least value of each row. `[rows]` */
  readonly rowLower: Float64Array;
  /** Largest value of each row. `[rows]` */
  readonly rowUpper: Float64Array;
  /** Where each row's entries begin; one more for the end. `[rows + 1]` */
  readonly rowStarts: Int32Array;
  /** Column of each entry. */
  readonly entryColumns: Int32Array;
  /** Value of each entry. */
  readonly entryValues: Float64Array;
}

/** Which variables and rows sit at a bound: where the simplex method ended, or should start. */
export interface Basis {
  /** HiGHS' status of each variable. `[columns]` */
  readonly columns: Int32Array;
  /** HiGHS' status of each row. `[rows]` */
  readonly rows: Int32Array;
}

/** A linear program with names, so that a failure can be told in words. */
export interface LinearProgram {
  /** What it plans, such as `the episode that begins 2025-01-01T00:00:00+01:00`. */
  readonly subject: string;
  /** The numbers. */
  readonly model: LinearModel;
  /** Where to start; a basis of the same shape saves most of the work. */
  readonly start?: Basis;
  /** What a variable stands for. */
  columnName(column: number): string;
  /** What a row demands. */
  rowName(row: number): string;
}

/** The optimum of a linear program. */
export interface LinearSolution {
  /** Least value of c·x. */
  readonly objective: number;
  /** x. `[columns]` */
  readonly values: Float64Array;
  /** Change of the objective per unit of each row's bound. `[rows]` */
  readonly rowDuals: Float64Array;
  /** Where the simplex method ended. */
  readonly basis: Basis;
}

/** Collects a {@linkcode LinearModel} column by column and row by row. */
export interface ProgramBuilder {
  /** Labels of the columns so far. */
  readonly columnLabels: string[];
  /** Labels of the rows so far. */
  readonly rowLabels: string[];
  /** Adds a variable and returns its index. */
  column(label: string, cost: number, lower: number, upper: number): number;
  /** Begins a row and returns its index; {@linkcode ProgramBuilder.entry} fills it. */
  row(label: string, lower: number, upper: number): number;
  /** Adds a coefficient to the latest row. */
  entry(column: number, value: number): void;
  /** The finished numbers. */
  model(): LinearModel;
}

/**
 * An empty program.
 *
 * @example
 * ```ts
 * import { createProgramBuilder } from "./linear_program.ts";
 * const builder = createProgramBuilder();
 * const x = builder.column("x", 2, 0, Infinity);
 * builder.row("at least three", 3, Infinity);
 * builder.entry(x, 1);
 * if (builder.model().rowStarts[1] !== 1) throw new Error("one entry");
 * ```
 */
export function createProgramBuilder(): ProgramBuilder {
  const columnLabels: string[] = [], rowLabels: string[] = [];
  const cost: number[] = [], lower: number[] = [], upper: number[] = [];
  const rowLower: number[] = [], rowUpper: number[] = [], rowStarts: number[] = [];
  const entryColumns: number[] = [], entryValues: number[] = [];
  return {
    columnLabels,
    rowLabels,
    column(label, costOfOne, least, most) {
      cost.push(costOfOne);
      lower.push(least);
      upper.push(most);
      return columnLabels.push(label) - 1;
    },
    row(label, least, most) {
      rowLower.push(least);
      rowUpper.push(most);
      rowStarts.push(entryColumns.length);
      return rowLabels.push(label) - 1;
    },
    entry(column, value) {
      entryColumns.push(column);
      entryValues.push(value);
    },
    model: () => ({
      cost: new Float64Array(cost),
      lower: new Float64Array(lower),
      upper: new Float64Array(upper),
      rowLower: new Float64Array(rowLower),
      rowUpper: new Float64Array(rowUpper),
      rowStarts: new Int32Array([...rowStarts, entryColumns.length]),
      entryColumns: new Int32Array(entryColumns),
      entryValues: new Float64Array(entryValues),
    }),
  };
}
