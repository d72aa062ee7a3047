/// <reference lib="dom" />

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { synthesize } from "../../lib/data/synthetic.ts";
import { applyScenario } from "../../lib/data/scenarios.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { evaluate } from "../../lib/evaluation/evaluate.ts";
import { createPolicy } from "../../lib/policies/catalog.ts";
import { createSolver } from "../../lib/policies/solver.ts";
import { browserTest, dashboardTest, openPage, startDashboard } from "../helpers/browser.ts";
import { addressOf } from "../helpers/realtime.ts";
import { inFolder } from "../helpers/two_homes.ts";

const text = async (page: Page, selector: string) =>
  (await page.locator(selector).first().textContent() ?? "").trim();

/** The cells of a row of the table of figures, as numbers. */
async function row(page: Page, name: string): Promise<number[]> {
  const cells = await page.locator(`#row-${name} td`).allTextContents();
  return cells.map((cell) => Number(cell.replace("−", "-").replaceAll(",", "")));
}

async function playDay(page: Page): Promise<void> {
  await setSpeed(page, 3);
  await page.click("#play");
  await page.waitForFunction(() =>
    document.getElementById("status")!.textContent!.includes("over")
  );
}

async function setSpeed(page: Page, logarithm: number): Promise<void> {
  await page.locator("#speed").evaluate((element, value) => {
    (element as HTMLInputElement).value = String(value);
    element.dispatchEvent(new Event("input"));
  }, logarithm);
}

async function evaluated(names: readonly string[], prosumers = 4, scenario = "none") {
  const dataset = applyScenario(
    synthesize({ seed: 1, prosumers, days: 365, dtHours: 1 }),
    scenario as "none",
  );
  using solver = createSolver({ workers: 1 });
  const policies = names.map((name) => createPolicy(name, { seed: 42, solver }));
  // 15 January.
  const day = { ...config, episodeDays: 1 };
  const options = { dataset, config: day, firstSlots: [14 * 24], seed: 42 };
  return (await evaluate(options, policies)).summary;
}

dashboardTest("a whole day ends at the cent where evaluate ends", async (browser, { url }) => {
  const names = ["self-consumption", "mpc", "grid-only", "optimum"];
  const { page, faults } = await openPage(browser, `${url}${addressOf(0, "&compare=mpc")}`);
  await playDay(page);
  const expected = (await evaluated(names)).map(({ costPerDay }) => costPerDay);
  assertEquals(await row(page, "cost"), expected.map((cost) => Number(cost.toFixed(2))));
  const saved = expected.slice(0, 2).map((cost) => (expected[2] - cost).toFixed(2));
  assertEquals((await text(page, "#saved")).replaceAll("−", "-"), `${saved.join(" / ")} EUR`);
  const captured = expected.slice(0, 2)
    .map((cost) => `${(100 * (expected[2] - cost) / (expected[2] - expected[3])).toFixed(0)} %`);
  assertEquals((await text(page, "#captured")).replaceAll("−", "-"), captured.join(" / "));
  for (const name of ["bill", "co2", "traded", "peak", "curtailed", "unserved", "interventions"]) {
    const [first, second] = await row(page, name);
    assert(Number.isFinite(first) && Number.isFinite(second), `${name}: ${first}, ${second}`);
  }
  assertEquals(await text(page, "#time"), "24:00");
  assertEquals(await page.locator("body").getAttribute("data-received"), "24");
  assertEquals(faults, []);
});

dashboardTest("an outage in the evening leaves load unserved", async (browser, { url }) => {
  const { page, faults } = await openPage(browser, `${url}${addressOf(20)}`);
  assertEquals(await row(page, "unserved"), [0, NaN, NaN].map((n) => Number.isNaN(n) ? 0 : n));
  await page.click('[data-intervene="outage"]');
  await page.waitForSelector("#incidents li");
  assertMatch(await text(page, "#incidents"), /^20:00 the grid fails for 3 h$/);
  for (const time of ["21:00", "22:00", "23:00"]) {
    await page.click("#step");
    await page.waitForFunction(
      (time) => document.getElementById("time")!.textContent === time,
      time,
    );
  }
  const [unserved] = await row(page, "unserved");
  assert(unserved > 0.1, `${unserved} kWh`);
  assertMatch(await text(page, "#log"), /outage: the grid connection carries nothing/);
  assertMatch(await text(page, "#log"), /scarcity: \d/);
  assertMatch(await text(page, "#status"), /the grid is down, \d+\.\d kWh not served/);
  assertEquals(await text(page, ".picture svg g:nth-of-type(2) text"), "no grid");
  await page.reload();
  await page.waitForSelector("body[data-drawn]");
  assertEquals((await row(page, "unserved"))[0], unserved);
  assertEquals(faults, []);
});

