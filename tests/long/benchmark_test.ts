import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { LADDER_POLICIES } from "../../lib/experiments/ladder_benchmark.ts";
import { runTask } from "../helpers/run_task.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

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
