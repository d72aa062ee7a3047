import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { applyScenario } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { mpcPolicy } from "../../lib/policies/mpc.ts";
import { planOptimum } from "../../lib/policies/optimum.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { cases } from "../helpers/cases.ts";
import { reachableWorld } from "../helpers/reachable_world.ts";

const dataset = synthesize({ seed: 42, prosumers: 6, days: 12, dtHours: 1 });
const firstSlots = [0, 72, 144, 264];

const withError = (
  error: number,
  currentSlot: "measured" | "forecast" = "measured",
  model = "martingale",
) => environmentConfigSchema.parse({ episodeDays: 1, forecast: { model, error, currentSlot } });

const total = (costs: readonly number[]) => costs.reduce((sum, cost) => sum + cost, 0);

async function totalCost(policy: Policy, config = withError(0.2), slots = firstSlots) {
  return total(episodeCosts(await play({ dataset, config, firstSlots: slots, seed: 5 }, policy)));
}

for (const binds of ["limits", "fee"] as const) {
  Deno.test(`mpc: with perfect forecasts it reaches the optimum, any community with ${binds}`, async () => {
    using solver = createSolver();
    const property = fc.asyncProperty(reachableWorld(binds), async (world) => {
      const forecast = { ...world.config.forecast, model: "martingale" as const, error: 0 };
      const config = { ...world.config, forecast };
      const options = { dataset: world.dataset, config, firstSlots: [0] };
      const { cost } = await planOptimum(options, solver);
      const records = await play({ ...options, seed: world.seed }, mpcPolicy(solver));
      assertAlmostEquals(episodeCosts(records)[0], cost[0], 1e-5 * (1 + Math.abs(cost[0])));
    });
    await fc.assert(property, { numRuns: cases(2, 6), seed: 4, endOnFailure: true });
  });
}

Deno.test("mpc: with perfect forecasts it reaches the optimum in an announced outage", async () => {
  using solver = createSolver();
  const config = withError(0);
  const options = { dataset: applyScenario(dataset, "outage"), config, firstSlots };
  const { cost } = await planOptimum(options, solver);
  const records = await play({ ...options, seed: 1 }, mpcPolicy(solver));
  episodeCosts(records).forEach((each, c) => assertAlmostEquals(each, cost[c], 1e-6 * cost[c]));
});

Deno.test("mpc: with perfect forecasts it reaches the optimum of an episode of several days", async () => {
  using solver = createSolver();
  const config = { ...withError(0), episodeDays: 2 };
  const options = { dataset, config, firstSlots: [96] };
  const { cost } = await planOptimum(options, solver);
  const records = await play({ ...options, seed: 1 }, mpcPolicy(solver));
  episodeCosts(records).forEach((each, c) => assertAlmostEquals(each, cost[c], 1e-6 * cost[c]));
});

Deno.test("mpc: it remembers the net import that a ramp begins at", async () => {
  using solver = createSolver();
  // In a market of curves a ramp has no price, and a plan that minds one need not come true.
  const config = environmentConfigSchema.parse({
    episodeDays: 1,
    forecast: { model: "martingale", error: 0 },
    market: { orders: "inelastic" },
    cost: { rampPricePerKw: 0.05 },
  });
  const options = { dataset, config, firstSlots: [72] };
  const { cost } = await planOptimum(options, solver);
  const records = await play({ ...options, seed: 1 }, mpcPolicy(solver));
  assertAlmostEquals(episodeCosts(records)[0], cost[0], 1e-6);
});

Deno.test("mpc: the worse the forecasts, the more it costs, and less than a rule", async () => {
  using solver = createSolver();
  const costs: number[] = [];
  for (const error of [0, 0.2, 0.8]) {
    costs.push(await totalCost(mpcPolicy(solver), withError(error)));
  }
  assertLess(costs[0], costs[1]);
  assertLess(costs[1], costs[2]);
  assertLess(costs[1], await totalCost(rulePolicy("time-of-use")));
});

Deno.test("mpc: a slot that is only forecast costs more than one that is measured, where no price answers", async () => {
  using solver = createSolver();
  const inelastic = (currentSlot: "measured" | "forecast") => {
    const config = withError(0.4, currentSlot);
    return { ...config, market: { ...config.market, orders: "inelastic" as const } };
  };
  const measured = await totalCost(mpcPolicy(solver), inelastic("measured"));
  assertLess(measured, await totalCost(mpcPolicy(solver), inelastic("forecast")));
});

