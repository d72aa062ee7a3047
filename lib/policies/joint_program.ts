/**
 * One program of several scenarios in two stages: each scenario's plan as a block, at its share of the
 * mean cost, and between the blocks
 *
 *     Eⱼ = E₁   for every store, at the end of the first slot,
 *
 * since what is decided now cannot know which of them will come (J. R. Birge and F. Louveaux,
 * Introduction to stochastic programming, 2nd ed., Springer 2011, ch. 2). What is supplied, imported or
 * curtailed in the slot itself follows from the scenario.
 *
 * @module
 */

import type { CommunityProgram } from "./community_program.ts";
import type { LinearModel, LinearProgram } from "./linear_program.ts";
import type { JointShape } from "./warm_start.ts";

/** A program whose blocks are those of scenarios. */
export interface JointProgram extends LinearProgram {
  /** The scenarios' programs, and where their columns and rows begin. */
  readonly blocks: readonly (CommunityProgram & {
    readonly columnsAt: number;
    readonly rowsAt: number;
  })[];
  /** Where everything is, for a later program to start from. */
  readonly shape: JointShape;
}

/**
 * Joins the programs of scenarios that are alike but for numbers. A single one stays as it is.
 *
 * @param names Names of the stores, for messages.
 */
export function jointProgram(
  programs: readonly CommunityProgram[],
  names: readonly string[],
): JointProgram {
  let columnsAt = 0, rowsAt = 0;
  const blocks = programs.map((program) => {
    const block = { ...program, columnsAt, rowsAt };
    columnsAt += program.model.cost.length;
    rowsAt += program.model.rowLower.length;
    return block;
  });
  const [first] = blocks;
  const shape = { blocks: blocks.map(shapeOf), links: (blocks.length - 1) * names.length };
  if (blocks.length === 1) return { ...first, blocks, shape };
  const blockAt = (index: number, at: "columnsAt" | "rowsAt") =>
    blocks.findLastIndex((block) => block[at] <= index);
  const inScenario = (j: number) => ` in scenario ${j + 1} of ${blocks.length}`;
  return {
    subject: `${first.subject} over ${blocks.length} scenarios`,
    model: joined(blocks, names.length),
    blocks,
    shape,
    columnName(index) {
      const j = blockAt(index, "columnsAt");
      return blocks[j].columnName(index - blocks[j].columnsAt) + inScenario(j);
    },
    rowName(index) {
      const link = index - rowsAt;
      if (link >= 0) {
        return `one decision for ${names[link % names.length]}` +
          inScenario(1 + Math.floor(link / names.length));
      }
      const j = blockAt(index, "rowsAt");
      return blocks[j].rowName(index - blocks[j].rowsAt) + inScenario(j);
    },
  };
}

function shapeOf({ model, headColumns, columnsPerSlot, rowsPerSlot, slots }: CommunityProgram) {
  return {
    columns: model.cost.length,
    rows: model.rowLower.length,
    headColumns,
    columnsPerSlot,
    rowsPerSlot,
    slots,
  };
}

/** The numbers: blocks one after the other, then the rows that link them. */
function joined(blocks: JointProgram["blocks"], stores: number): LinearModel {
  const links = (blocks.length - 1) * stores;
  const rowStarts: number[] = [], entryColumns: number[] = [], entryValues: number[] = [];
  for (const { model, columnsAt } of blocks) {
    for (let row = 0; row < model.rowLower.length; row++) {
      rowStarts.push(entryColumns.length);
      for (let k = model.rowStarts[row]; k < model.rowStarts[row + 1]; k++) {
        entryColumns.push(columnsAt + model.entryColumns[k]);
        entryValues.push(model.entryValues[k]);
      }
    }
  }
  // A slot's columns are all stores' charging, their discharging, and their energy.
  const energyColumn = (j: number, s: number) =>
    blocks[j].columnsAt + blocks[j].headColumns + 2 * stores + s;
  for (let j = 1; j < blocks.length; j++) {
    for (let s = 0; s < stores; s++) {
      rowStarts.push(entryColumns.length);
      entryColumns.push(energyColumn(j, s), energyColumn(0, s));
      entryValues.push(1, -1);
    }
  }
  rowStarts.push(entryColumns.length);
  const all = (field: "cost" | "lower" | "upper" | "rowLower" | "rowUpper", more: number = 0) => {
    const parts = blocks.map(({ model }) => model[field]);
    const whole = new Float64Array(parts.reduce((length, part) => length + part.length, more));
    blocks.forEach(({ columnsAt, rowsAt }, j) =>
      whole.set(parts[j], field.startsWith("row") ? rowsAt : columnsAt)
    );
    return whole;
  };
  return {
    cost: all("cost").map((cost) => cost / blocks.length),
    lower: all("lower"),
    upper: all("upper"),
    rowLower: all("rowLower", links),
    rowUpper: all("rowUpper", links),
    rowStarts: Int32Array.from(rowStarts),
    entryColumns: Int32Array.from(entryColumns),
    entryValues: Float64Array.from(entryValues),
  };
}
