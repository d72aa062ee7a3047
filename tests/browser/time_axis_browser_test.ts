/// <reference lib="dom" />

import { assert, assertEquals, assertMatch } from "@std/assert";
import { dashboardTest, openPage } from "../helpers/browser.ts";
import { addressOf } from "../helpers/realtime.ts";

dashboardTest(
  "the time axis looks back over what was played, in every chart, and changes nothing",
  async (browser, dashboard) => {
    const address = addressOf(14, "&compare=time-of-use&home=1&events=cloud@9,outage@12");
    const { page, faults } = await openPage(browser, `${dashboard.url}${address}`);
    const text = async (selector: string) =>
      (await page.locator(selector).first().textContent() ?? "").trim();
    const time = (wanted: string) =>
      page.waitForFunction(
        (wanted) => document.getElementById("time")!.textContent === wanted,
        wanted,
      );
    const csv = async () => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
      return await Deno.readTextFile(await download.path());
    };
    const shown = async () => ({
      cost: await text("#row-cost"),
      home: await text("#home-table"),
      picture: await page.locator(".home-mark").first().getAttribute("aria-label"),
      price: await text("#price-words"),
    });
    await page.click("summary:has-text('Take away')");
    const before = await shown(), csvBefore = await csv();

    // What was is what a day shows that has got no further.
    const earlier = await openPage(
      browser,
      `${dashboard.url}${addressOf(10, "&compare=time-of-use&home=1&events=cloud@9")}`,
    );
    const then = {
      cost: (await earlier.page.locator("#row-cost").textContent())!.trim(),
      home: (await earlier.page.locator("#home-table").textContent())!.trim(),
      picture: await earlier.page.locator(".home-mark").first().getAttribute("aria-label"),
      price: (await earlier.page.locator("#price-words").textContent())!.trim(),
    };
    await page.locator("#timeline").focus();
    for (let step = 13; step >= 10; step--) await page.keyboard.press("ArrowLeft");
    await time("10:00");
    await page.waitForFunction(
      (wanted) => document.querySelector(".home-mark")!.getAttribute("aria-label") === wanted,
      then.picture,
    );
    assertEquals(await shown(), then);
    assertEquals(await text("#now"), "Back to 14:00");
    await page.waitForFunction(() => location.search.includes("step=10"));
    assertEquals(new URL(page.url()).searchParams.get("events"), "cloud@9");
    assertEquals(await csv(), csvBefore);

    // One line through all charts, with values.
    const prices = page.locator("#chart-prices");
    await prices.scrollIntoViewIfNeeded();
    const { x, y, width } = (await prices.boundingBox())!;
    const at = (hour: number) => x + 44 + (width - 56) * (hour + 0.5) / 24;
    await page.mouse.move(at(6), y + 100);
    await page.waitForFunction(() =>
      document.querySelector("#chart-grid .when")!.textContent === "06:00–07:00"
    );
    for (const chart of ["prices", "grid", "batteries", "money", "carbon", "home"]) {
      const readout = page.locator(`#chart-${chart} .readout`);
      assertEquals(await readout.locator(".when").textContent(), "06:00–07:00", chart);
      assert(await readout.locator("b").count() > 0, chart);
    }
    const bought = /import price0\.\d{3}/;
    assertMatch(await text("#chart-prices .readout"), bought);
    await page.mouse.down();
    await page.mouse.up();
    await time("07:00");

    // Every incident is a band, and so is the night.
    const bands = page.locator("#chart-prices svg [aria-label=rect]");
    assertEquals(await bands.count(), 4);
    assertMatch(await text("#chart-prices svg"), /no grid.*cloud/);

    await page.keyboard.press("Escape");
    await time("14:00");
    assertEquals(await shown(), before);
    assertEquals(await page.locator("#now").isHidden(), true);
    await page.click("#step");
    await time("15:00");
    assertEquals(faults, []);
  },
);
