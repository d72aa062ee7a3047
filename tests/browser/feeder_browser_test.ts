/// <reference lib="dom" />

import { assert, assertEquals, assertMatch } from "@std/assert";
import { browserTest, startDashboard } from "../helpers/browser.ts";
import { succeeds } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

browserTest(
  "feeder: homes with a network stand at their nodes, with voltages and with room around them",
  async (browser) => {
    await inFolder(async (folder) => {
      const data = `${folder}/feeder`;
      const made = ["--prosumers", "6", "--cars", "3", "--feeder", "rural", "--days", "3"];
      await succeeds("data", ["synthesize", ...made, "--out", data]);
      const { nodes } = JSON.parse(await Deno.readTextFile(`${data}/network.json`));
      await using dashboard = await startDashboard([
        "--data",
        data,
        "--policies",
        "charge-cheapest",
      ]);
      const page = await browser.newPage();
      const said: string[] = [];
      page.on("pageerror", ({ message }) => said.push(message));
      await page.goto(dashboard.url);
      await page.waitForFunction(() => document.querySelector(".feeder-node") !== null);
      if (await page.getByRole("button", { name: "Pause" }).count() > 0) {
        await page.getByRole("button", { name: "Pause" }).click();
      }
      await page.getByRole("button", { name: "Step" }).click();
      await page.waitForFunction(() =>
        /pu$/.test(document.querySelector(".feeder-words")?.textContent ?? "")
      );
      const seen = await page.evaluate(() => ({
        nodes: [...document.querySelectorAll(".feeder-node")].map((node) => node.textContent ?? ""),
        rooms: [...document.querySelectorAll(".room-import")].map((room) =>
          Number(room.getAttribute("stroke-dasharray")?.split(" ")[0])
        ),
        homes: document.querySelectorAll(".home-mark").length,
      }));
      assertEquals([seen.nodes.length, seen.homes, seen.rooms.length], [nodes.length, 6, 6]);
      for (const text of seen.nodes) assertMatch(text, /: (0\.9|1\.0)\d+ pu$/);
      assert(seen.rooms.every((share) => share > 0 && share <= 1), seen.rooms.join());
      assertEquals(said, []);
    });
  },
);
