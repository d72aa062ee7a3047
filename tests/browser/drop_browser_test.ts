/// <reference lib="dom" />

import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { dashboardTest, openPage } from "../helpers/browser.ts";
import { addressOf } from "../helpers/realtime.ts";

/** Drops a file onto the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(([name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
  }, [name, text] as const);
}

dashboardTest(
  "a file that is dropped is played with, or said to be none, and the page lives on",
  async (browser, dashboard) => {
    const { page } = await openPage(browser, `${dashboard.url}${addressOf(3)}`);
    const alert = (part: string) =>
      page.waitForFunction(
        (part) => document.getElementById("alert")!.textContent!.includes(part),
        part,
      );
    const address = (part: string) =>
      page.waitForFunction((part) => decodeURIComponent(location.search).includes(part), part);
    await drop(page, "<i>none</i>.json", "{}");
    await alert("<i>none</i>.json is neither a trained model (model.json) nor a data set");
    assertEquals(await page.locator("i:has-text('none')").count(), 0);
    await page.click("#step");
    await page.waitForFunction(() => document.getElementById("time")!.textContent === "04:00");

    await drop(page, "street.json", await Deno.readTextFile("data/models/R1/model.json"));
    await address("policy=learned:dropped:street.json");
    assertMatch(await page.textContent("#subject") ?? "", /^learned, 4 homes/);
    await page.click("#step");
    await page.waitForFunction(() => document.getElementById("time")!.textContent === "01:00");

    // What is taken away as data is the same data when it is dropped.
    const cost = await page.textContent("#row-cost");
    await page.click("summary:has-text('Take away')");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("text=The data as JSON"),
    ]);
    await drop(page, "mine.json", await Deno.readTextFile(await download.path()));
    await address("data=dropped:mine.json");
    await page.fill("#day", "2025-01-15");
    await page.locator("#day").blur();
    await address("day=2025-01-15");
    await page.click("#step");
    await page.waitForFunction(() => document.getElementById("time")!.textContent === "01:00");
    assertEquals(await page.textContent("#row-cost"), cost);
    assertEquals(await page.locator("#alert").isHidden(), true);
  },
);
