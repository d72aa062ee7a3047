import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { LADDER_POLICIES } from "../../lib/experiments/ladder_benchmark.ts";
import { policyNames } from "../../lib/policies/catalog.ts";
import { runTask } from "../helpers/run_task.ts";
import { fewWeeks, inFolder, names } from "../helpers/two_homes.ts";

const FILES = [
  "bills.csv",
  "captured.png",
  "captured.svg",
  "evaluation_results.csv",
  "forecast_skill.csv",
  "ladder.csv",
  "ladder.json",
  "ladder.md",
  "misreports.csv",
  "prosumers.csv",
  "provenance.json",
  "summary.csv",
  "summary.json",
];
/** What is quick to play. */
const POLICIES = ["grid-only", "dynamic-programming", "imitation", "learned", "optimum"];
const SHORT = ["--timesteps", "700", "--policies", POLICIES.join()];

Deno.test("benchmark: one command plays every policy of the ladder", async () => {
  await inFolder(async (parent) => {
    const args = ["--timesteps", "700", "--days", "7", "--seeds", "2", "--out", parent];
    const { code, stdout, stderr } = await runTask("benchmark", args);
    assertEquals(code, 0, stderr);
    const ladder = JSON.parse(await Deno.readTextFile(`${parent}/ladder.json`));
    const policies = ladder.rows.map((row: { policy: string }) => row.policy);
    assertEquals(policies.toSorted(), LADDER_POLICIES.toSorted());
    for (const { policy, captured } of ladder.rows) {
      assert(captured <= 1 + 1e-9, `${policy} captures ${captured}`);
      assertMatch(stdout, new RegExp(`^${policy} +\\d`, "m"));
    }
    assertEquals(ladder.targets.length, 10);
  });
});

Deno.test("benchmark: one command leaves a ladder, and the next one uses its models again", async () => {
  await inFolder(async (parent) => {
    const args = [...SHORT, "--days", "7", "--seeds", "2", "--out", parent];
    const { code, stdout, stderr } = await runTask("benchmark", args);
    assertEquals(code, 0, stderr);
    assertEquals(await names(parent), [...FILES, "imitation", "seed-42", "seed-43"].sort());
    const ladder = JSON.parse(await Deno.readTextFile(`${parent}/ladder.json`));
    const policies = ladder.rows.map((row: { policy: string }) => row.policy);
    assertEquals(policies.toSorted(), POLICIES.toSorted());
    for (const { policy, captured, capturedLow, capturedHigh, seeds } of ladder.rows) {
      assertEquals(seeds, policyNames.includes(policy) ? 1 : 2);
      assert(capturedLow <= captured && captured <= capturedHigh, policy);
      assert(captured <= 1 + 1e-9, `${policy} captures ${captured}`);
      assertMatch(stdout, new RegExp(`^${policy} +\\d`, "m"));
    }
    assertEquals(ladder.targets.length, 10);
    assertEquals(ladder.comparison.policy, "learned");
    assertEquals(ladder.trainings.map(({ seed }: { seed: number }) => seed), [42, 43]);
    const markdown = await Deno.readTextFile(`${parent}/ladder.md`);
    assertMatch(markdown, /^\| optimum \| 1 \| [\d.]+ \| 100\.0 \|/m);
    assertStringIncludes(markdown, "on the same episodes: ");

    const again = await runTask("benchmark", [...args, "--json"]);
    assertEquals(again.code, 0, again.stderr);
    assertStringIncludes(again.stderr, `Model of seed 43: ${parent}/seed-43/`);
    const timeless = (text: string) =>
      JSON.parse(
        text,
        (key, value) => ["microsecondsPerDecision", "targets"].includes(key) ? null : value,
      );
    assertEquals(timeless(again.stdout), timeless(JSON.stringify(ladder)));

    const other = await runTask("benchmark", [
      "--timesteps",
      "800",
      "--seeds",
      "1",
      "--out",
      parent,
    ]);
    assertEquals(other.code, 1);
    assertStringIncludes(
      other.stderr,
      `${parent}/seed-42 was trained with ppo.totalTimesteps 700, not 800; remove that folder`,
    );
  });
});

