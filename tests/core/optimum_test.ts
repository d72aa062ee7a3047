import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import fc from "fast-check";
import { applyScenario, scenarioNames } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { ACTION_SIZE } from "../../lib/env/action.ts";
import { defaultEnvironmentConfig, environmentConfigSchema } from "../../lib/env/config.ts";
import { OBSERVATION_SIZE } from "../../lib/env/observation.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { episodeCosts } from "../../lib/evaluation/kpis.ts";
import { play } from "../../lib/evaluation/records.ts";
import { learnedPolicy } from "../../lib/policies/learned.ts";
import { mpcPolicy } from "../../lib/policies/mpc.ts";
import { episodeOutlook, optimumPolicy, planOptimum } from "../../lib/policies/optimum.ts";
import { communityProgram } from "../../lib/policies/community_program.ts";
import { createPlanner } from "../../lib/policies/planner.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { createSolver, type Solver } from "../../lib/policies/solver.ts";
import { createActor } from "../../lib/ppo/actor.ts";
import { stream } from "../../lib/random.ts";
import { wildActions, type World, world } from "../helpers/worlds.ts";
import { reachableWorld } from "../helpers/reachable_world.ts";

const reference = synthesize({ seed: 42, prosumers: 5, days: 8, dtHours: 1 });
const referenceDays = [0, 48, 120, 168];

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

const handConfig = environmentConfigSchema.parse({
  initialSoc: 0,
  cost: { carbonPricePerKg: 0, wearPricePerKwh: 0.02 },
});

Deno.test("optimum: the hand-worked community costs 0.1269, stores 1 kWh and imports 0.6 kWh", async () => {
  // Worked by hand: A's 3 kWh of sun serve B's 1 kWh and charge 1.1111 kWh, and 0.8889 kWh earn
  // 0.08; 0.9 kWh of the 1.5 kWh of the second hour come from the battery at a wear of 0.02.
  using solver = createSolver({ workers: 1 });
  const options = { dataset: handWorked(), config: handConfig, firstSlots: [0] };
  const { cost, batteryKw, competitivePricePerKwh } = await planOptimum(options, solver);
  assertAlmostEquals(cost[0], 0.1268888889, 1e-9);
  assertAlmostEquals(batteryKw[1], 1.1111111, 1e-6);
  assertAlmostEquals(batteryKw[3], -0.9, 1e-9);
  assertAlmostEquals(competitivePricePerKwh[0], 0.08, 1e-9);
  assertAlmostEquals(competitivePricePerKwh[1], 0.3, 1e-9);
  const records = await play({ ...options, seed: 1 }, optimumPolicy(solver));
  assertAlmostEquals(episodeCosts(records)[0], 0.1268888889, 1e-9);
  const { gridKwh } = records.columns;
  assertAlmostEquals(gridKwh[0] + gridKwh[1], -0.8888889, 1e-6);
  assertAlmostEquals(gridKwh[2] + gridKwh[3], 0.6, 1e-9);
  const { community, profiles } = handWorked();
  const prosumers = community.prosumers.map((each) => ({ ...each, battery: null }));
  const bare = { ...options, dataset: { community: { ...community, prosumers }, profiles } };
  assertAlmostEquals((await planOptimum(bare, solver)).cost[0], 0.29, 1e-9);
  assertAlmostEquals((await planOptimum({ ...bare, trades: false }, solver)).cost[0], 0.51, 1e-9);
});

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
      assertAlmostEquals(cost, planned.cost[0], 1e-6);
    });
    await fc.assert(property, { numRuns: 20, seed: 3, endOnFailure: true });
  });
}

Deno.test("optimum: planned again in the middle of an episode, it goes on at the same cost", async () => {
  using solver = createSolver();
  const property = fc.asyncProperty(
    reachableWorld("limits"),
    fc.integer({ min: 1, max: 20 }),
    async (world, steps) => {
      const planned = await planOptimum({ ...world, firstSlots: [0] }, solver);
      const [cost] = await costsOf(plannedTwice(solver, steps), world);
      assertAlmostEquals(cost, planned.cost[0], 1e-6);
    },
  );
  await fc.assert(property, { numRuns: 10, seed: 4, endOnFailure: true });
  const world = { dataset: reference, config: defaultEnvironmentConfig, seed: 1 };
  const { cost } = await planOptimum({ ...world, firstSlots: referenceDays }, solver);
  (await costsOf(plannedTwice(solver, 14), world, referenceDays)).forEach((each, c) =>
    assertAlmostEquals(each, cost[c], 1e-6)
  );
});

