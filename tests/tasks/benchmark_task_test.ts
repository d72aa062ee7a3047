import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { policyNames } from "../../lib/policies/catalog.ts";
import { runTask, succeeds } from "../helpers/run_task.ts";
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
/** What is quick to play; all of a ladder is played in `tests/long`. */
const POLICIES = ["grid-only", "dynamic-programming", "imitation", "learned", "optimum"];
const SHORT = ["--timesteps", "700", "--policies", POLICIES.join()];

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

Deno.test("benchmark: R2 takes 17 homes from a folder and keeps them converted", async () => {
  await inFolder(async (parent) => {
    const homes = await fewWeeks(`${parent}/homes`, 17);
    const out = `${parent}/out`;
    const args = ["--setup", "R2", ...SHORT, "--days", "7", "--seeds", "1", "--out", out];
    const { code, stderr, stdout } = await runTask("benchmark", [...args, "--data", homes]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "R2: 17 homes");
    const community = JSON.parse(await Deno.readTextFile(`${out}/data/community.json`));
    for (const { battery } of community.prosumers) {
      if (battery !== null) assertEquals(battery.chargeEfficiency, Math.sqrt(0.9));
    }
    await Deno.remove(homes, { recursive: true });
    await succeeds("benchmark", args);
  });
});

Deno.test("benchmark: other homes than R2's are one clear line", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/out`;
    const args = ["--setup", "R2", "--data", "data/sample", "--out", out];
    const { code, stderr } = await runTask("benchmark", args);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: the set-up R2 has 17 homes, but data\/sample has 3; [^\n]+\n$/);
  });
});

const faults: readonly [string[], string][] = [
  [
    ["--setup", "r1"],
    "--setup must be one of R1, R1-peak, R1-day-ahead, R1-days, R2, R3, R3-homes, W, first-edition, mechanisms",
  ],
  [
    ["--setup", "R1", "--data", "data/sample"],
    "--data goes with the set-up R2 or mechanisms or pareto, not with R1",
  ],
  [
    ["--setup", "city", "--timesteps", "9"],
    "--timesteps goes with the set-up R1 or R1-peak or R1-day-ahead or R1-days or R2",
  ],
  [["--setup", "R2", "--data", "no/such/homes"], "import-citylearn"],
  [["--seeds", "0"], "--seeds must be a whole number of at least 1"],
  [["--days", "700", ...["--timesteps", "700"]], "--days must be at most 84"],
  [["--mechanisms", "uniform"], "--mechanisms must be one of uniform-price"],
  [["--stup"], "did you mean --setup?"],
];
for (const [args, message] of faults) {
  Deno.test(`benchmark: ${args.join(" ")} is one clear line`, async () => {
    await inFolder(async (parent) => {
      const { code, stderr } = await runTask("benchmark", [...args, "--out", `${parent}/out`]);
      assertEquals(code, 1);
      assertMatch(stderr, /^error: [^\n]+\n$/);
      assertStringIncludes(stderr, message);
      assertEquals(await names(parent), []);
    });
  });
}

Deno.test("benchmark: mechanisms are put side by side, with what every home pays", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/out`;
    const homes = await fewWeeks(`${parent}/homes`);
    const args = ["--data", homes, "--policies", "self-consumption"];
    const chosen = ["--mechanisms", "uniform-price,pay-as-bid,grid-only"];
    const { code, stdout, stderr } = await runTask("benchmark", [
      ...args,
      ...chosen,
      ...["--out", out, "--json"],
    ]);
    assertEquals(code, 0, stderr);
    assertEquals(await names(out), [
      "mechanism_bills.csv",
      "mechanisms.csv",
      "mechanisms.png",
      "mechanisms.svg",
      "provenance.json",
    ]);
    const { mechanisms: rows, bills } = JSON.parse(stdout);
    const [uniform, bid, alone] = rows;
    assertEquals(rows.map(({ mechanism }: { mechanism: string }) => mechanism), [
      "uniform-price",
      "pay-as-bid",
      "grid-only",
    ]);
    // Who pays whom changes no sum; the stores of this rule follow no price.
    assertAlmostEquals(uniform.costPerDay, bid.costPerDay, 1e-9);
    assert(uniform.costPerDay < alone.costPerDay);
    assertEquals(bills.length, 3 * 3);
    for (const { mechanism, costPerDay } of rows) {
      const own = bills.filter((bill: { mechanism: string }) => bill.mechanism === mechanism);
      const sum = own.reduce((total: number, bill: { costPerDay: number }) => {
        return total + bill.costPerDay;
      }, 0);
      assertAlmostEquals(sum, costPerDay, 1e-9);
    }
  });
});

Deno.test("benchmark --exploit: what does not go with it is one clear line", async () => {
  for (
    const [args, refusal] of [
      [["--exploit", "--homes", "2,x"], /^error: --homes must be whole numbers .+ got x\n$/],
      [["--exploit", "--mechanisms", "grid-only"], /^error: --mechanisms must name rules .+\n$/],
      [["--exploit", "--setup", "W"], /^error: --setup must be one of R1, /],
      [["--exploit", "--policy", "mpc"], /^error: --policy goes with .+ not with R1 --exploit\n$/],
      [["--homes", "2"], /^error: --homes goes with --exploit, not with R1\n$/],
    ] as const
  ) {
    const { code, stderr } = await runTask("benchmark", [...args]);
    assertEquals(code, 1);
    assertMatch(stderr, refusal);
  }
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
