import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { Intervention } from "../../lib/data/interventions.ts";
import { applyScenario } from "../../lib/data/scenarios.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { communityResults } from "../../lib/evaluation/community_results.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { capturedSoFar, savedSoFar } from "../../lib/live/savings.ts";
import { MachineSources } from "../../lib/live/machine_sources.ts";
import { LiveDay } from "../../lib/live/live_day.ts";
import { createPolicy } from "../../lib/policies/catalog.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { createSolver, type Solver } from "../../lib/policies/solver.ts";
import { cases } from "../helpers/cases.ts";

const dataset = synthesize({ seed: 1, prosumers: 5, days: 4, dtHours: 1 });
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const winterNoon = 12;

async function begin(
  solver: Solver,
  names: readonly string[],
  data = dataset,
  firstSlot = 24,
): Promise<LiveDay> {
  const make = (name: string) => createPolicy(name, { seed: 9, solver });
  return await LiveDay.begin({
    dataset: data,
    config,
    firstSlot,
    seed: 9,
    policies: names.map(make),
    gridOnly: make("grid-only"),
    optimum: make("optimum"),
  });
}

async function play(day: LiveDay, events: Readonly<Record<number, Intervention>> = {}) {
  while (!day.over) {
    const intervention = events[day.step];
    if (intervention !== undefined) await day.intervene(intervention);
    await day.next();
  }
  return { ...day.reports.at(-1)!, dayCosts: await day.dayCosts() };
}

Deno.test("live: where importing costs less than exporting earns, nobody trades and the books hold", async () => {
  using solver = createSolver({ workers: 1 });
  const start = "2025-06-01T00:00:00+01:00";
  const { community, profiles } = synthesize({ seed: 1, prosumers: 5, days: 2, dtHours: 1, start });
  const feedInTariffPerKwh = profiles.feedInTariffPerKwh.map((tariff, slot) =>
    slot % 24 < 12 ? tariff : 0.6
  );
  const inverted = { community, profiles: { ...profiles, feedInTariffPerKwh } };
  const day = await begin(solver, ["trade-only"], inverted);
  const last = await play(day);
  const volumes = day.reports.map(({ outcomes }) => outcomes[0].volumeKwh);
  assert(volumes.some((volume) => volume > 0));
  assertEquals(volumes.slice(12), new Array(12).fill(0));
  assert(last.dayCosts.optimum! <= last.outcomes[0].cost);
  for (const records of day.records) assertEquals(audit(records, day.dataset).total, 0);
});

for (const name of ["self-consumption", "mpc", "zero-intelligence"]) {
  Deno.test(`live: ${name} ends where evaluate ends, on the same day and seed`, async () => {
    using solver = createSolver({ workers: 1 });
    const last = await play(await begin(solver, [name]));
    const policies = [name, "grid-only", "optimum"].map((policy) =>
      createPolicy(policy, { seed: 9, solver })
    );
    const { records, summary } = await evaluate(
      { dataset, config, firstSlots: [24], seed: 9 },
      policies,
    );
    const [own, alone, best] = summary.map(({ costPerDay }) => costPerDay);
    assertAlmostEquals(last.outcomes[0].cost, own, 1e-9);
    assertAlmostEquals(last.outcomes[0].bill, summary[0].billPerDay, 1e-9);
    assertAlmostEquals(last.outcomes[0].emissionsKg, summary[0].physicalEmissionsKgPerDay, 1e-9);
    assertAlmostEquals(last.gridOnly.cost, alone, 1e-9);
    assertAlmostEquals(savedSoFar(last, 0), alone - own, 1e-9);
    assertAlmostEquals(last.optimum!.cost, best, 1e-9);
    assertAlmostEquals(
      capturedSoFar(last, 0)!,
      (alone - own) / (alone - best),
      1e-9,
    );
    assertEquals(records.length, 3);
  });
}

Deno.test("live: two policies beside each other do what each does alone", async () => {
  using solver = createSolver({ workers: 1 });
  const both = await play(await begin(solver, ["time-of-use", "mpc"]));
  for (const [k, name] of ["time-of-use", "mpc"].entries()) {
    const alone = await play(await begin(solver, [name]));
    assertEquals(both.outcomes[k], alone.outcomes[0]);
  }
});

Deno.test("live: an outage at noon leaves load unserved, and every reference knows of it", async () => {
  using solver = createSolver({ workers: 1 });
  const calm = await play(await begin(solver, ["self-consumption"]));
  const day = await begin(solver, ["self-consumption"]);
  const last = await play(day, { [winterNoon]: { kind: "outage" } });
  const unserved = day.reports.map(({ outcomes }) => outcomes[0].unservedKwh);
  assert(unserved[winterNoon] > 0.1, `nothing unserved at noon: ${unserved}`);
  assertEquals(unserved.filter((_, t) => t < 12 || t > 14).some((kwh) => kwh > 0), false);
  assert(last.dayCosts.gridOnly > calm.dayCosts.gridOnly);
  const events = day.reports[winterNoon].events.map(({ kind }) => kind);
  assert(events.includes("outage") && events.includes("scarcity"), events.join());
  assertEquals(day.incidents, [{ step: winterNoon, intervention: { kind: "outage" } }]);
});

Deno.test("live: whatever comes, the books of the day hold to the audit", async () => {
  using solver = createSolver({ workers: 1 });
  const day = await begin(solver, ["mpc", "self-consumption"]);
  await play(day, {
    3: { kind: "cloud" },
    9: { kind: "cloud" },
    12: { kind: "outage" },
    16: { kind: "tariff-jump" },
  });
  for (const records of day.records) {
    assertEquals(audit(records, day.dataset).total, 0, records.policy);
  }
});

