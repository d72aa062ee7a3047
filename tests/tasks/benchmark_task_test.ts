import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { writeDataset } from "../../lib/data/dataset.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { policyNames } from "../../lib/policies/catalog.ts";
import { runTask } from "../helpers/run_task.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

const FILES = [
  "captured.png",
  "captured.svg",
  "evaluation_results.csv",
  "ladder.csv",
  "ladder.json",
  "ladder.md",
  "prosumers.csv",
  "provenance.json",
  "summary.csv",
  "summary.json",
];
const SHORT = ["--timesteps", "700", "--days", "2"];

Deno.test("benchmark: one command leaves the whole ladder, and the next one uses its models again", async () => {
  await inFolder(async (parent) => {
    const args = [...SHORT, "--seeds", "2", "--out", parent];
    const { code, stdout, stderr } = await runTask("benchmark", args);
    assertEquals(code, 0, stderr);
    assertEquals(await names(parent), [...FILES, "seed-42", "seed-43"].sort());
    const ladder = JSON.parse(await Deno.readTextFile(`${parent}/ladder.json`));
    const policies = ladder.rows.map((row: { policy: string }) => row.policy);
    assertEquals(policies.toSorted(), [...policyNames, "learned"].toSorted());
    for (const { policy, captured, capturedLow, capturedHigh, seeds } of ladder.rows) {
      assertEquals(seeds, policy === "learned" ? 2 : 1);
      assert(capturedLow <= captured && captured <= capturedHigh, policy);
      assert(captured <= 1 + 1e-9, `${policy} captures ${captured}`);
      assertMatch(stdout, new RegExp(`^${policy} +\\d`, "m"));
    }
    assertEquals(ladder.targets.length, 6);
    assertEquals(ladder.comparison.other, "mpc");
    assertEquals(ladder.trainings.map(({ seed }: { seed: number }) => seed), [42, 43]);
    const markdown = await Deno.readTextFile(`${parent}/ladder.md`);
    assertMatch(markdown, /^\| optimum \| 1 \| [\d.]+ \| 100\.0 \|/m);
    assertStringIncludes(markdown, "learned against mpc on the same days");

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
    const homes = `${parent}/homes`;
    await writeDataset(synthesize({ seed: 5, prosumers: 17, days: 8, dtHours: 1 }), homes);
    const out = `${parent}/out`;
    const args = ["--setup", "R2", "--timesteps", "700", "--seeds", "1", "--out", out];
    const { code, stderr, stdout } = await runTask("benchmark", [...args, "--data", homes]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "R2: 17 homes");
    const community = JSON.parse(await Deno.readTextFile(`${out}/data/community.json`));
    for (const { battery } of community.prosumers) {
      if (battery !== null) assertEquals(battery.chargeEfficiency, Math.sqrt(0.9));
    }
    await Deno.remove(homes, { recursive: true });
    assertEquals((await runTask("benchmark", args)).code, 0);
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
  [["--setup", "r1"], "--setup must be one of R1, R2, transfer, ablation, pareto, city"],
  [
    ["--setup", "R1", "--data", "data/sample"],
    "--data goes with the set-up R2 or pareto, not with R1",
  ],
  [["--setup", "city", "--timesteps", "9"], "--timesteps goes with the set-up R1 or R2"],
  [["--setup", "R2", "--data", "no/such/homes"], "import-citylearn"],
  [["--seeds", "0"], "--seeds must be a whole number of at least 1"],
  [["--days", "400", ...["--timesteps", "700"]], "--days must be at most 72"],
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

Deno.test("benchmark: pareto leaves front and points", async () => {
  await inFolder(async (parent) => {
    const out = `${parent}/out`;
    const args = ["--prosumers", "3", "--days", "2", "--out", out, "--json"];
    const { code, stdout, stderr } = await runTask("benchmark", ["--setup", "pareto", ...args]);
    assertEquals(code, 0, stderr);
    assertEquals(await names(out), ["pareto.csv", "pareto.png", "pareto.svg", "provenance.json"]);
    const { points } = JSON.parse(stdout);
    const rows = (await Deno.readTextFile(`${out}/pareto.csv`)).trimEnd().split("\n");
    assertEquals(rows.length, 1 + points.length);
    assertEquals(points.length, 2 * 10 * 2);
    const faulty = await runTask("benchmark", ["--setup", "pareto", "--days", "400", "--out", out]);
    assertMatch(faulty.stderr, /^error: --days must be at most 72[^\n]+\n$/);
  });
});

Deno.test("evaluate --seeds: trains what is missing, loads what is there, and says how sure it is", async () => {
  await inFolder(async (parent) => {
    const stem = `${parent}/run`;
    const common = [
      ...["--prosumers", "3", "--days", "3", "--model", stem],
      ...["--policies", "grid-only,learned,mpc", "--out", `${parent}/out`],
    ];
    const { code, stdout, stderr } = await runTask("evaluate", [
      ...common,
      ...["--seeds", "2", "--timesteps", "700"],
    ]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, `into ${stem}-seed43/`);
    assertMatch(stdout, /^learned +\d/m);
    assertStringIncludes(stdout, "learned against mpc on the same days");
    const summary = JSON.parse(await Deno.readTextFile(`${parent}/out/summary.json`));
    assertEquals(
      summary.policies.map(({ policy }: { policy: string }) => policy),
      ["grid-only", "learned-seed42", "learned-seed43", "mpc"],
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

    const larger = await runTask("evaluate", [
      ...["--model", `${stem}-seed42`, "--prosumers", "5", "--days", "2", "--policies", "learned"],
      ...["--out", `${parent}/out`, "--json"],
    ]);
    assertEquals(JSON.parse(larger.stdout).policies[0].residualViolations, 0, larger.stderr);

    const otherData = await runTask("evaluate", [
      ...["--seeds", "1", "--prosumers", "4", "--model", stem, "--out", `${parent}/out`],
    ]);
    assertStringIncludes(otherData.stderr, `${stem}-seed42 was trained on other data`);
  });
});
