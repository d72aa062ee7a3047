import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { episodeCosts, type Kpis } from "../../lib/evaluation/kpis.ts";
import { compare, ladderRow, type PolicyRuns } from "../../lib/evaluation/ladder.ts";
import { asR2, setups } from "../../lib/experiments/setups.ts";
import { checkTargets } from "../../lib/experiments/targets.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import { captured } from "../../lib/report/figures/captured.ts";

const dataset = synthesize({ seed: 2, prosumers: 4, days: 4, dtHours: 1 });
const options = {
  dataset,
  config: environmentConfigSchema.parse({ episodeDays: 1 }),
  firstSlots: [0, 24, 48, 72],
  seed: 9,
};
const { summary: [kpis] } = await evaluate(options, [rulePolicy("trade-only")]);

function run(policy: string, costs: readonly (readonly number[])[], row: Partial<Kpis> = {}) {
  return { policy, costs, kpis: costs.map(() => ({ ...kpis, ...row })) } satisfies PolicyRuns;
}

const reference = { alone: [10, 20, 30, 40], optimum: [5, 10, 29, 40] };

Deno.test("ladder: captured is saving over possible saving, sums over days, mean over seeds", () => {
  const row = ladderRow(run("learned", [[6, 12, 29, 40], [7, 14, 30, 40]]), reference);
  assertAlmostEquals(row.captured!, ((4 + 8 + 1) / 16 + (3 + 6) / 16) / 2, 1e-12);
  assert(row.capturedLow! <= row.captured! && row.captured! <= row.capturedHigh!);
  assertEquals([row.policy, row.seeds], ["learned", 2]);
});

Deno.test("ladder: the optimum captures all and grid-only nothing, beyond doubt", () => {
  const best = ladderRow(run("optimum", [reference.optimum]), reference);
  const none = ladderRow(run("grid-only", [reference.alone]), reference);
  assertEquals([best.captured, best.capturedLow, best.capturedHigh], [1, 1, 1]);
  assertEquals([none.captured, none.capturedLow, none.capturedHigh], [0, 0, 0]);
});

Deno.test("ladder: the interquartile mean leaves out days on which nothing can be saved", () => {
  const { capturedIqm } = ladderRow(run("mpc", [[9, 12, 29, 99]]), reference);
  assertAlmostEquals(capturedIqm!, (0.2 + 0.8 + 1) / 3, 1e-12);
  const nothing = { alone: [1, 2], optimum: [1, 2] };
  const row = ladderRow(run("mpc", [[1, 2]]), nothing);
  assertEquals([row.captured, row.capturedIqm], [null, null]);
  assertEquals(compare(run("a", [[1, 2]]), run("b", [[1, 2]]), nothing), null);
});

Deno.test("ladder: a row counts the worst seed's losers and every violation", () => {
  const rows: PolicyRuns = {
    policy: "learned",
    costs: [[1, 1, 1, 1], [1, 1, 1, 1]],
    kpis: [
      { ...kpis, prosumersWorseOff: 2, residualViolations: 1, marketEfficiency: 0.8 },
      { ...kpis, prosumersWorseOff: 0, residualViolations: 3, marketEfficiency: 1 },
    ],
  };
  const row = ladderRow(rows, reference);
  assertEquals([row.prosumersWorseOff, row.residualViolations], [2, 4]);
  assertAlmostEquals(row.marketEfficiency!, 0.9, 1e-12);
});

Deno.test("ladder: a paired difference finds what overlapping intervals hide, and is not called different", () => {
  const hard = Array.from({ length: 30 }, (_, day) => 10 + 7 * (day % 5));
  const long = { alone: hard.map((cost) => 2 * cost), optimum: hard };
  const mpc = run("mpc", [hard.map((cost, day) => cost * (1.1 + 0.05 * (day % 4)))]);
  const learned = run("learned", [mpc.costs[0].map((cost) => cost * 0.995)]);
  const against = compare(learned, mpc, long)!;
  assertEquals(against.different, false);
  assert(against.difference.low > 0, `${against.difference.low}`);
  assertEquals(against.probabilityOfImprovement.estimate, 1);
  const [a, b] = [learned, mpc].map((each) => ladderRow(each, long));
  assert(a.capturedLow! < b.capturedHigh!);
  const better = run("learned", [mpc.costs[0].map((cost) => cost * 0.8)]);
  assertEquals(compare(better, mpc, long)!.different, true);
  const itself = compare(mpc, mpc, long)!;
  assertEquals([itself.difference.estimate, itself.different], [0, false]);
  assertEquals(itself.probabilityOfImprovement.estimate, 0.5);
});