Deno.test("live: nothing beats the optimum that goes on from where the day had got to", async () => {
  using solver = createSolver({ workers: 1 });
  const prosumer = dataset.community.prosumers.find(({ battery }) => battery !== null)!.id;
  for (const event of [{ kind: "tariff-jump" }, { kind: "battery-failure", prosumer }] as const) {
    for (const step of [0, 12]) {
      const day = await begin(solver, ["grid-only", "mpc", "optimum"]);
      const last = await play(day, { [step]: event });
      const [alone, planned, best] = last.outcomes.map(({ cost }) => cost);
      assert(best < alone, `${event.kind} at ${step}: ${best}, ${alone}`);
      // What is known from the start on, nobody deals with better.
      if (step === 0) assert(best <= planned + 1e-6, `${event.kind}: ${best}, ${planned}`);
      assertAlmostEquals(last.dayCosts.optimum!, best, 1e-6);
    }
  }
});

Deno.test("live: a restart forgets what happened and plays the same day again", async () => {
  using solver = createSolver({ workers: 1 });
  const day = await begin(solver, ["self-consumption"]);
  const calm = await play(day);
  await day.restart(24);
  await play(day, { [winterNoon]: { kind: "outage" } });
  await day.restart(24);
  assertEquals(day.incidents, []);
  assertEquals(await play(day), calm);
  await assertRejects(() => day.next(), RangeError, "the day is over");
  await assertRejects(() => day.intervene({ kind: "cloud" }), RangeError, "the day is over");
});

Deno.test("live: an optimum that is left for later makes the same reports, whenever it comes", async () => {
  using solver = createSolver({ workers: 1 });
  const day = await begin(solver, ["self-consumption"]);
  const last = await play(day);
  const known = [...day.reports];
  for (const steps of [1, 13, 24]) {
    await day.restart(24, false);
    for (let step = 0; step < steps; step++) assertEquals((await day.next()).optimum, null);
    assert(day.optimumLater);
    assertEquals((await day.dayCosts()).optimum, null);
    await day.bound();
    assertEquals(day.reports, known.slice(0, steps));
    while (!day.over) await day.next();
    assertEquals([day.reports, await day.dayCosts()], [known, last.dayCosts]);
  }
  // What befalls the community befalls the optimum too.
  await day.restart(24);
  const late = await play(day, { [winterNoon]: { kind: "outage" } });
  await day.restart(24, false);
  assertEquals(await play(day, { [winterNoon]: { kind: "outage" } }), late);
});

Deno.test("live: the results of a day are its books, slot by slot", async () => {
  using solver = createSolver({ workers: 1 });
  const day = await begin(solver, ["self-consumption"], applyScenario(dataset, "price-spike"));
  const last = await play(day);
  const results = communityResults(day.played, day.dataset);
  assertEquals(results.policies, ["self-consumption"]);
  assertEquals(results.slots.length, 24);
  const cost = results.slots.reduce((sum, slot) => sum + slot.cost, 0);
  assertAlmostEquals(cost, last.outcomes[0].cost, 1e-9);
  const spike = day.reports.find(({ events }) => events.some(({ kind }) => kind === "price-spike"));
  assertEquals(spike?.hourOfDay, 17);
});

Deno.test("live: after a policy has failed in a slot, the day goes on as if it had not", async () => {
  using solver = createSolver({ workers: 1 });
  let failures = 1;
  const moody: Policy = {
    name: "moody",
    async begin(env) {
      const act = await rulePolicy("time-of-use").begin(env);
      return (observation, decision) => {
        if (env.state.step === 3 && failures-- > 0) throw new Error("not now");
        return act(observation, decision);
      };
    },
  };
  const rule = rulePolicy("self-consumption");
  const options = { dataset, config, firstSlot: 24, seed: 9, gridOnly: rulePolicy("grid-only") };
  const day = await LiveDay.begin({ ...options, policies: [rule, moody], optimum: null });
  await assertRejects(() => play(day), Error, "not now");
  assertEquals(day.step, 3);
  const last = await play(day);
  const calm = await play(await begin(solver, ["self-consumption", "time-of-use"]));
  assertEquals(last.outcomes, calm.outcomes);
});

Deno.test("live: policies of one's own are on offer, and play at first where they are named", async () => {
  const own: Policy = { ...rulePolicy("trade-only"), name: "mine" };
  const sources = new MachineSources({ policies: [own], players: ["mine", "learned"] });
  const { policy, compare } = await sources.defaultSetup();
  assertEquals(policy, "mine");
  assert(compare !== null && compare.startsWith("learned:"), `${compare}`);
  const { policies } = await sources.choices();
  assert(policies.some(({ name }) => name === "mine"));
  const players = await sources.players(["mine"], 1);
  assertEquals(players.policies, [own]);
  sources.close();
});

Deno.test("live: nobody has captured more than all at any hour, and the optimum exactly that", async () => {
  using solver = createSolver({ workers: 1 });
  const year = synthesize({ seed: 3, prosumers: 5, days: 20, dtHours: 1 });
  for (let firstSlot = 0; firstSlot < cases(72, 480); firstSlot += 24) {
    const day = await begin(solver, ["optimum", "mpc", "threshold"], year, firstSlot);
    while (!day.over) {
      const report = await day.next();
      if (![3, 12, 19, 24].includes(report.step)) continue;
      const [best, ...others] = report.outcomes.map((_, k) => capturedSoFar(report, k));
      if (best === null) continue;
      const at = `${report.timestamp}: ${best}, ${others.join()}`;
      assertAlmostEquals(best, 1, 1e-4, at);
      for (const share of others) assert(share! <= 1 + 1e-4, at);
    }
  }
});