dashboardTest(
  "the address shows the same again: reload, other page, other server",
  async (browser, { url }) => {
    const { page } = await openPage(browser, `${url}${addressOf(9, "&compare=trade-only&home=2")}`);
    await page.click('[data-intervene="cloud"]');
    await page.waitForSelector("#incidents li");
    for (let step = 10; step <= 12; step++) {
      await page.click("#step");
      await page.waitForFunction(
        (time) => document.getElementById("time")!.textContent === time,
        `${step}:00`,
      );
    }
    const shown = async (page: Page) => ({
      cost: await row(page, "cost"),
      time: await text(page, "#time"),
      home: await text(page, "#home-detail table"),
      title: await text(page, "#h-home"),
      incidents: await text(page, "#incidents"),
      picture: await page.locator(".home-mark").first().getAttribute("aria-label"),
    });
    const before = await shown(page);
    assertEquals(before.title, "Home house-03");
    await page.waitForFunction(() => location.search.includes("step=12"));
    const address = page.url();
    assertMatch(address, /events=cloud@9/);
    await page.reload();
    await page.waitForSelector("body[data-drawn]");
    assertEquals(await shown(page), before);
    const second = await openPage(browser, address);
    assertEquals(await shown(second.page), before);
    await using later = await startDashboard();
    const elsewhere = await openPage(browser, address.replace(url, later.url));
    assertEquals(await shown(elsewhere.page), before);
  },
);

dashboardTest(
  "two pages see the same numbers, and one steers for both",
  async (browser, { url }) => {
    const first = (await openPage(browser, `${url}${addressOf(0)}`)).page;
    await first.waitForFunction(() => location.search.includes("run="));
    const second = (await openPage(browser, first.url())).page;
    await first.waitForFunction(() =>
      document.getElementById("subject")!.textContent!.includes("2 pages")
    );
    await playDay(second);
    await first.waitForFunction(() => document.getElementById("time")!.textContent === "24:00");
    for (const name of ["cost", "bill", "co2", "traded", "peak"]) {
      assertEquals(await row(first, name), await row(second, name));
    }
  },
);

dashboardTest("every control does what it says", async (browser, { url }) => {
  const { page, faults } = await openPage(browser, `${url}${addressOf(0)}`);
  const time = (wanted: string) =>
    page.waitForFunction(
      (wanted) => document.getElementById("time")!.textContent === wanted,
      wanted,
    );
  const address = (part: string) =>
    page.waitForFunction((part) => location.search.includes(part), part);
  await page.click("#step");
  await time("01:00");
  await page.click("#restart");
  await time("00:00");
  await setSpeed(page, 0.6);
  await address("speed=4");
  assertEquals(await text(page, "#speed-value"), "4 slots/s");
  await page.click("#play");
  await page.waitForFunction(() => document.getElementById("play")!.textContent === "Pause");
  await page.waitForFunction(() => document.getElementById("time")!.textContent! > "01:00");
  await page.click("#play");
  await page.waitForFunction(() => document.getElementById("play")!.textContent === "Play");
  const stopped = await text(page, "#time");
  await page.waitForTimeout(600);
  assertEquals(await text(page, "#time"), stopped);
  await page.selectOption("#policy", "time-of-use");
  await address("policy=time-of-use");
  await time("00:00");
  await page.selectOption("#compare", "trade-only");
  await address("compare=trade-only");
  await page.waitForFunction(() => document.querySelectorAll(".picture").length === 2);
  await page.selectOption("#scenario", "price-spike");
  await address("scenario=price-spike");
  await page.fill("#prosumers", "6");
  await page.locator("#prosumers").blur();
  await page.waitForFunction(() => document.querySelectorAll(".home-mark").length === 12);
  await page.fill("#seed", "7");
  await page.locator("#seed").blur();
  await address("seed=7");
  await page.fill("#day", "2025-06-21");
  await page.locator("#day").blur();
  await address("day=2025-06-21");
  assertMatch(await text(page, "#date"), /Sat 21 June 2025, summer|Sat, 21 June 2025, summer/);
  await page.selectOption("#at-end", "next-day");
  await address("end=next-day");
  await page.selectOption("#data", "data/sample");
  await address("data=data/sample");
  assertEquals(await page.locator("#prosumers").isDisabled(), true);
  await page.selectOption("#data", "synthetic");
  await address("data=synthetic");
  for (const kind of ["cloud", "outage", "tariff-jump", "battery-failure"]) {
    await page.click(`[data-intervene="${kind}"]`);
    await page.waitForFunction(
      (kind) => new URLSearchParams(location.search).get("events")?.includes(kind),
      kind,
    );
  }
  assertEquals(await page.locator("#incidents li").count(), 4);
  // Buttons of cars are there with cars.
  assertEquals(await page.locator("#cars-befallen").isHidden(), true);
  await page.fill("#cars", "2");
  await page.locator("#cars").blur();
  await address("cars=2");
  await page.click('[data-intervene="charger-failure"]');
  await page.waitForFunction(() =>
    new URLSearchParams(location.search).get("events") === "charger-failure@0:house-01"
  );
  await page.locator(".home-mark").nth(1).click();
  await page.waitForFunction(() =>
    document.getElementById("h-home")!.textContent === "Home house-02"
  );
  await page.selectOption("#home", "");
  await page.waitForFunction(() => document.getElementById("h-home")!.textContent === "Home");
  assertEquals(faults, []);
});

