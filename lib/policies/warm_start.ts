/**
 * Where the simplex method starts a plan that begins one slot after another: at the basis where that
 * one ended, without its first slot and with its last one twice. Most of the work is then done.
 *
 * A basis is only a place to begin: the optimum is the same, and one that does not fit is mended by the
 * solver.
 *
 * @module
 */

import type { Basis, LinearProgram } from "./linear_program.ts";

/** Where the columns and rows of a plan are. */
export interface BlockShape {
  /** Columns in all. */
  readonly columns: number;
  /** Rows in all. */
  readonly rows: number;
  /** Columns before those of the slots. */
  readonly headColumns: number;
  /** Columns of a slot. */
  readonly columnsPerSlot: number;
  /** Rows of a slot, from the first row on. */
  readonly rowsPerSlot: number;
  /** Slots. */
  readonly slots: number;
}

/** Where the blocks of a program are: one after the other, and then the rows that link them. */
export interface JointShape {
  /** The blocks. */
  readonly blocks: readonly BlockShape[];
  /** Rows that link them. */
  readonly links: number;
}

/** A program that was solved. */
export interface SolvedProgram {
  /** Where everything is. */
  readonly shape: JointShape;
  /** Where the simplex method ended. */
  readonly basis: Basis;
}

/** HiGHS' status of a row that does not bind. */
const BASIC = 1;

/** Where to start a program; `null` if the earlier one has other blocks, or is none. */
export function startAfter(
  earlier: SolvedProgram | undefined,
  { shape, model }: LinearProgram & { readonly shape: JointShape },
): Basis | null {
  if (earlier === undefined || !isAlike(earlier.shape, shape)) return null;
  const columns = new Int32Array(model.cost.length);
  const rows = new Int32Array(model.rowLower.length).fill(BASIC);
  const { columns: oldColumns, rows: oldRows } = earlier.basis;
  let column = 0, row = 0, oldColumn = 0, oldRow = 0;
  shape.blocks.forEach((block, j) => {
    const old = earlier.shape.blocks[j];
    const { headColumns: head, columnsPerSlot, rowsPerSlot } = block;
    const copy = (from: Int32Array, at: number, count: number, to: Int32Array, toAt: number) =>
      to.set(from.subarray(at, at + count), toAt);
    copy(oldColumns, oldColumn, head, columns, column);
    for (let t = 0; t < block.slots; t++) {
      const slot = Math.min(t + 1, old.slots - 1);
      const at = oldColumn + head + slot * columnsPerSlot;
      copy(oldColumns, at, columnsPerSlot, columns, column + head + t * columnsPerSlot);
      copy(oldRows, oldRow + slot * rowsPerSlot, rowsPerSlot, rows, row + t * rowsPerSlot);
    }
    // What lies behind the slots: final energies are as many, envelopes come and go.
    const behind = block.rows - rowsPerSlot * block.slots;
    if (behind === old.rows - rowsPerSlot * old.slots) {
      copy(oldRows, oldRow + old.rows - behind, behind, rows, row + block.rows - behind);
    }
    column += block.columns;
    row += block.rows;
    oldColumn += old.columns;
    oldRow += old.rows;
  });
  rows.set(earlier.basis.rows.subarray(oldRow), row);
  return { columns, rows };
}

function isAlike(earlier: JointShape, { blocks, links }: JointShape): boolean {
  return earlier.links === links && earlier.blocks.length === blocks.length &&
    blocks.every((block, j) =>
      (["headColumns", "columnsPerSlot", "rowsPerSlot"] as const).every((field) =>
        earlier.blocks[j][field] === block[field]
      )
    );
}
