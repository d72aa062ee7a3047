import { assertEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { resetState } from "../../lib/env/state.ts";
import { createWorld } from "../../lib/env/world.ts";
import {
  createProgramBuilder,
  type LinearProgram,
  type LinearSolution,
} from "../../lib/policies/linear_program.ts";
import { hindsight } from "../../lib/policies/outlook.ts";
import { makePlans } from "../../lib/policies/plan.ts";
import { createPlanner } from "../../lib/policies/planner.ts";
import type { Solver } from "../../lib/policies/solver.ts";
import { startAfter } from "../../lib/policies/warm_start.ts";

/** Answers every program with nothing done, and a basis that numbers its columns and rows. */
function idleSolver(): Solver {
  const numbers = ({ length }: Float64Array) => Int32Array.from({ length }, (_, index) => index);
  const idle = ({ model }: LinearProgram): LinearSolution => ({
    objective: 0,
    values: new Float64Array(model.cost.length),
    rowDuals: new Float64Array(model.rowLower.length),
    basis: { columns: numbers(model.cost), rows: numbers(model.rowLower) },
  });
  return {
    solve: (programs) => Promise.resolve(programs.map(idle)),
    solveWithin: (programs) => Promise.resolve(programs.map(idle)),
    close: () => {},
    [Symbol.dispose]: () => {},
  };
}

/** A plan that the idle solver makes of the first slots of a community. */
async function planOf(
  config: Readonly<Record<string, unknown>>,
  prosumers: number,
  slots: number,
  dtHours = 1,
) {
  const { community, profiles } = synthesize({ seed: 1, prosumers, days: 1, dtHours });
  const { battery } = synthesize({ seed: 1, prosumers: 10, days: 1, dtHours: 1 })
    .community.prosumers.find((each) => each.battery !== null)!;
  const dataset = {
    community: {
      ...community,
      prosumers: community.prosumers.map((each) => ({ ...each, battery })),
    },
    profiles,
  };
  const rules = environmentConfigSchema.parse({ episodeDays: 1, ...config });
  const world = createWorld(dataset, rules, 1, profiles.grid.slots);
  resetState(world, 0, [0]);
  const planner = createPlanner(world, { trades: true, community: true });
  return (await makePlans(planner, [hindsight(world, 0, slots)], idleSolver()))[0];
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

// Three columns per store and five of the community; a balance, a net import and two stores.
const COLUMNS = 11, ROWS = 4;
for (const endValue of ["cheapest-charge", "first-edition"]) {
  Deno.test(`plan: the next one starts where this one ends, without the first slot and with the last one twice, end value ${endValue}`, async () => {
    // The first edition has two shortfalls before and two final energies behind.
    const ends = endValue === "first-edition" ? 2 : 0;
    const { solved } = await planOf({ endValue }, 2, 2);
    for (const slots of [2, 1]) {
      const { solved: { shape } } = await planOf({ endValue }, 2, slots);
      const model = createProgramBuilder().model();
      const start = startAfter(solved, {
        ...{ subject: "", columnName: String, rowName: String, shape },
        model: {
          ...model,
          cost: new Float64Array(ends + slots * COLUMNS),
          rowLower: new Float64Array(slots * ROWS + ends),
        },
      })!;
      const last = range(ends + COLUMNS, ends + 2 * COLUMNS), lastRows = range(ROWS, 2 * ROWS);
      assertEquals([...start.columns], [
        ...range(0, ends),
        ...Array.from({ length: slots }, () => last).flat(),
      ]);
      assertEquals([...start.rows], [
        ...Array.from({ length: slots }, () => lastRows).flat(),
        ...range(2 * ROWS, 2 * ROWS + ends),
      ]);
    }
    const { solved: { shape } } = await planOf({ endValue }, 3, 2);
    const other = { subject: "", columnName: String, rowName: String, shape };
    assertEquals(startAfter(solved, { ...other, model: createProgramBuilder().model() }), null);
  });
}

Deno.test("plan: three hundred homes in quarters of an hour with a fee are not too many", async () => {
  const config = { market: { networkFeePerKwh: 0.02 }, endValue: "first-edition" };
  const { cost } = await planOf(config, 300, 96, 0.25);
  assertEquals(cost, 0);
});