for (const scenario of scenarioNames) {
  Deno.test(`optimum: carrying it out costs what was planned, scenario ${scenario}`, async () => {
    using solver = createSolver();
    const dataset = applyScenario(reference, scenario);
    const config = defaultEnvironmentConfig;
    const { cost } = await planOptimum({ dataset, config, firstSlots: referenceDays }, solver);
    const world = { dataset, config, seed: 1 };
    (await costsOf(optimumPolicy(solver), world, referenceDays)).forEach((each, c) =>
      assertAlmostEquals(each, cost[c], 1e-6)
    );
  });
}

Deno.test("optimum: no policy costs less, in any community and whatever befalls it", async () => {
  using solver = createSolver();
  const property = fc.asyncProperty(
    world,
    fc.constantFrom(...scenarioNames),
    async (calm, scenario) => {
      const { config, seed } = calm;
      const dataset = applyScenario(calm.dataset, scenario);
      const { cost } = await planOptimum({ dataset, config, firstSlots: [0] }, solver);
      const policies = [
        ...rulePolicyNames.map((name) => rulePolicy(name)),
        ...[1, 2, 3].map((k) => randomPolicy(seed + k)),
        learnedPolicy(createActor(randomWeights(seed)), {
          actions: "merit-order",
          span: "feasible",
        }),
        mpcPolicy(solver),
        mpcPolicy(solver, { central: false }),
        optimumPolicy(solver),
        optimumPolicy(solver, { trades: false }),
        ...[1e-3, 0.1].map((size) => shaken(optimumPolicy(solver), size, seed)),
      ];
      for (const policy of policies) {
        const [reached] = await costsOf(policy, { dataset, config, seed });
        assert(reached >= cost[0] - 1e-6, `${policy.name}: ${reached} beats ${cost[0]}`);
      }
    },
  );
  await fc.assert(property, { numRuns: 6, seed: 8, endOnFailure: true });
});

Deno.test("optimum: whatever the environment lets happen is a plan that costs no more", async () => {
  // Fixes the plan's batteries to what was played, and lets the solver find the rest.
  using solver = createSolver();
  const property = fc.asyncProperty(world, async ({ dataset, config, seed }) => {
    const records = await play(
      { dataset, config, firstSlots: [0], seed },
      randomPolicy(seed),
    );
    const planner = createPlanner(dataset, config, { trades: true, community: true });
    const { slotsPerEpisode: slots, prosumers, columns } = records;
    const program = communityProgram(planner, episodeOutlook(dataset, config, 0, slots));
    const { model: { lower, upper }, headColumns, columnsPerSlot } = program;
    const fix = (column: number, value: number) => {
      // As far off as rounding and the solver's tolerance may be.
      lower[column] = Math.max(lower[column], value - 1e-8);
      upper[column] = Math.min(upper[column], value + 1e-8);
    };
    const count = planner.batteries.length;
    for (let t = 0; t < slots; t++) {
      const first = headColumns + t * columnsPerSlot;
      planner.batteries.forEach(({ prosumer }, b) => {
        const row = t * prosumers + prosumer;
        fix(first + b, Math.max(0, columns.batteryKw[row]));
        fix(first + count + b, Math.max(0, -columns.batteryKw[row]));
        fix(first + 2 * count + b, columns.energyKwh[row]);
      });
    }
    const [{ objective }] = await solver.solve([program]);
    assertLessOrEqual(objective, episodeCosts(records)[0] + 1e-4);
  });
  await fc.assert(property, { numRuns: 25, seed: 5, endOnFailure: true });
});

Deno.test("optimum: what trade is worth is the difference to every home by itself", async () => {
  using solver = createSolver();
  const options = { dataset: reference, config: defaultEnvironmentConfig, firstSlots: [0, 24] };
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
    const config = environmentConfigSchema.parse({ market: { networkFeePerKwh } });
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
    config: defaultEnvironmentConfig,
    firstSlots: referenceDays,
  };
  const [one, three] = await Promise.all([1, 3].map(async (workers) => {
    using solver = createSolver({ workers });
    return await planOptimum(options, solver);
  }));
  assertEquals(one, three);
});

Deno.test("optimum: prices at which emptying batteries would be paid for are named", async () => {
  using solver = createSolver();
  const { profiles } = reference;
  const below = (price: number) => profiles.importPricePerKwh.map(() => price);
  const dataset = {
    ...reference,
    profiles: {
      ...profiles,
      importPricePerKwh: below(-0.1),
      feedInTariffPerKwh: below(-0.2),
    },
  };
  await assertRejects(
    () => planOptimum({ dataset, config: defaultEnvironmentConfig, firstSlots: [24] }, solver),
    RangeError,
    "importPricePerKwh must not be negative throughout an episode",
  );
});