Deno.test("mpc: it plans on the forecasts that agents see, as if they were the truth", async () => {
  using solver = createSolver();
  const first = 35, seed = 3, slots = 24;
  const firstPlan = async (seen: Dataset, error: number, model: string) => {
    const env = new EnergyMarketEnv(seen, withError(error, "measured", model));
    const observation = env.reset({ seed, firstSlots: [first] });
    await (await mpcPolicy(solver).begin(env))(observation, env.decision);
    const { stepCount, stepFromKwh, stepValuePerKwh } = env.decision.curves;
    return { said: [stepCount, stepFromKwh, stepValuePerKwh], forecaster: env.world.forecaster };
  };
  for (const model of ["historical", "martingale", "independent"]) {
    const { said, forecaster } = await firstPlan(dataset, 0.2, model);
    const { profiles } = dataset;
    const loadKw = profiles.loadKw.slice(), pvKw = profiles.pvKw.slice();
    for (let home = 0; home < dataset.community.prosumers.length; home++) {
      const at = home * profiles.grid.slots + first;
      const [load, pv] = [loadKw, pvKw].map((all) => all.subarray(at, at + slots));
      forecaster.write(seed, home, first, slots, load, pv);
    }
    const asForecast = { ...dataset, profiles: { ...profiles, loadKw, pvKw } };
    assertEquals((await firstPlan(asForecast, 0, "martingale")).said, said, model);
    assertNotEquals((await firstPlan(dataset, 0, "martingale")).said, said, model);
  }
});

Deno.test("mpc-local: homes on their own do worse than a controller of all, and trade still helps", async () => {
  using solver = createSolver();
  const config = withError(0);
  const central = await totalCost(mpcPolicy(solver), config);
  const local = await totalCost(mpcPolicy(solver, { central: false }), config);
  const apart = await planOptimum({ dataset, config, firstSlots, trades: false }, solver);
  assertLess(central, local);
  assertLess(local, total([...apart.cost]));
});

Deno.test("mpc-local: what a home does depends on no other home", async () => {
  using solver = createSolver();
  const config = withError(0.2);
  const powers = async (prosumers: number) => {
    const kept = dataset.community.prosumers.slice(0, prosumers);
    const { profiles } = dataset;
    const end = prosumers * profiles.grid.slots;
    const part = {
      community: { ...dataset.community, prosumers: kept },
      profiles: {
        ...profiles,
        loadKw: profiles.loadKw.subarray(0, end),
        pvKw: profiles.pvKw.subarray(0, end),
      },
    };
    const policy = mpcPolicy(solver, { central: false });
    // Inelastic orders: what a plan's curves come to depends on everybody's price.
    const inelastic = { ...config, market: { ...config.market, orders: "inelastic" as const } };
    const options = { dataset: part, config: inelastic, firstSlots: [24], seed: 2 };
    const { store, stores } = await play(options, policy);
    return store.powerKw.filter((_, k) => k % stores === 0);
  };
  const [alone, among] = [await powers(1), await powers(6)];
  alone.forEach((kw, t) => assertAlmostEquals(kw, among[t], 1e-6));
});

Deno.test("mpc: the number of Workers and what is played beside it change no bit", async () => {
  const powerKw = async (workers: number, slots: readonly number[]) => {
    using solver = createSolver({ workers });
    const options = { dataset, config: withError(0.2), firstSlots: slots, seed: 5 };
    return (await play(options, mpcPolicy(solver))).store.powerKw;
  };
  const all = await powerKw(1, firstSlots);
  assertEquals(await powerKw(3, firstSlots), all);
  assertEquals(
    await powerKw(2, firstSlots.slice(0, 1)),
    all.slice(0, all.length / firstSlots.length),
  );
});

Deno.test("mpc: a short horizon costs more than one to the end of the day", async () => {
  using solver = createSolver();
  const config = withError(0);
  const toTheEnd = await totalCost(mpcPolicy(solver), config);
  const hours = await totalCost(mpcPolicy(solver, { horizonSlots: 3 }), config);
  assertAlmostEquals(await totalCost(mpcPolicy(solver, { horizonSlots: 24 }), config), toTheEnd);
  assertLess(toTheEnd, hours - 0.01);
});

Deno.test("mpc: horizonSlots must be a whole number of at least 1", () => {
  using solver = createSolver();
  for (const horizonSlots of [0, -2, 1.5, NaN]) {
    assertThrows(() => mpcPolicy(solver, { horizonSlots }), RangeError, `got ${horizonSlots}`);
  }
});