dashboardTest("it can be worked with keys alone", async (browser, { url }) => {
  const { page } = await openPage(browser, `${url}${addressOf(0)}`);
  await page.keyboard.press("s");
  await page.waitForFunction(() => document.getElementById("time")!.textContent === "01:00");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.getElementById("play")!.textContent === "Pause");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.getElementById("play")!.textContent === "Play");
  await page.keyboard.press("+");
  await page.waitForFunction(() =>
    /[^2] slots/.test(document.getElementById("speed-value")!.textContent!)
  );
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.getElementById("time")!.textContent === "00:00");
  await page.locator(".home-mark").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    document.getElementById("h-home")!.textContent === "Home house-02"
  );
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, a, [role=button], [role=img]")]
      .filter((element) => {
        const labels = (element as HTMLInputElement).labels;
        return !(element.textContent?.trim() || element.getAttribute("aria-label") ||
          labels?.length);
      }).map(({ outerHTML }) => outerHTML)
  );
  assertEquals(unnamed, []);
});

dashboardTest("what a page takes away is what it shows", async (browser, { url }) => {
  const { page } = await openPage(browser, `${url}${addressOf(24)}`);
  await page.click("summary:has-text('Take away')");
  const take = async (selector: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
    const file = await download.path();
    return { name: download.suggestedFilename(), bytes: await Deno.readFile(file) };
  };
  const csv = await take("#csv");
  assertEquals(csv.name, "2025-01-15-self-consumption-day.csv");
  const lines = new TextDecoder().decode(csv.bytes).trim().split("\n");
  assertEquals(lines.length, 1 + 24 * 4);
  const png = await take("#figures button[aria-label='Grid as PNG']");
  assertEquals([...png.bytes.subarray(1, 4)], [80, 78, 71]);
  const svg = await take("#figures button[aria-label='Prices as SVG']");
  assertMatch(new TextDecoder().decode(svg.bytes), /^<svg/);
});

browserTest("browser: names of folders and data sets stay text in the page", async (browser) => {
  await inFolder(async (parent) => {
    const folder = `${parent}/<i data-marker=1>"'><b>`;
    await Deno.mkdir(folder);
    for (const file of ["community.json", "profiles.csv"]) {
      await Deno.copyFile(`data/sample/${file}`, `${folder}/${file}`);
    }
    await using dashboard = await startDashboard(["--data", folder]);
    // The usual day begins by itself only where motion is welcome.
    const still = { reducedMotion: "reduce" } as const;
    const { page, faults } = await openPage(browser, dashboard.url, still);
    await page.click("#step");
    await page.waitForFunction(() => document.getElementById("time")!.textContent === "01:00");
    assert((await page.locator("#data").textContent())!.includes("<i data-marker=1>"));
    assertEquals(await page.locator("[data-marker], i, b").count(), 0);
    assertEquals(faults, []);
  });
});

browserTest(
  "browser: a wrong address is said to be wrong, and the page still works",
  async (browser) => {
    await using dashboard = await startDashboard();
    const { page } = await openPage(browser, `${dashboard.url}?policy=mcp&day=2025-01-15`);
    assertMatch(await text(page, "#alert"), /got "mcp"; did you mean mpc\?/);
    await page.click("#step");
    await page.waitForFunction(() => document.getElementById("time")!.textContent === "01:00");
  },
);

for (
  const [width, scheme] of [[390, "light"], [390, "dark"], [1440, "light"], [1440, "dark"]] as const
) {
  dashboardTest(`nothing overflows at ${width} pixels, ${scheme}`, async (browser, { url }) => {
    const query = addressOf(20, "&compare=time-of-use&home=1&events=outage@12");
    const { page, faults } = await openPage(browser, `${url}${query}`, {
      viewport: { width, height: 844 },
      colorScheme: scheme,
      reducedMotion: "reduce",
    });
    await page.waitForTimeout(500);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assertEquals(wide, width);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red] = background.match(/\d+/g)!.map(Number);
    assertEquals(red > 128, scheme === "light");
    const moving = await page.evaluate(() => document.getAnimations().length);
    assertEquals(moving, 0);
    assertEquals(faults, []);
  });
}
