import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { communityProgram } from "../../lib/policies/community_program.ts";
import { jointProgram } from "../../lib/policies/joint_program.ts";
import { mpcPolicy } from "../../lib/policies/mpc.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import { makeScenarioPlans } from "../../lib/policies/plan.ts";
import { createPlanner } from "../../lib/policies/planner.ts";
import { scenarioOutlooks } from "../../lib/policies/scenarios.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { longTest } from "../helpers/cases.ts";

const dataset = synthesize({ seed: 42, prosumers: 4, days: 14, dtHours: 1 });
const firstSlots = [240, 264];

const rules = (error = 0.4, model = "historical") =>
  environmentConfigSchema.parse({ episodeDays: 1, forecast: { model, error } });

function worldAt(slot: number, made = dataset, model = "historical") {
  const env = new EnergyMarketEnv(made, rules(0.4, model));
  env.reset({ seed: 5, firstSlots: [slot] });
  return env.world;
}

Deno.test("scenarios: each has the errors of a day that is past, and a beginning has none", () => {
  for (const model of ["historical", "martingale", "independent"]) {
    const world = worldAt(240, dataset, model);
    const all = scenarioOutlooks(world, 0, 24, 8);
    assertEquals(all.length, 8);
    const [home, lead] = [1, 20];
    const now = new Float64Array(24), then = new Float64Array(24), sun = new Float64Array(24);
    world.forecaster.write(5, home, 240, 24, now, sun);
    all.forEach(({ loadKw, pvKw }, k) => {
      const issue = 240 - 24 * (k + 1);
      world.forecaster.write(5, home, issue, 24, then, sun);
      const came = world.loads.loadKw[(issue + lead) * 4 + home];
      assertAlmostEquals(loadKw[lead * 4 + home], Math.max(0, now[lead] + came - then[lead]));
      assert(pvKw.every((kw) => kw >= 0));
    });
  }
  assertEquals(scenarioOutlooks(worldAt(48), 0, 24, 8).length, 2);
  assertEquals(scenarioOutlooks(worldAt(23), 0, 24, 8).length, 1);
  // A plan of two days looks at days that lie further back.
  assertEquals(scenarioOutlooks(worldAt(48), 0, 25, 8).length, 1);
});

Deno.test("scenarios: what is still to come changes none of them", () => {
  const changed = (from: number) => ({
    ...dataset,
    profiles: {
      ...dataset.profiles,
      loadKw: dataset.profiles.loadKw.map((kw, at) => at % (14 * 24) > from ? kw + 1 : kw),
    },
  });
  const seen = (made: typeof dataset) =>
    scenarioOutlooks(worldAt(240, made), 0, 24, 8).map(({ loadKw }) => [...loadKw]);
  assertEquals(seen(changed(240)), seen(dataset));
  assert(seen(changed(200)).flat().join() !== seen(dataset).flat().join());
});

Deno.test("mpc-scenarios: where forecasts do not err it reaches the optimum", async () => {
  using solver = createSolver();
  const options = { dataset, config: rules(0), firstSlots };
  const { cost } = await planOptimum(options, solver);
  const records = await play({ ...options, seed: 5 }, mpcPolicy(solver, { scenarios: 3 }));
  episodeCosts(records).forEach((each, c) => assertAlmostEquals(each, cost[c], 1e-6 * cost[c]));
});

Deno.test("mpc-scenarios: all scenarios decide the first slot alike, and alike ones cost what one does", async () => {
  using solver = createSolver({ workers: 1 });
  const world = worldAt(240);
  const planner = createPlanner(world, { trades: true, community: true });
  const outlooks = scenarioOutlooks(world, 0, 24, 4);
  const joint = jointProgram(
    outlooks.map((each) => communityProgram(planner, each)),
    planner.names,
  );
  const [{ values }] = await solver.solve([joint]);
  const stores = planner.stores.length;
  for (const { columnsAt, headColumns } of joint.blocks) {
    for (let s = 0; s < stores; s++) {
      const at = headColumns + 2 * stores + s;
      assertAlmostEquals(values[columnsAt + at], values[at], 1e-9);
    }
  }
  const [one, four, mean] = await makeScenarioPlans(
    planner,
    [[outlooks[0]], Array.from({ length: 4 }, () => outlooks[0]), outlooks],
    solver,
  );
  assertAlmostEquals(four!.cost, one!.cost, 1e-9);
  // Who must decide before knowing pays no less than who knows.
  const known = await makeScenarioPlans(planner, outlooks.map((each) => [each]), solver);
  assertLess(known.reduce((sum, plan) => sum + plan!.cost / 4, 0), mean!.cost + 1e-9);
});

Deno.test("mpc-scenarios: scenarios that cannot be met are one clear line", async () => {
  using solver = createSolver({ workers: 1 });
  const world = worldAt(240);
  const planner = createPlanner(world, { trades: true, community: true });
  const programs = scenarioOutlooks(world, 0, 4, 2)
    .map((outlook) => communityProgram(planner, outlook));
  const [storage] = programs[1].storageRows;
  programs[1].model.rowLower[storage] = programs[1].model.rowUpper[storage] = 1e6;
  await assertRejects(
    () => solver.solve([jointProgram(programs, planner.names)]),
    Error,
    "over 2 scenarios has no plan: these cannot all hold: ",
  ).then(({ message }) => assert(message.includes(" in scenario 2 of 2"), message));
});

longTest(
  "mpc-scenarios: who runs out of time goes on with the last plan, and says how often",
  async () => {
    using solver = createSolver();
    const said: string[] = [];
    const policy = mpcPolicy(solver, {
      scenarios: 4,
      secondsAtMost: 1e-9,
      warn: (line) => said.push(line),
    });
    const options = { dataset, config: rules(), firstSlots, seed: 5 };
    const late = episodeCosts(await play(options, policy));
    assertEquals(said.length, 1);
    // The first plan of an episode takes its time.
    assertMatch(
      said[0],
      /^warning: mpc-scenarios ran out of its 1e-9 s in \d\d of 48 plans; the last plan went on there$/,
    );
    const inTime = episodeCosts(await play(options, mpcPolicy(solver, { scenarios: 4 })));
    assertLess(inTime[0] + inTime[1], late[0] + late[1]);
  },
);
