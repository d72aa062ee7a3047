import { assertAlmostEquals, assertEquals, assertLess, assertMatch } from "@std/assert";
import { writeDataset } from "../../lib/data/dataset.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { longTest } from "../helpers/cases.ts";
import { fewWeeks, inFolder, names } from "../helpers/two_homes.ts";
import { refuses, runTask, succeeds, testRefusals } from "../helpers/run_task.ts";

const SMALL = ["--json", "--prosumers", "3", "--days", "2"];

Deno.test("evaluate: --json prints the summary and nothing else, and writes results", async () => {
  await inFolder(async (parent) => {
    const args = ["--json", "--days", "7", "--prosumers", "4", "--out", parent];
    const { code, stdout, stderr } = await runTask("evaluate", args);
    assertEquals([code, stderr], [0, ""]);
    const summary = JSON.parse(stdout);
    assertEquals([Object.keys(summary), summary.currency], [["currency", "policies"], "EUR"]);
    assertEquals(summary.policies.map((row: { policy: string }) => row.policy), rulePolicyNames);
    assertEquals(JSON.parse(await Deno.readTextFile(`${parent}/summary.json`)), summary);
    for (const { policy, captured } of summary.policies) {
      assertEquals(policy === "grid-only" ? captured === 0 : captured < 1, true, policy);
    }
    assertEquals(await names(parent), [
      "bills.csv",
      "evaluation_results.csv",
      "prosumers.csv",
      "provenance.json",
      "summary.csv",
      "summary.json",
    ]);
    const rows = (await Deno.readTextFile(`${parent}/evaluation_results.csv`)).trimEnd().split(
      "\n",
    );
    assertEquals(rows.length, 1 + rulePolicyNames.length * 7 * 24 * 4);
  });
});

Deno.test("evaluate: planners run when asked for, and none costs less than the optimum", async () => {
  await inFolder(async (parent) => {
    const policies = ["zero-intelligence", "mpc-local", "mpc", "optimum-no-trade", "optimum"];
    const args = [...SMALL, "--policies", policies.join(), "--out", parent];
    const { code, stdout, stderr } = await runTask("evaluate", args);
    assertEquals([code, stderr], [0, ""]);
    const rows: { policy: string; costPerDay: number }[] = JSON.parse(stdout).policies;
    assertEquals(rows.map(({ policy }) => policy), policies);
    const [, , , , optimum] = rows;
    for (const { costPerDay } of rows) assertEquals(costPerDay >= optimum.costPerDay, true);
  });
});

longTest(
  "evaluate: with forecasts that do not err, mpc is the optimum, and worse ones cost",
  async () => {
    await inFolder(async (parent) => {
      const captured: number[] = [];
      for (const error of ["0", "1"]) {
        const args = ["--json", "--prosumers", "2", "--days", "1", "--policies", "mpc"];
        const { stdout } = await succeeds("evaluate", [
          ...[...args, "--forecast-error", error, "--out", parent],
        ]);
        captured.push(JSON.parse(stdout).policies[0].captured);
      }
      assertAlmostEquals(captured[0], 1, 1e-6);
      assertLess(captured[1], 0.99);
    });
  },
);

Deno.test("evaluate: a scenario changes what happens", async () => {
  await inFolder(async (parent) => {
    const homes = ["--data", await fewWeeks(`${parent}/homes`), "--days", "2"];
    const args = [...homes, "--policies", "grid-only", "--out", `${parent}/out`, "--json"];
    const unserved = async (scenario: string) => {
      const { stdout } = await runTask("evaluate", [...args, "--scenario", scenario]);
      return JSON.parse(stdout).policies[0].unservedKwhPerDay;
    };
    assertEquals(await unserved("none"), 0);
    assertEquals(await unserved("outage") > 0, true);
  });
});

testRefusals("evaluate", [
  [["--policies", "greedy"], "--policies must be some of grid-only, trade-only"],
  [["--policies", "learned"], "train one with deno task train"],
  [["--scenario", "outge"], "did you mean outage?"],
  [["--split", "tset"], "did you mean test?"],
  [["--days", "1000"], "--days must be at most"],
  [["--model", "no/such/model"], "no/such/model is not a model folder"],
  [["--data", "data/sample", "--prosumers", "3"], "--prosumers goes with the embedded community"],
  [["--data", "data/sample", "--cars", "1"], "--cars goes with the embedded community only; data/"],
  [["--heat-pumps", "11"], "--heat-pumps must be at most the number of homes, 10, got 11"],
  [["--timesteps", "700"], "--timesteps goes with --seeds"],
  [["--config", "no.json"], "no.json does not exist"],
  [["--flexibility"], "--flexibility is about cars, heat pumps and appliances, and there are none"],
  [["--vary", "battery=5"], "--vary must be battery= with 2 to 20 rising capacities"],
  [["--vary", "panels=1,2"], "--vary must be battery= with 2 to 20 rising capacities"],
  [["--seeds", "2", "--policies", "mpc"], "add learned to --policies"],
  [["--seeds", "1", "--config", "no/such.json"], "no/such.json does not exist"],
  [["--polices", "grid-only"], "did you mean --policies?"],
]);

Deno.test("evaluate: a long time in one piece has its optimum, and a longer one says why it has none", async () => {
  await inFolder(async (parent) => {
    const args = (homes: number, days: number, policies: string) => [
      ...[
        "--prosumers",
        `${homes}`,
        "--split",
        "all",
        "--days",
        `${days}`,
        "--out",
        `${parent}/out`,
      ],
      ...["--policies", policies],
    ];
    const short = await succeeds("evaluate", [...args(3, 40, "grid-only,optimum"), "--json"]);
    const shares = JSON.parse(short.stdout).policies.map(
      ({ captured, days }: { captured: number; days: number }) => [Math.round(captured), days],
    );
    assertEquals(shares, [[0, 40], [1, 40]]);
    const long = await succeeds("evaluate", [...args(12, 350, "grid-only"), "--json"]);
    assertMatch(
      long.stderr,
      /^There is no optimum of 350 days of 12 homes in one piece, captured stays empty[^\n]+\n$/,
    );
    assertEquals(JSON.parse(long.stdout).policies[0].captured, null);
    await refuses(
      "evaluate",
      args(12, 350, "optimum"),
      /of at most 31 days or 100000 slots × homes, got 350 days of 12 homes; leave it out/,
    );
  });
});

Deno.test("evaluate, benchmark: a data set that has changed since a model was trained on it is refused", () =>
  inFolder(async (parent) => {
    const homes = `${parent}/homes`, model = `${parent}/model`;
    const dataset = synthesize({ seed: 5, prosumers: 2, days: 21, dtHours: 1 });
    await writeDataset(dataset, homes);
    await succeeds("train", ["--data", homes, "--timesteps", "100", "--out", model]);
    dataset.profiles.loadKw[7] += 1;
    await writeDataset(dataset, homes);
    const judge = ["--model", model, "--days", "1", "--out", `${parent}/out`];
    for (const [task, setup] of [["evaluate", []], ["benchmark", ["--setup", "pareto"]]] as const) {
      await refuses(task, [...setup, ...judge], /^error: the data set \S+homes has changed since /);
    }
    assertEquals(await names(parent), ["homes", "model"]);
  }));
