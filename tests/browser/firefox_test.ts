import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { takeAwayFile } from "../../lib/live/day_files.ts";
import { Engine } from "../../lib/live/engine.ts";
import { MachineSources } from "../../lib/live/machine_sources.ts";
import { FIREFOX, startFirefox } from "../helpers/firefox.ts";
import { counted } from "../helpers/realtime.ts";
import { succeeds } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

if (FIREFOX === null) {
  console.log("No Firefox in /usr/bin: nothing is tested in it (ignored below).");
}

/** The day's file by what the page's own button makes. */
const TAKEN = `await new Promise((resolve) => {
  const before = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    void blob.text().then(resolve);
    return before.call(URL, blob);
  };
  document.getElementById("csv").click();
})`;

Deno.test({
  name:
    "page file: in Firefox it plays, asks for nothing, complains of nothing, and plays the same day",
  ignore: FIREFOX === null,
  fn: () =>
    inFolder(async (folder) => {
      await succeeds("realtime", ["--model", "data/models/R1", "--page", `${folder}/day.html`]);
      const address = `file://${await Deno.realPath(folder)}/day.html`;
      await using tab = await startFirefox();
      await tab.open(address);
      await tab.until(`document.body.classList.contains("playing")`);
      await tab.until(`Number(document.body.dataset.received) > 2`);
      const moment = "policy=learned:data/models/R1&day=2025-06-21&prosumers=10&seed=7&step=24";
      await tab.open(`${address}?${moment}`);
      await tab.until(`document.getElementById("time").textContent === "24:00"`);
      const sources = new MachineSources({});
      const engine = new Engine(sources, counted(), takeAwayFile);
      const { run } = await engine.open({ query: moment, run: null, reload: false });
      assertSameDay(await tab.read(TAKEN), (await engine.takeAway(run, "day.csv")).body as string);
      await engine.close();
      sources.close();
      const outside = tab.asked.filter((url) => !/^(file:|blob:|data:|about:)/.test(url));
      assertEquals([outside, tab.said], [[], []]);
    }),
});

/** To the last digits but one or two: Firefox multiplies where others raise to a power. */
function assertSameDay(actual: string, expected: string): void {
  const [a, b] = [actual, expected].map((text) => text.trim().split("\n").map((l) => l.split(",")));
  assertEquals([a.length, a[0]], [b.length, b[0]]);
  assert(b.length === 241, `${b.length} lines`);
  b.forEach((row, k) =>
    row.forEach((cell, c) => {
      if (a[k][c] === cell) return;
      assertAlmostEquals(Number(a[k][c]), Number(cell), 1e-12, `line ${k + 1}, ${b[0][c]}`);
    })
  );
}
