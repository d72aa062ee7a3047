/// <reference lib="dom" />

import { assert, assertEquals, assertMatch } from "@std/assert";
import { dashboardTest, openPage } from "../helpers/browser.ts";
import { addressOf } from "../helpers/realtime.ts";

dashboardTest(
  "on a phone and at 900 pixels all is in reach, days add up, and a week goes along",
  async (browser, dashboard) => {
    const phone = await openPage(browser, `${dashboard.url}${addressOf(12)}`, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const within = async (selector: string, height: number) => {
      const box = await phone.page.locator(selector).first().boundingBox();
      assert(
        box !== null && box.y >= 0 && box.y + box.height <= height,
        `${selector} is out of reach`,
      );
    };
    assertEquals(await phone.page.locator("#policy").isVisible(), false);
    await phone.page.tap("#sheet");
    assertEquals(await phone.page.locator("#sheet").getAttribute("aria-expanded"), "true");
    await within("[data-intervene=cloud]", 844);
    await phone.page.tap("[data-intervene=cloud]");
    await phone.page.waitForSelector("#incidents li");
    await phone.page.locator("#policy").scrollIntoViewIfNeeded();
    await within("#policy", 844 - 55);
    await phone.page.tap("#sheet");
    assertEquals(await phone.page.locator("#policy").isVisible(), false);
    await phone.page.locator(".home-mark").first().tap();
    await phone.page.waitForSelector("body.home-open");
    await within("#h-home", 844);
    await phone.page.tap("#home-close");
    await phone.page.waitForSelector("body:not(.home-open)");
    assertEquals(await phone.page.evaluate(() => document.documentElement.scrollWidth), 390);

    const address = addressOf(24, "&compare=grid-only&end=week");
    const { page, faults } = await openPage(browser, `${dashboard.url}${address}`);
    for (const selector of ["[data-intervene=outage]", "#policy", "#compare", "#play"]) {
      const box = (await page.locator(selector).boundingBox())!;
      assert(box.y + box.height <= 900, `${selector} is out of reach`);
    }
    await page.locator(".home-mark").first().click();
    await page.waitForSelector("body.home-open");
    const [picture, home] = await Promise.all(
      [".community", ".home"].map((selector) => page.locator(selector).boundingBox()),
    );
    assert(
      home!.x >= picture!.x + picture!.width && home!.y === picture!.y,
      "beside the picture",
    );

    // A week in a row: six days before the last, which stops.
    await page.locator("#speed").evaluate((element) => {
      (element as HTMLInputElement).value = "3";
      element.dispatchEvent(new Event("input"));
    });
    await page.click("#play");
    await page.waitForFunction(() =>
      document.getElementById("days-text")!.textContent!.startsWith("6 days before") &&
      document.getElementById("status")!.textContent!.includes("over")
    );
    assertMatch(
      await page.locator("#days-text").textContent() ?? "",
      /self-consumption saved \d+\.\d\d EUR a day, \d+ % of what was possible, the cheapest on 6; grid-only saved 0\.00/,
    );
    assertEquals(await page.locator("#days-strip rect").count(), 12);
    await page.waitForFunction(() => location.search.includes("day=2025-01-21"));

    // The week that begins here, in a file that goes on by itself.
    await page.click("summary:has-text('Take away')");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("text=The week as a page"),
    ]);
    const file = `${await download.path()}`;
    const html = await Deno.readTextFile(file);
    assert(html.length < 2_800_000, `${html.length} characters`);
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/week.html`, html);
    const alone = await browser.newPage();
    await alone.goto(`file://${folder}/week.html`);
    await alone.waitForSelector("body[data-drawn]");
    assertEquals(await alone.inputValue("#at-end"), "week");
    assertEquals(await alone.inputValue("#day"), "2025-01-21");
    assertEquals(await alone.locator("#captured").isVisible(), true);
    await Deno.remove(folder, { recursive: true });
    assertEquals([phone.faults, faults], [[], []]);
  },
);
