/// <reference lib="dom" />

import { assert, assertEquals, assertLess } from "@std/assert";
import { takeAwayFile } from "../../lib/live/day_files.ts";
import { Engine } from "../../lib/live/engine.ts";
import { MachineSources } from "../../lib/live/machine_sources.ts";
import { browserTest } from "../helpers/browser.ts";
import { counted } from "../helpers/realtime.ts";
import { runTask, succeeds } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const LARGEST_BYTES = 1_100_000, LARGEST_WITH_PLANNERS_BYTES = 2_800_000;

Deno.test("page file: it is small, and a policy that it cannot carry is one clear line", async () => {
  await inFolder(async (folder) => {
    await succeeds("realtime", ["--model", "data/models/R1", "--page", `${folder}/day.html`]);
    const { size } = await Deno.stat(`${folder}/day.html`);
    assertLess(size, LARGEST_BYTES);
    const mine = `${folder}/mine.ts`;
    await Deno.writeTextFile(mine, "export default { name: 'mine', begin: () => () => {} };");
    for (
      const [args, message] of [
        [["--policies", mine, "--page", `${folder}/none.html`], "error: a page cannot carry mine;"],
        [["--planners"], "error: --planners is of a page that is written;"],
      ] as const
    ) {
      const refused = await runTask("realtime", args);
      assertEquals(refused.code, 1);
      assertEquals(refused.stderr.trim().split("\n").length, 1);
      assert(refused.stderr.startsWith(message), refused.stderr);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "day.html",
      "mine.ts",
    ]);
  });
});

browserTest(
  "page file: it plays from a folder, asks for nothing, and its day is the server's byte for byte",
  async (browser) => {
    await inFolder(async (folder) => {
      await succeeds("realtime", ["--model", "data/models/R1", "--page", `${folder}/day.html`]);
      const page = await browser.newPage();
      const asked: string[] = [], said: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", ({ message }) => said.push(message));
      const address = `file://${await Deno.realPath(folder)}/day.html`;
      await page.goto(address);
      await page.waitForFunction(() => document.body.classList.contains("playing"));
      await page.waitForFunction(() => Number(document.body.dataset.received) > 0);
      assert(!(await page.textContent("#status"))!.includes("nothing has been played"));
      const moment = "policy=learned:data/models/R1&day=2025-06-21&prosumers=10&seed=7&step=24";
      await page.goto(`${address}?${moment}`);
      await page.waitForFunction(() => document.getElementById("time")?.textContent === "24:00");
      await page.click("summary:has-text('Take away')");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
      const csv = await Deno.readTextFile(await download.path());
      const sources = new MachineSources({});
      const engine = new Engine(sources, counted(), takeAwayFile);
      const { run } = await engine.open({ query: moment, run: null, reload: false });
      assertEquals(csv, (await engine.takeAway(run, "day.csv")).body);
      // A planner's day is the server's too, and what is captured of the optimum is there.
      await succeeds("realtime", ["--policies", "mpc", "--page", `${folder}/plans.html`]);
      assertLess((await Deno.stat(`${folder}/plans.html`)).size, LARGEST_WITH_PLANNERS_BYTES);
      const planned = "policy=mpc&day=2025-01-15&prosumers=3&seed=7&step=24";
      await page.goto(`${address.replace("day.html", "plans.html")}?${planned}`);
      await page.waitForFunction(() => document.getElementById("time")?.textContent === "24:00");
      const captured = Number.parseFloat(await page.textContent("#captured") ?? "");
      assert(captured > 50 && captured <= 100, `${captured} % captured`);
      await page.click("summary:has-text('Take away')");
      const [plan] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
      const own = await engine.open({ query: planned, run: null, reload: false });
      assertEquals(
        await Deno.readTextFile(await plan.path()),
        (await engine.takeAway(own.run, "day.csv")).body,
      );
      sources.close();
      // The Worker is a part of the page.
      const outside = asked.filter((url) => !/^(file:|blob:|data:)/.test(url));
      assertEquals([outside, said], [[], []]);
      const body = await page.evaluate(() => document.body.innerText);
      assert(!body.includes("models/R1"), "names are for people");
    });
  },
);
