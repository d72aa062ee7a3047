import { assertEquals } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import type { LinearProgram, LinearSolution } from "../../lib/policies/linear_program.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { makePlans } from "../../lib/policies/plan.ts";
import { createPlanner, type Outlook } from "../../lib/policies/planner.ts";
import type { Solver } from "../../lib/policies/solver.ts";

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
    close: () => {},
    [Symbol.dispose]: () => {},
  };
}

Deno.test("plan: the next one starts where this one ends, without the first slot", async () => {
  const { community, profiles } = synthesize({ seed: 1, prosumers: 2, days: 1, dtHours: 1 });
  const { battery } = synthesize({ seed: 1, prosumers: 10, days: 1, dtHours: 1 })
    .community.prosumers.find((each) => each.battery !== null)!;
  const prosumers = community.prosumers.map((each) => ({ ...each, battery }));
  const dataset = { community: { ...community, prosumers }, profiles };
  const config = environmentConfigSchema.parse({});
  const planner = createPlanner(dataset, config, { trades: true, community: true });
  const outlook: Outlook = {
    firstSlot: 0,
    slots: 2,
    loadKw: new Float64Array(4),
    pvKw: new Float64Array(4),
    energyKwh: new Float64Array(2),
    capacityKwh: new Float64Array(2),
    initialEnergyKwh: new Float64Array(2),
    finalPricePerKwh: 0.3,
    peakKw: 0,
    lastNetKw: null,
  };
  const [{ nextStart }] = await makePlans(planner, [outlook], idleSolver());
  // Two shortfalls; then, twice, three columns per battery and five of the community.
  const slot = Array.from({ length: 11 }, (_, index) => 13 + index);
  assertEquals([...nextStart.columns], [0, 1, ...slot]);
  // Twice a balance, a net import and two batteries; then two final energies.
  assertEquals([...nextStart.rows], [4, 5, 6, 7, 8, 9]);
});

Deno.test("plan: three hundred homes in quarters of an hour with a fee are not too many", async () => {
  const dataset = synthesize({ seed: 1, prosumers: 300, days: 1, dtHours: 0.25 });
  const config = environmentConfigSchema.parse({ market: { networkFeePerKwh: 0.02 } });
  const { cost } = await planOptimum({ dataset, config, firstSlots: [0] }, idleSolver());
  assertEquals([...cost], [0]);
});