/** The hand-worked homes, where importing costs 0.03 and exporting earns 0.08. */
function inverted(): Dataset {
  const { community, profiles } = handWorked();
  return {
    community,
    profiles: { ...profiles, importPricePerKwh: profiles.importPricePerKwh.map(() => 0.03) },
  };
}

Deno.test("optimum: where importing costs less than exporting earns, each meter clears with the grid", async () => {
  // Without batteries there is nothing to decide: A's 3 kWh earn 0.08 each, 0.5 kWh of A and 2 kWh of
  // B cost 0.03 each, and nobody trades.
  using solver = createSolver({ workers: 1 });
  const { community, profiles } = inverted();
  const prosumers = community.prosumers.map((each) => ({ ...each, battery: null }));
  const dataset = { community: { ...community, prosumers }, profiles };
  const options = { dataset, config: handConfig, firstSlots: [0] };
  const { cost, competitivePricePerKwh } = await planOptimum(options, solver);
  assertAlmostEquals(cost[0], 2.5 * 0.03 - 3 * 0.08, 1e-12);
  assertEquals(competitivePricePerKwh, new Float64Array(24).fill(NaN));
  assertAlmostEquals(
    (await planOptimum({ ...options, trades: false }, solver)).cost[0],
    cost[0],
    1e-12,
  );
  const records = await play({ ...options, seed: 1 }, rulePolicy("trade-only"));
  assertAlmostEquals(episodeCosts(records)[0], cost[0], 1e-12);
  assertEquals(records.columns.tradedKwh.every((traded) => traded === 0), true);
  assertEquals(audit(records, dataset, handConfig).total, 0);
});

Deno.test("optimum: with a battery it is the chord between the most a meter can take and give", async () => {
  // B may charge 5 kW beside a load of 1 kW, or discharge 5 kW less that load. On the chord between
  // +6 kWh at 0.03 and −4 kWh at 0.08, taking 1 kWh is −0.07, and charging it with wear at the end only
  // adds to it; the other hours hold no load, on a chord from +5 to −5.
  using solver = createSolver({ workers: 1 });
  const dataset = inverted();
  const idle = { ...dataset.community.prosumers[1].battery!, maxChargeKw: 5, maxDischargeKw: 5 };
  const prosumers = [dataset.community.prosumers[0], {
    ...dataset.community.prosumers[1],
    battery: { ...idle, chargeEfficiency: 1, dischargeEfficiency: 1, capacityKwh: 1e-9 },
  }];
  const options = {
    dataset: { community: { ...dataset.community, prosumers }, profiles: dataset.profiles },
    config: handConfig,
    firstSlots: [0],
  };
  const { cost } = await planOptimum(options, solver);
  const chord = (takenKwh: number, most: number, least: number) =>
    0.03 * most - ((most - takenKwh) * (0.03 * most - 0.08 * least)) / (most - least);
  const expected = 0.5 * 0.03 - 3 * 0.08 + 2 * chord(1, 6, -4) + 22 * chord(0, 5, -5);
  assertAlmostEquals(cost[0], expected, 1e-6);
});

/** The optimum, begun anew after some steps. */
function plannedTwice(solver: Solver, steps: number): Policy {
  const policy = optimumPolicy(solver);
  return {
    name: "planned twice",
    async begin(env) {
      let act = await policy.begin(env);
      return async (observation, actions) => {
        if (env.state.step === steps) act = await policy.begin(env);
        await act(observation, actions);
      };
    },
  };
}

function randomPolicy(seed: number): Policy {
  const random = stream(seed, "random policy");
  return {
    name: `random ${seed}`,
    begin: () => (_, actions) => void wildActions(random, actions),
  };
}

/** A policy with a little noise on its actions. */
function shaken(policy: Policy, size: number, seed: number): Policy {
  const random = stream(seed, "shaken policy");
  return {
    name: `${policy.name} shaken by ${size}`,
    async begin(env) {
      const act = await policy.begin(env);
      return async (observation, actions) => {
        await act(observation, actions);
        for (let k = 0; k < actions.length; k++) actions[k] += size * random.normal();
      };
    },
  };
}

function randomWeights(seed: number) {
  const random = stream(seed, "random weights");
  const sizes = [OBSERVATION_SIZE, 8, ACTION_SIZE];
  const count = (OBSERVATION_SIZE + 1) * 8 + 9 * ACTION_SIZE;
  const zeros = new Float64Array(OBSERVATION_SIZE);
  return {
    sizes,
    parameters: Float32Array.from({ length: count }, () => 0.3 * random.normal()),
    logStd: new Float32Array(ACTION_SIZE),
    normalizer: { count: 0, mean: zeros, squaredDeviations: zeros },
    observationClip: 10,
  };
}