Deno.test("evaluate --seeds: trains what is missing, loads what is there, and says how sure it is", async () => {
  await inFolder(async (parent) => {
    const stem = `${parent}/run`, homes = await fewWeeks(`${parent}/homes`);
    const common = [
      ...["--data", homes, "--days", "7", "--model", stem],
      ...["--policies", "grid-only,learned,dynamic-programming", "--out", `${parent}/out`],
    ];
    const { code, stdout, stderr } = await runTask("evaluate", [
      ...common,
      ...["--seeds", "2", "--timesteps", "700"],
    ]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, `into ${stem}-seed43/`);
    assertMatch(stdout, /^learned +\d/m);
    assertStringIncludes(stdout, "on the same episodes: ");
    const summary = JSON.parse(await Deno.readTextFile(`${parent}/out/summary.json`));
    assertEquals(
      summary.policies.map(({ policy }: { policy: string }) => policy),
      ["grid-only", "learned-seed42", "learned-seed43", "dynamic-programming"],
    );
    for (const { captured } of summary.policies) assert(captured <= 1 + 1e-9);
    const [learned] = summary.rows.filter(({ policy }: { policy: string }) => policy === "learned");
    const [, a, b] = summary.policies;
    assertAlmostEquals(learned.captured, (a.captured + b.captured) / 2, 1e-9);

    // Without --timesteps the missing one is trained as those that are there.
    const more = await runTask("evaluate", [...common, "--seeds", "3"]);
    assertEquals(more.code, 0, more.stderr);
    assertStringIncludes(more.stdout, `Model of seed 42: ${stem}-seed42/`);
    assertStringIncludes(more.stdout, `for 700 timesteps`);
    assertStringIncludes(more.stdout, `into ${stem}-seed44/`);

    const others = await fewWeeks(`${parent}/others`, 5);
    const larger = await runTask("evaluate", [
      ...["--model", `${stem}-seed42`, "--data", others, "--days", "2", "--policies", "learned"],
      ...["--out", `${parent}/out`, "--json"],
    ]);
    assertEquals(JSON.parse(larger.stdout).policies[0].residualViolations, 0, larger.stderr);

    const otherData = await runTask("evaluate", [
      ...["--seeds", "1", "--data", others, "--model", stem, "--out", `${parent}/out`],
    ]);
    assertStringIncludes(otherData.stderr, `${stem}-seed42 was trained on other data`);
  });
});

Deno.test("benchmark: pareto leaves front and points", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/out`;
    const args = [
      ...["--prosumers", "3", "--days", "7", "--policies", "optimum,dynamic-programming"],
      ...["--out", out, "--json"],
    ];
    const { code, stdout, stderr } = await runTask("benchmark", ["--setup", "pareto", ...args]);
    assertEquals(code, 0, stderr);
    assertEquals(await names(out), [
      "carbon_budgets.csv",
      "pareto.csv",
      "pareto.png",
      "pareto.svg",
      "provenance.json",
    ]);
    const { points, budgets } = JSON.parse(stdout);
    const rows = (await Deno.readTextFile(`${out}/pareto.csv`)).trimEnd().split("\n");
    assertEquals(rows.length, 1 + points.length);
    assertEquals(points.length, 3 * 10 * 2);
    assertEquals(budgets.length, 4);
    const faulty = await runTask("benchmark", ["--setup", "pareto", "--days", "700", "--out", out]);
    assertMatch(faulty.stderr, /^error: --days must be at most 84[^\n]+\n$/);
  });
});

Deno.test("benchmark --exploit: what each home gains, and what a market of learners costs", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/out`;
    const args = [
      ...["--exploit", "--model", "data/models/R1", "--seeds", "1", "--timesteps", "400"],
      ...["--days", "7", "--homes", "10", "--mechanisms", "uniform-price,pay-as-bid"],
      ...["--out", out, "--json"],
    ];
    const { code, stdout, stderr } = await runTask("benchmark", args);
    assertEquals(code, 0, stderr);
    assertEquals(await names(out), [
      "best_responses.csv",
      "exploit.json",
      "exploit.png",
      "exploit.svg",
      "provenance.json",
      "selfish_markets.csv",
    ]);
    const { responses, markets, largestTrainedGain, met } = JSON.parse(stdout);
    assertEquals(responses.length, 7 * 2);
    const trained = responses.filter(({ response }: { response: string }) =>
      response === "trained"
    );
    const gains = trained.map(({ gainOfSaving }: { gainOfSaving: number }) => gainOfSaving);
    assertEquals(largestTrainedGain, Math.max(...gains));
    assertEquals(met, largestTrainedGain <= 0.06);
    assertEquals(
      markets.map((row: Record<string, string>) => [row.mechanism, row.homesAre].join()),
      ["uniform-price", "pay-as-bid"].flatMap((name) => [`${name},truthful`, `${name},selfish`]),
    );
    for (const row of markets.filter((row: Record<string, string>) => row.homesAre === "selfish")) {
      const before = markets[markets.indexOf(row) - 1];
      assertAlmostEquals(row.costPerDay - before.costPerDay, row.lossPerDay, 1e-9);
    }
  });
});
