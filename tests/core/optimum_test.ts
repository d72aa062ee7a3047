import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLessOrEqual,
} from "@std/assert";
import fc from "fast-check";
import type { Dataset } from "../../lib/data/profiles.ts";
import { applyScenario, scenariosOf } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { type EnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { resetState } from "../../lib/env/state.ts";
import { createWorld } from "../../lib/env/world.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { prosumerCosts } from "../../lib/evaluation/prosumer_bills.ts";
import { play } from "../../lib/evaluation/records.ts";
import { communityProgram } from "../../lib/policies/community_program.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import { mpcPolicy } from "../../lib/policies/mpc.ts";
import { optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { hindsight } from "../../lib/policies/outlook.ts";
import { createPlanner } from "../../lib/policies/planner.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { createSolver, type Solver } from "../../lib/policies/solver.ts";
import { zeroIntelligencePolicy } from "../../lib/policies/zero_intelligence.ts";
import { createActor } from "../../lib/ppo/actor.ts";
import type { NormalizerState } from "../../lib/ppo/normalizer.ts";
import { stream } from "../../lib/random.ts";
import { cases } from "../helpers/cases.ts";
import { reachableWorld } from "../helpers/reachable_world.ts";
import { withOwnTariffs } from "../helpers/own_tariffs.ts";
import { wildActions, type World, world } from "../helpers/worlds.ts";

type Orders = EnvironmentConfig["market"]["orders"];

const reference = synthesize({ seed: 42, prosumers: 5, days: 8, dtHours: 1 });
const referenceDays = [0, 48, 120, 168];

const dayRules = (market: Readonly<Record<string, unknown>> = {}) =>
  environmentConfigSchema.parse({ episodeDays: 1, market });

async function costsOf(
  policy: Policy,
  { dataset, config, seed }: World,
  firstSlots: readonly number[] = [0],
): Promise<number[]> {
  return episodeCosts(await play({ dataset, config, firstSlots, seed }, policy));
}

/** The hand-worked case of two hours, as the first two of a day on which nothing else happens. */
function handWorked(): Dataset {
  const day = (...first: number[]) =>
    Float64Array.from({ length: 24 }, (_, hour) => first[hour] ?? 0);
  const battery = {
    capacityKwh: 1,
    maxChargeKw: 5,
    maxDischargeKw: 5,
    chargeEfficiency: 0.9,
    dischargeEfficiency: 0.9,
    selfDischargePerHour: 0,
    socMin: 0,
    socMax: 1,
  };
  return {
    community: {
      name: "two homes",
      currency: "EUR",
      prosumers: [
        { id: "A", pvCapacityKw: 3, battery: null },
        { id: "B", pvCapacityKw: 0, battery },
      ],
    },
    profiles: {
      grid: { startMs: 0, utcOffsetMinutes: 0, dtHours: 1, slots: 24 },
      loadKw: Float64Array.of(...day(0, 0.5), ...day(1, 1)),
      pvKw: Float64Array.of(...day(3), ...day()),
      importPricePerKwh: day().fill(0.3),
      feedInTariffPerKwh: day().fill(0.08),
      carbonKgPerKwh: day(),
      gridImportLimitKw: day().fill(Infinity),
      gridExportLimitKw: day().fill(Infinity),
    },
  };
}

const handConfig = (orders: Orders) =>
  environmentConfigSchema.parse({
    episodeDays: 1,
    initialSoc: 0,
    // What is stored at the end is then worth nothing.
    endValue: "first-edition",
    market: { orders },
    cost: { carbonPricePerKg: 0, wearPricePerKwh: 0.02 },
  });

for (const orders of ["curves", "inelastic"] as const) {
  Deno.test(`optimum: the hand-worked community costs 0.1269, stores 1 kWh and imports 0.6 kWh, ${orders}`, async () => {
    // Worked by hand: A's 3 kWh of sun serve B's 1 kWh and charge 1.1111 kWh, and 0.8889 kWh earn
    // 0.08; 0.9 kWh of the 1.5 kWh of the second hour come from the battery at a wear of 0.02.
    using solver = createSolver({ workers: 1 });
    const options = { dataset: handWorked(), config: handConfig(orders), firstSlots: [0] };
    const { cost, powerKw, competitivePricePerKwh } = await planOptimum(options, solver);
    assertAlmostEquals(cost[0], 0.1268888889, 1e-9);
    assertAlmostEquals(powerKw[0], 1.1111111, 1e-6);
    assertAlmostEquals(powerKw[1], -0.9, 1e-9);
    assertAlmostEquals(competitivePricePerKwh[0], 0.08, 1e-9);
    assertAlmostEquals(competitivePricePerKwh[1], 0.3, 1e-9);
    const records = await play({ ...options, seed: 1 }, optimumPolicy(solver));
    assertAlmostEquals(episodeCosts(records)[0], 0.1268888889, 1e-9);
    const { gridKwh } = records.home;
    assertAlmostEquals(gridKwh[0] + gridKwh[1], -0.8888889, 1e-6);
    assertAlmostEquals(gridKwh[2] + gridKwh[3], 0.6, 1e-9);
    const { community, profiles } = handWorked();
    const prosumers = community.prosumers.map((each) => ({ ...each, battery: null }));
    const bare = { ...options, dataset: { community: { ...community, prosumers }, profiles } };
    assertAlmostEquals((await planOptimum(bare, solver)).cost[0], 0.29, 1e-9);
    assertAlmostEquals((await planOptimum({ ...bare, trades: false }, solver)).cost[0], 0.51, 1e-9);
  });
}

const reachable = [
  ["optimum", "with limits", reachableWorld("limits"), true],
  ["optimum", "with a network fee", reachableWorld("fee"), true],
  ["optimum-no-trade", "without limits", reachableWorld("fee"), false],
] as const;
for (const [name, kind, worlds, trades] of reachable) {
  Deno.test(`optimum: carrying out ${name} costs what was planned, any community ${kind}`, async () => {
    using solver = createSolver();
    const property = fc.asyncProperty(worlds, async (world) => {
      const { dataset, config } = world;
      const planned = await planOptimum({ dataset, config, firstSlots: [0], trades }, solver);
      const [cost] = await costsOf(optimumPolicy(solver, { trades }), world);
      assertNear(cost, planned.cost[0], world.dataset);
    });
    await fc.assert(property, { numRuns: cases(3, 20), seed: 3, endOnFailure: true });
  });
}

/** What prices that are rounded to a millionth may come to in a day. [currency] */
function roundingOf({ profiles: { loadKw, pvKw, grid } }: Dataset): number {
  const kw = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0);
  return 1e-6 * (1 + (kw(loadKw) + kw(pvKw)) * grid.dtHours);
}

function assertNear(cost: number, planned: number, dataset: Dataset): void {
  assertAlmostEquals(cost, planned, roundingOf(dataset));
}

Deno.test("optimum: planned again in the middle of an episode, it goes on at the same cost", async () => {
  using solver = createSolver();
  const property = fc.asyncProperty(
    reachableWorld("limits"),
    fc.integer({ min: 1, max: 20 }),
    async (world, steps) => {
      const planned = await planOptimum({ ...world, firstSlots: [0] }, solver);
      const [cost] = await costsOf(plannedTwice(solver, steps), world);
      assertNear(cost, planned.cost[0], world.dataset);
    },
  );
  await fc.assert(property, { numRuns: cases(2, 10), seed: 4, endOnFailure: true });
  const world = { dataset: reference, config: dayRules(), seed: 1 };
  const { cost } = await planOptimum({ ...world, firstSlots: referenceDays }, solver);
  (await costsOf(plannedTwice(solver, 14), world, referenceDays)).forEach((each, c) =>
    assertNear(each, cost[c], reference)
  );
});

const someScenarios = ["none", "outage", "extreme-surplus"];
for (
  const scenario of scenariosOf(reference).filter((name) =>
    cases(someScenarios.includes(name), true)
  )
) {
  const fees = scenario === "none" ? [0, 0.02] : cases([0], [0, 0.02]);
  Deno.test(`optimum: its duals as curves reach all of it, and its prices, scenario ${scenario}`, async () => {
    using solver = createSolver();
    const dataset = applyScenario(reference, scenario);
    let slots = 0, near = 0;
    for (const networkFeePerKwh of fees) {
      const config = dayRules({ networkFeePerKwh });
      const options = { dataset, config, firstSlots: referenceDays, seed: 1 };
      const bound = await planOptimum(options, solver);
      const [best, trading, alone] = await Promise.all(
        [optimumPolicy(solver), rulePolicy("trade-only"), rulePolicy("grid-only")].map((policy) =>
          play(options, policy)
        ),
      );
      episodeCosts(best).forEach((cost, day) =>
        assertAlmostEquals(cost, bound.cost[day], 1e-6 * Math.abs(bound.cost[day]))
      );
      for (const records of [best, trading]) {
        assertEquals(audit(records, dataset).total, 0);
        const costs = prosumerCosts(records), without = prosumerCosts(alone);
        costs.forEach((cost, home) => assertLessOrEqual(cost, without[home] + 1e-6));
      }
      best.community.clearingPricePerKwh.forEach((price, at) => {
        // With a fee, a price that nobody trades at lies anywhere between those of buyers and sellers.
        if (networkFeePerKwh > 0 && best.community.volumeKwh[at] < 1e-6) return;
        slots++;
        if (Math.abs(price - bound.competitivePricePerKwh[at]) < 1e-3) near++;
      });
    }
    assertGreater(near / slots, 0.95, `${near} of ${slots}`);
  });
}

Deno.test("optimum: no policy costs less, in any community and whatever befalls it", async () => {
  using solver = createSolver();
  const property = fc.asyncProperty(
    world,
    fc.constantFrom(...scenariosOf(reference)),
    fc.boolean(),
    async (calm, scenario, ownTariffs) => {
      const { config, seed } = calm;
      const dataset = applyScenario(
        ownTariffs ? withOwnTariffs(calm.dataset, seed) : calm.dataset,
        scenario,
      );
      const { cost } = await planOptimum({ dataset, config, firstSlots: [0] }, solver);
      const policies = [
        ...rulePolicyNames.map((name) => rulePolicy(name)),
        zeroIntelligencePolicy(seed),
        ...[1, 2, 3].map((k) => randomPolicy(seed + k)),
        learnedRandomly(dataset, config, seed),
        mpcPolicy(solver),
        mpcPolicy(solver, { central: false }),
        optimumPolicy(solver),
        optimumPolicy(solver, { trades: false }),
        ...[1e-3, 0.1].map((size) => shaken(optimumPolicy(solver), size, seed)),
      ];
      for (const policy of policies) {
        const [reached] = await costsOf(policy, { dataset, config, seed });
        assert(
          reached >= cost[0] - roundingOf(dataset),
          `${policy.name}: ${reached} beats ${cost[0]}`,
        );
      }
    },
  );
  await fc.assert(property, { numRuns: cases(2, 8), seed: 8, endOnFailure: true });
});

Deno.test("optimum: whatever the environment lets happen is a plan that costs no more", async () => {
  // Fixes the plan's stores to what was played, and lets the solver find the rest.
  using solver = createSolver();
  const property = fc.asyncProperty(world, fc.boolean(), async (world, ownTariffs) => {
    const { config, seed } = world;
    const dataset = ownTariffs ? withOwnTariffs(world.dataset, seed) : world.dataset;
    const records = await play({ dataset, config, firstSlots: [0], seed }, randomPolicy(seed));
    const { slotsPerEpisode: slots, store } = records;
    const planWorld = createWorld(dataset, config, 1, slots);
    resetState(planWorld, seed, [0]);
    const planner = createPlanner(planWorld, { trades: true, community: true });
    const program = communityProgram(planner, hindsight(planWorld, 0, slots));
    const { model: { lower, upper }, headColumns, columnsPerSlot, constantCost } = program;
    const fix = (column: number, value: number) => {
      // As far off as rounding and the solver's tolerance may be.
      lower[column] = Math.max(lower[column], value - 1e-8);
      upper[column] = Math.min(upper[column], value + 1e-8);
    };
    const count = planner.stores.length;
    for (let t = 0; t < slots; t++) {
      const first = headColumns + t * columnsPerSlot;
      for (let s = 0; s < count; s++) {
        const k = t * count + s;
        fix(first + s, Math.max(0, store.powerKw[k]));
        fix(first + count + s, Math.max(0, -store.powerKw[k]));
        fix(first + 2 * count + s, store.endEnergyKwh[k]);
      }
    }
    const [{ objective }] = await solver.solve([program]);
    assertLessOrEqual(objective + constantCost, episodeCosts(records)[0] + 1e-4);
  });
  await fc.assert(property, { numRuns: cases(4, 25), seed: 5, endOnFailure: true });
});

Deno.test("optimum: what trade is worth is the difference to every home by itself", async () => {
  using solver = createSolver();
  const options = { dataset: reference, config: dayRules(), firstSlots: [0, 24] };
  const together = await planOptimum(options, solver);
  const apart = await planOptimum({ ...options, trades: false }, solver);
  let byHome = 0;
  const { community, profiles } = reference;
  for (let i = 0; i < community.prosumers.length; i++) {
    const { slots } = profiles.grid;
    const own = (values: Float64Array) => values.slice(i * slots, (i + 1) * slots);
    const home = {
      community: { ...community, prosumers: [community.prosumers[i]] },
      profiles: { ...profiles, loadKw: own(profiles.loadKw), pvKw: own(profiles.pvKw) },
    };
    byHome += (await planOptimum({ ...options, dataset: home }, solver)).cost[0];
  }
  assertAlmostEquals(apart.cost[0], byHome, 1e-6);
  assertGreater(apart.cost[0], together.cost[0] + 0.1);
  assert(apart.competitivePricePerKwh.every(Number.isNaN));
});

Deno.test("optimum: the competitive price is what a little more demand costs", async () => {
  using solver = createSolver();
  const moreKw = 1e-4;
  for (const networkFeePerKwh of [0, 0.02]) {
    const config = dayRules({ networkFeePerKwh });
    const options = { dataset: reference, config, firstSlots: [0] };
    const { cost, competitivePricePerKwh } = await planOptimum(options, solver);
    let least = Infinity, most = -Infinity;
    for (let t = 0; t < 24; t++) {
      const { profiles } = reference;
      const loadKw = profiles.loadKw.slice();
      loadKw[t] += moreKw;
      const dataset = { ...reference, profiles: { ...profiles, loadKw } };
      const more = await planOptimum({ ...options, dataset }, solver);
      const price = competitivePricePerKwh[t];
      // A home that buys pays the fee on top, one that sells forgoes the price without it.
      assertAlmostEquals((more.cost[0] - cost[0]) / moreKw, price, networkFeePerKwh + 1e-6);
      least = Math.min(least, price);
      most = Math.max(most, price);
    }
    assertGreater(most, least + 0.1);
  }
});

Deno.test("optimum: the number of Workers changes no bit", async () => {
  const options = {
    dataset: reference,
    config: dayRules(),
    firstSlots: referenceDays,
  };
  const [one, three] = await Promise.all([1, 3].map(async (workers) => {
    using solver = createSolver({ workers });
    return await planOptimum(options, solver);
  }));
  assertEquals(one, three);
});

/** The hand-worked homes, where importing costs 0.03 and exporting earns 0.08. */
function inverted(): Dataset {
  const { community, profiles } = handWorked();
  return {
    community,
    profiles: { ...profiles, importPricePerKwh: profiles.importPricePerKwh.map(() => 0.03) },
  };
}

for (const orders of ["curves", "inelastic"] as const) {
  Deno.test(`optimum: where importing costs less than exporting earns, each meter clears with the grid, ${orders}`, async () => {
    // Without batteries there is nothing to decide: A's 3 kWh earn 0.08 each, 0.5 kWh of A and 2 kWh
    // of B cost 0.03 each, and nobody trades.
    using solver = createSolver({ workers: 1 });
    const { community, profiles } = inverted();
    const prosumers = community.prosumers.map((each) => ({ ...each, battery: null }));
    const dataset = { community: { ...community, prosumers }, profiles };
    const options = { dataset, config: handConfig(orders), firstSlots: [0] };
    const { cost } = await planOptimum(options, solver);
    assertAlmostEquals(cost[0], 2.5 * 0.03 - 3 * 0.08, 1e-12);
    const apart = await planOptimum({ ...options, trades: false }, solver);
    assertAlmostEquals(apart.cost[0], cost[0], 1e-12);
    const records = await play({ ...options, seed: 1 }, rulePolicy("trade-only"));
    assertAlmostEquals(episodeCosts(records)[0], cost[0], 1e-12);
    assert(records.home.tradedKwh.every((traded) => traded === 0));
    assertEquals(audit(records, dataset).total, 0);
  });
}

Deno.test("optimum: with a battery it is the chord between the most a meter can take and give", async () => {
  // B may charge 5 kW beside a load of 1 kW, or shed that and discharge 5 kW. On the chord between
  // +6 kWh at 0.03 and −5 kWh at 0.08 it takes 1 kWh; charging with wear at the end only adds to
  // that. The other hours hold no load, on a chord from +5 to −5.
  using solver = createSolver({ workers: 1 });
  const dataset = inverted();
  const idle = { ...dataset.community.prosumers[1].battery!, maxChargeKw: 5, maxDischargeKw: 5 };
  const prosumers = [dataset.community.prosumers[0], {
    ...dataset.community.prosumers[1],
    battery: { ...idle, chargeEfficiency: 1, dischargeEfficiency: 1, capacityKwh: 1e-9 },
  }];
  const options = {
    dataset: { community: { ...dataset.community, prosumers }, profiles: dataset.profiles },
    config: handConfig("curves"),
    firstSlots: [0],
  };
  const { cost } = await planOptimum(options, solver);
  const chord = (takenKwh: number, most: number, least: number) =>
    0.03 * most - ((most - takenKwh) * (0.03 * most - 0.08 * least)) / (most - least);
  const expected = 0.5 * 0.03 - 3 * 0.08 + 2 * chord(1, 6, -5) + 22 * chord(0, 5, -5);
  assertAlmostEquals(cost[0], expected, 1e-6);
});

/** The optimum, begun anew after some steps. */
function plannedTwice(solver: Solver, steps: number): Policy {
  const policy = optimumPolicy(solver);
  return {
    name: "planned twice",
    async begin(env) {
      let act = await policy.begin(env);
      return async (observation, decision) => {
        if (env.state.step === steps) act = await policy.begin(env);
        await act(observation, decision);
      };
    },
  };
}

function randomPolicy(seed: number): Policy {
  const random = stream(seed, "random policy");
  return {
    name: `random ${seed}`,
    begin: () => (_, { numbers }) => void wildActions(random, numbers),
  };
}

/** A policy with a little noise on all that it says. */
function shaken(policy: Policy, size: number, seed: number): Policy {
  const random = stream(seed, "shaken policy");
  return {
    name: `${policy.name} shaken by ${size}`,
    async begin(env) {
      const act = await policy.begin(env);
      return async (observation, decision) => {
        await act(observation, decision);
        for (
          const said of [
            decision.numbers,
            decision.curves.stepValuePerKwh,
            decision.curves.stepFromKwh,
          ]
        ) {
          for (let k = 0; k < said.length; k++) said[k] += size * random.normal();
        }
      };
    },
  };
}

/** Agents with random weights. */
function learnedRandomly(dataset: Dataset, config: EnvironmentConfig, seed: number): Policy {
  const { observationSpace: { common, own }, actionSpace: { names } } = new EnergyMarketEnv(
    dataset,
    config,
  );
  const observationNames = [...common, ...own];
  const random = stream(seed, "random weights");
  const size = observationNames.length;
  const count = (size + 1) * 8 + 9 * names.length;
  const actor = createActor({
    sizes: [size, 8, names.length],
    parameters: Float32Array.from({ length: count }, () => 0.3 * random.normal()),
    logStd: new Float32Array(names.length),
    normalizer: { common: unseen(common.length), own: unseen(own.length) },
    observationClip: 10,
  });
  return learnedPolicy(actor, { observationNames });
}

/** Statistics of nothing seen. */
function unseen(size: number): NormalizerState {
  return { count: 0, mean: new Float64Array(size), squaredDeviations: new Float64Array(size) };
}
