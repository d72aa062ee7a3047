import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { runTask, succeeds } from "../helpers/run_task.ts";
import { fewWeeks, inFolder, names } from "../helpers/two_homes.ts";

Deno.test("benchmark: R2 takes 17 homes from a folder and keeps them converted", async () => {
  await inFolder(async (parent) => {
    const homes = await fewWeeks(`${parent}/homes`, 17);
    const out = `${parent}/out`;
    const policies = ["grid-only", "dynamic-programming", "optimum"];
    const args = ["--setup", "R2", "--policies", policies.join(), "--days", "1", "--out", out];
    const { code, stderr, stdout } = await runTask("benchmark", [...args, "--data", homes]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "R2: 17 homes");
    const { rows } = JSON.parse(await Deno.readTextFile(`${out}/ladder.json`));
    assertEquals(rows.map(({ policy }: { policy: string }) => policy), policies);
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
