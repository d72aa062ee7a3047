import { assert } from "@std/assert";
import { dashboardTest, openPage } from "../helpers/browser.ts";

for (const [homes, least] of [[20, 30], [200, 5]] as const) {
  dashboardTest(`pictures a second with ${homes} homes`, async (browser, { url }) => {
    const query =
      `?prosumers=${homes}&day=2025-06-21&policy=self-consumption&end=next-day&speed=100`;
    const { page } = await openPage(browser, `${url}${query}`);
    await page.click("#play");
    await page.waitForTimeout(1000);
    const count = () => page.evaluate(() => Number(document.body.dataset.drawn));
    const start = performance.now(), before = await count();
    await page.waitForTimeout(3000);
    const perSecond = 1000 * (await count() - before) / (performance.now() - start);
    console.log(`${homes} homes: ${perSecond.toFixed(1)} pictures a second`);
    // A machine that does other work as well draws fewer; far fewer is a fault of the page.
    assert(perSecond > least / 5, `${perSecond} pictures a second`);
    const received = await page.evaluate(() => Number(document.body.dataset.received));
    assert(received >= least, `${received} slots`);
  });
}
