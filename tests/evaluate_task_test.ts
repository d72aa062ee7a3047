import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { rulePolicyNames } from "../lib/policies/rule_based.ts";
import { inFolder, names } from "./helpers/two_homes.ts";
import { runTask } from "./helpers/run_task.ts";

Deno.test("evaluate: --json prints the summary and nothing else, and writes results", async () => {
  await inFolder(async (parent) => {
    const args = ["--json", "--days", "3", "--prosumers", "4", "--out", parent];
    const { code, stdout, stderr } = await runTask("evaluate", args);
    assertEquals([code, stderr], [0, ""]);
    const summary = JSON.parse(stdout);
    assertEquals(Object.keys(summary), ["policies"]);
    assertEquals(summary.policies.map((row: { policy: string }) => row.policy), rulePolicyNames);
    assertEquals(JSON.parse(await Deno.readTextFile(`${parent}/summary.json`)), summary);
    assertEquals(await names(parent), [
      "evaluation_results.csv",
      "prosumers.csv",
      "summary.csv",
      "summary.json",
    ]);
    const rows = (await Deno.readTextFile(`${parent}/evaluation_results.csv`)).trimEnd().split(
      "\n",
    );
    assertEquals(rows.length, 1 + rulePolicyNames.length * 3 * 24 * 4);
  });
});

Deno.test("evaluate: the same seed gives the same results in another process", async () => {
  await inFolder(async (parent) => {
    const results: string[] = [];
    for (const [out, seed] of [["a", "5"], ["b", "5"]]) {
      const args = ["--days", "2", "--seed", seed, "--out", `${parent}/${out}`];
      assertEquals((await runTask("evaluate", args)).code, 0);
      results.push(await Deno.readTextFile(`${parent}/${out}/evaluation_results.csv`));
    }
    assertEquals(results[0] === results[1], true);
  });
});

Deno.test("evaluate: a scenario changes what happens", async () => {
  await inFolder(async (parent) => {
    const args = ["--json", "--days", "2", "--policies", "grid-only", "--out", parent];
    const unserved = async (scenario: string) => {
      const { stdout } = await runTask("evaluate", [...args, "--scenario", scenario]);
      return JSON.parse(stdout).policies[0].unservedKwhPerDay;
    };
    assertEquals(await unserved("none"), 0);
    assertEquals(await unserved("outage") > 0, true);
  });
});

const faults: readonly [string[], string][] = [
  [["--policies", "greedy"], 'unknown policy "greedy"; did you mean'],
  [["--policies", "learned"], "train one with deno task train"],
  [["--scenario", "outge"], "did you mean outage?"],
  [["--split", "tset"], "did you mean test?"],
  [["--days", "1000"], "--days must be at most"],
  [["--model", "no/such/model"], "no/such/model is not a model folder"],
  [["--data", "data/sample", "--prosumers", "3"], "--prosumers goes with the embedded community"],
  [["--polices", "grid-only"], "did you mean --policies?"],
];
for (const [args, message] of faults) {
  Deno.test(`evaluate: ${args.join(" ")} is one clear line`, async () => {
    await inFolder(async (parent) => {
      const out = `${parent}/out`;
      const { code, stdout, stderr } = await runTask("evaluate", [...args, "--out", out]);
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^error: [^\n]+\n$/);
      assertStringIncludes(stderr, message);
      assertEquals(await names(parent), []);
    });
  });
}