Deno.test("ladder: the costs of real books give the captured share of the indicators", async () => {
  const policies = ["grid-only", "self-consumption", "trade-only"]
    .map((name) => rulePolicy(name));
  const { records } = await evaluate(options, policies);
  const [alone, optimum, costs] = records.map(episodeCosts);
  const competitivePricePerKwh = new Float64Array(96);
  const { summary } = await evaluate(options, policies, { cost: optimum, competitivePricePerKwh });
  const row = ladderRow(
    { policy: "trade-only", kpis: [summary[2]], costs: [costs] },
    { alone, optimum },
  );
  assertAlmostEquals(row.captured!, summary[2].captured!, 1e-12);
});

const against = (estimate: number) => ({
  policy: "learned",
  other: "mpc",
  difference: { estimate, low: estimate - 0.01, high: estimate + 0.01 },
  different: false,
  probabilityOfImprovement: { estimate: 0.5, low: 0.4, high: 0.6 },
});
const good = {
  ...ladderRow(run("learned", [reference.optimum]), reference),
  captured: 0.92,
  marketEfficiency: 0.995,
  prosumersWorseOff: 0,
  residualViolations: 0,
  microsecondsPerDecision: 2,
};
const slow = { ...good, policy: "mpc", microsecondsPerDecision: 1000 };
const met = (learned: typeof good, gain: number) =>
  checkTargets(learned, slow, against(gain), setups.R1.targets).map((row) => row.met);

Deno.test("targets: each row is met at its bar and missed below it", () => {
  assertEquals(met(good, 0), [true, true, true, true, true, true]);
  const misses: readonly [Partial<typeof good>, number, number][] = [
    [{ captured: 0.899 }, 0, 0],
    [{}, -0.001, 1],
    [{ residualViolations: 1 }, 0, 2],
    [{ prosumersWorseOff: 1 }, 0, 3],
    [{ marketEfficiency: 0.989 }, 0, 4],
    [{ microsecondsPerDecision: 2.1 }, 0, 5],
  ];
  for (const [change, gain, row] of misses) {
    const expected = [0, 1, 2, 3, 4, 5].map((k) => k !== row);
    assertEquals(met({ ...good, ...change }, gain), expected, JSON.stringify(change));
  }
});

Deno.test("targets: what is measured is said with its interval", () => {
  const [share, gain, , , , time] = checkTargets(good, slow, against(-0.012), setups.R2.targets);
  assertEquals([share.target, time.measured], ["≥ 88 %", "1/500"]);
  assertEquals(gain.measured, "−1.2 points [−2.2, −0.2]");
});

Deno.test("setups: every set-up is a valid experiment with the reference noise", () => {
  for (const { experiment, name } of Object.values(setups)) {
    const { environment } = parseExperiment(experiment, name);
    assertEquals([environment.forecast.error, environment.forecast.currentSlot], [0.2, "measured"]);
    assertEquals(environment.cost.carbonPricePerKg, 0.075);
    assertEquals(environment.cost.wearPricePerKwh, 0.01);
    assertEquals([environment.episodeDays, environment.initialSoc], [1, 0.5]);
  }
});

Deno.test("setups: R2 keeps the homes and makes their batteries linear", () => {
  const battery = {
    ...dataset.community.prosumers[0].battery!,
    roundTripEfficiencyByPower: [[0, 0.8], [1, 0.9]] as const,
    powerShareBySoc: [[0, 1], [1, 0.2]] as const,
    capacityLossCoefficient: 1e-5,
  };
  const prosumers = [{ id: "a", pvCapacityKw: 3, battery }, {
    id: "b",
    pvCapacityKw: 0,
    battery: null,
  }];
  const { community, profiles } = asR2({
    community: { ...dataset.community, prosumers },
    profiles: dataset.profiles,
  });
  const { capacityKwh, maxChargeKw, maxDischargeKw, selfDischargePerHour, socMin, socMax } =
    battery;
  assertEquals(community.prosumers, [
    {
      id: "a",
      pvCapacityKw: 3,
      battery: {
        capacityKwh,
        maxChargeKw,
        maxDischargeKw,
        selfDischargePerHour,
        socMin,
        socMax,
        chargeEfficiency: Math.sqrt(0.9),
        dischargeEfficiency: Math.sqrt(0.9),
      },
    },
    prosumers[1],
  ]);
  assertEquals(new Set(profiles.feedInTariffPerKwh), new Set([0.08]));
  assertEquals(profiles.loadKw, dataset.profiles.loadKw);
});

Deno.test("captured: the title says what is and what is not told apart", () => {
  const row = (policy: string, share: number) => ({
    ...good,
    policy,
    captured: share,
    capturedLow: share - 0.01,
    capturedHigh: share + 0.01,
  });
  const title = (learned: number) =>
    captured([row("mpc", 0.92), row("learned", learned), row("optimum", 1)], { subject: "x" })
      .title;
  assertEquals(
    title(0.915),
    "learned captures 91.5 % of the possible saving, mpc 92.0 %: their intervals overlap",
  );
  assertEquals(title(0.95), "learned captures 95.0 % of the possible saving, mpc 92.0 %");
  assertThrows(
    () => captured([{ ...good, captured: null }], { subject: "x" }),
    RangeError,
    "nothing could be saved",
  );
});
