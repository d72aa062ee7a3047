import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask, succeeds } from "../helpers/run_task.ts";
import type { TaskName } from "../helpers/task_command.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

const page = await Deno.readTextFile(new URL("../../docs/bills.md", import.meta.url));
const commands = [...page.matchAll(/^deno task (\w+) (.*)$/gm)];

Deno.test("bills: the commands of docs/bills.md do what it says", async () => {
  assertEquals(commands.length, 4);
  await inFolder(async (parent) => {
    for (const [, task, words] of commands) {
      const args = words.replaceAll(/\breports\b/g, `${parent}/reports`).split(" ");
      await succeeds(task as TaskName, args);
    }
    const reports = `${parent}/reports`;
    assertEquals(
      (await names(reports)).filter((name) => !name.startsWith(".")),
      ["all", "bills-sample.csv", "bills-sample.html", "savings-sample.csv", "sizes"],
    );
    const html = await Deno.readTextFile(`${reports}/bills-sample.html`);
    assertMatch(
      html,
      /<strong>Scaled to a year from 4 days, a home (saves|loses) [\d,]+ EUR a year on average</,
    );
    for (const what of ["no battery", "5 kWh a home", "20 kWh a home", "0 violations"]) {
      assertStringIncludes(html, what);
    }
    const bills = (await Deno.readTextFile(`${reports}/all/bills.csv`)).trimEnd().split("\n");
    assertMatch(bills[0], /^policy,mechanism,prosumer,month,days,boughtFromGridKwh,/);
    const sizes = await Deno.readTextFile(`${reports}/sizes/battery_sizes.csv`);
    assertEquals(sizes.trimEnd().split("\n").length, 1 + 2 * 4);
  });
});

Deno.test("bills: evaluate takes the rules of a file for every policy", async () => {
  await inFolder(async (parent) => {
    const config = `${parent}/config.json`, out = `${parent}/out`;
    const args = ["--data", "data/sample", "--split", "all", "--policies", "trade-only"];
    const turnover = async () => {
      const [head, ...rows] = (await Deno.readTextFile(`${out}/bills.csv`)).trimEnd().split("\n");
      const at = head.split(",").indexOf("neighbourCost");
      return rows.reduce((sum, row) => sum + Number(row.split(",")[at]), 0);
    };
    await succeeds("evaluate", [...args, "--out", out]);
    assert(Math.abs(await turnover()) < 1e-9, "neighbours pay each other");
    const market = { networkFeePerKwh: 0.02 };
    await Deno.writeTextFile(config, JSON.stringify({ environment: { market } }));
    await succeeds("evaluate", [...args, "--config", config, "--out", out]);
    assert(await turnover() > 0.01, "and with a fee the network");
  });
});

Deno.test("bills: the tariffs of docs/bills.md are charged, to the page too", async () => {
  await inFolder(async (parent) => {
    const [, config] = /<!-- tariffs.*?```json\n(.*?)```/s.exec(page)!;
    await Deno.writeTextFile(`${parent}/tariffs.json`, config);
    const args = ["--data", "data/sample", "--config", `${parent}/tariffs.json`, "--out"];
    await succeeds("report", [...args, `${parent}/page`]);
    const html = await Deno.readTextFile(`${parent}/page/bills-sample.html`);
    assertStringIncludes(html, "0 violations");
    const [head, ...rows] = (await Deno.readTextFile(`${parent}/page/bills-sample.csv`)).trimEnd()
      .split("\n").map((line) => line.split(","));
    const charges = rows.filter(([sharing]) => sharing === "today")
      .map((row) => Number(row[head.indexOf("charges")]));
    assert(charges.every((charge) => charge > 0), charges.join());
  });
});

const refused: readonly [args: readonly string[], message: string][] = [
  [["--data", "data/sample", "--run", "x"], "--run and --data are two pages"],
  [["--vary", "battery=0,5"], "--vary goes with --data"],
  [["--data", "data/sample", "--vary", "battery=5,0"], "--vary must be battery="],
  [["--data", "data/sample", "--days", "9"], "--days must be at most"],
  [
    ["--data", "data/sample", "--only", "01"],
    "--only, --limit, --site and --pictures are about chapters; leave them out with --run or --data",
  ],
  [["--data", "no/such"], "no/such"],
];
for (const [args, message] of refused) {
  Deno.test(`bills: report ${args.join(" ")} is one line and leaves nothing`, async () => {
    await inFolder(async (parent) => {
      const out = `${parent}/out`;
      const { code, stderr } = await runTask("report", [...args, "--out", out]);
      assertEquals(code, 1, stderr);
      assertStringIncludes(stderr, message);
      const left = await names(out).catch(() => []);
      assertEquals(left.filter((name) => !name.startsWith(".")), []);
    });
  });
}
