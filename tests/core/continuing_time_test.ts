/**
 * Time that goes on: what is stored at the end is valued, so that more storage never costs more, and
 * days in one piece are not days that are islands.
 *
 * @module
 */

import { assert, assertAlmostEquals, assertGreater } from "@std/assert";
import type { Battery } from "../../lib/data/community.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { mpcPolicy } from "../../lib/policies/mpc.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver, type Solver } from "../../lib/policies/solver.ts";

const rules = (changes: object = {}) =>
  environmentConfigSchema.parse({ episodeDays: 3, ...changes });
const home = synthesize({ seed: 5, prosumers: 4, days: 10, dtHours: 1 });
/** What every battery holds at first and keeps back. [kWh] */
const INITIAL_KWH = 3, RESERVE_KWH = 1;

/** Batteries of another capacity at equal power, and the same kWh at first and in reserve. */
function withCapacity(dataset: Dataset, capacityKwh: number) {
  const battery: Battery = {
    capacityKwh,
    maxChargeKw: 3,
    maxDischargeKw: 3,
    chargeEfficiency: 0.95,
    dischargeEfficiency: 0.95,
    selfDischargePerHour: 0,
    socMin: RESERVE_KWH / capacityKwh,
    socMax: 1,
  };
  const prosumers = dataset.community.prosumers.map((each) => ({ ...each, battery }));
  return {
    dataset: { ...dataset, community: { ...dataset.community, prosumers } },
    initialSoc: (INITIAL_KWH - RESERVE_KWH) / (capacityKwh - RESERVE_KWH),
  };
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** What the days cost by capacity, by the least cost or by how a planner plays. */
async function costs(solver: Solver, policy: "optimum" | "mpc", capacities: readonly number[]) {
  return await Promise.all(capacities.map(async (capacityKwh) => {
    const { dataset, initialSoc } = withCapacity(home, capacityKwh);
    const options = { dataset, config: rules({ initialSoc }), firstSlots: [0, 168], seed: 3 };
    if (policy === "optimum") return [...(await planOptimum(options, solver)).cost];
    return episodeCosts(await play(options, mpcPolicy(solver)));
  }));
}

Deno.test("continuing time: a bigger battery never costs more at the optimum, and hardly under mpc", async () => {
  using solver = createSolver({ workers: 1 });
  const capacities = [4, 6, 9, 25];
  const best = await costs(solver, "optimum", capacities);
  best.slice(1).forEach((bigger, k) =>
    bigger.forEach((cost, episode) => {
      assert(cost <= best[k][episode] + 1e-7, `${capacities[k + 1]} kWh, episode ${episode}`);
    })
  );
  assertGreater(sum(best[0]) - sum(best[3]), 0.5, "and saves");
  const planned = await costs(solver, "mpc", [4, 25]);
  planned.slice(1).forEach((bigger, k) => {
    assert(sum(bigger) <= sum(planned[k]) + 0.01 * Math.abs(sum(planned[k])), `${sum(bigger)}`);
  });
});

Deno.test("continuing time: buying in the last day only to keep never gains, at whatever price", async () => {
  using solver = createSolver({ workers: 1 });
  const { dataset, initialSoc } = withCapacity(home, 9);
  const { profiles } = dataset;
  // Without sun and load all that storing can do is to trade with time, and to keep.
  const bare = (importPricePerKwh: Float64Array): Dataset => ({
    ...dataset,
    profiles: {
      ...profiles,
      importPricePerKwh,
      feedInTariffPerKwh: importPricePerKwh.map((price) => Math.min(price, 0.08)),
      loadKw: profiles.loadKw.map(() => 0),
      pvKw: profiles.pvKw.map(() => 0),
    },
  });
  const flat = profiles.importPricePerKwh.map(() => 0.3);
  const pricesOf = {
    "a flat price": flat,
    "a price that varies by the hour": profiles.importPricePerKwh,
    "a cheap last hour": flat.map((price, t) => t % 72 === 71 ? 0.1 : price),
    "a dear last hour": flat.map((price, t) => t % 72 === 71 ? 0.9 : price),
  };
  for (const [what, price] of Object.entries(pricesOf)) {
    const config = rules({ initialSoc, episodeDays: 1 });
    const options = { dataset: bare(price), config, firstSlots: [48], seed: 1 };
    // Neither filled nor emptied is anything gained, whatever the hour costs.
    const { cost: [cost] } = await planOptimum(options, solver);
    assertAlmostEquals(cost, 0, 1e-7, what);
    for (const policy of ["time-of-use", "self-consumption"]) {
      const [played] = episodeCosts(await play(options, rulePolicy(policy)));
      assert(played > -1e-9, `${policy}, ${what}: ${played}`);
    }
  }
});

Deno.test("continuing time: days in one piece cost no more than days that begin and end alike", async () => {
  using solver = createSolver({ workers: 1 });
  const { dataset, initialSoc } = withCapacity(home, 9);
  const least = async (endValue: string, episodeDays: number, firstSlots: readonly number[]) => {
    const config = rules({ endValue, episodeDays, initialSoc });
    return sum((await planOptimum({ dataset, config, firstSlots }, solver)).cost);
  };
  // An island of a day must give back what it held, or pay the highest price for it: whatever islands
  // can do, days in one piece can too.
  const islands = await least("first-edition", 1, [0, 24, 48, 72, 96, 120, 144]);
  const whole = await least("first-edition", 7, [0]);
  assert(whole < islands - 0.01, `${whole} against ${islands}`);
  // One slot more to look ahead cannot cost more than two parts that end as they begin.
  const week = await least("cheapest-charge", 7, [0]);
  assert(week < islands, `${week} against ${islands}`);
});

Deno.test("continuing time: what is left at the end is worth the same to reward and bound", async () => {
  using solver = createSolver({ workers: 1 });
  const { dataset, initialSoc } = withCapacity(home, 9);
  for (const endValue of ["cheapest-charge", "first-edition"]) {
    const options = {
      dataset,
      config: rules({ endValue, initialSoc }),
      firstSlots: [0, 72],
      seed: 1,
    };
    const { cost } = await planOptimum(options, solver);
    const played = episodeCosts(await play(options, optimumPolicy(solver)));
    played.forEach((each, k) =>
      assertAlmostEquals(each, cost[k], 1e-6 * Math.abs(cost[k]), endValue)
    );
  }
});
