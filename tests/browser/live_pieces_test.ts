/// <reference lib="dom" />

import { assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { type Chapter, chapterPage } from "../../lib/report/book.ts";
import { parseNotebook } from "../../lib/report/notebook.ts";
import { PIECE_TYPE } from "../../lib/report/pieces/embedded.ts";
import { answerOf, firstValues } from "../../lib/report/pieces/piece.ts";
import { pieceNamed } from "../../lib/report/pieces/pieces.ts";
import { pieceScripts } from "../../lib/report/pieces/scripts.ts";
import { mediaBundle } from "../../lib/report/show.ts";
import { browserTest } from "../helpers/browser.ts";
import { inFolder } from "../helpers/two_homes.ts";

const NAMES = ["market-bid", "cars-feeder", "training"];
const LARGEST_BYTES = 700_000;

/** A chapter with live pieces; what stands there at first is the answer to the first values. */
async function chapter(): Promise<Chapter> {
  const cells = [];
  for (const name of NAMES) {
    const piece = pieceNamed(name), values = firstValues(piece);
    // A long computation stands as its start.
    const data = piece.start === undefined
      ? await answerOf(piece, values)
      : (await piece.compute(values)[Symbol.asyncIterator]().next()).value;
    cells.push({
      cell_type: "code",
      source: `await showPiece("${name}");`,
      outputs: [{
        output_type: "display_data",
        data: { ...mediaBundle(piece.figure(data, values)), [PIECE_TYPE]: name },
      }],
      execution_count: 1,
    });
  }
  const title = { cell_type: "markdown", source: "# 5 · Pieces\n\n> What is live.\n" };
  const notebook = parseNotebook(JSON.stringify({ cells: [title, ...cells] }), "pieces");
  return { name: "05_pieces", notebook, page: "new" };
}

browserTest(
  "live pieces: dragged in a page from a folder they answer as here, and ask for nothing",
  async (browser) => {
    await inFolder(async (folder) => {
      const path = `${await Deno.realPath(folder)}/05_pieces.html`;
      const html = chapterPage([await chapter()], 0, null, await pieceScripts());
      assertLess(html.length, LARGEST_BYTES);
      await Deno.writeTextFile(path, html);
      const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
      const faults: string[] = [];
      page.on("console", (message) => faults.push(message.text()));
      page.on("pageerror", ({ message }) => faults.push(message));
      page.on("request", (request) => {
        if (!/^(file|blob|data):/.test(request.url())) faults.push(request.url());
      });
      await page.goto(`file://${path}`);
      await page.waitForSelector(".piece .controls");
      const answered = (name: string, least: number) =>
        page.waitForFunction(
          ([name, least]) =>
            Number(
              document.querySelector<HTMLElement>(`[data-piece=${name}]`)!.dataset.answered,
            ) >= Number(least),
          [name, least] as const,
        );
      const title = (name: string) =>
        page.getAttribute(`[data-piece=${name}] figure svg`, "aria-label");

      // By keyboard, as whoever cannot drag does.
      await page.focus("[data-piece=market-bid] input");
      await page.keyboard.press("Home");
      await answered("market-bid", 1);
      const bid = pieceNamed("market-bid"), worthless = { ...firstValues(bid), value: 0 };
      const here = bid.figure(await answerOf(bid, worthless), worthless).title;
      assertEquals(await title("market-bid"), here);
      assertStringIncludes(here, "Cleo's battery gives");

      await page.fill("[data-piece=cars-feeder] label:nth-child(2) input", "0");
      await answered("cars-feeder", 1);
      const street = pieceNamed("cars-feeder"), noCars = { ...firstValues(street), cars: 0 };
      assertEquals(
        await title("cars-feeder"),
        street.figure(await answerOf(street, noCars), noCars).title,
      );

      await page.fill("[data-piece=training] label:nth-child(1) input", "2");
      await page.click("[data-piece=training] button");
      await answered("training", 3);
      assertStringIncludes(await title("training") ?? "", "After ");
      assertEquals(await page.textContent("[data-piece=training] button"), "Stop");
      await page.click("[data-piece=training] button");
      assertEquals(await page.textContent("[data-piece=training] .status"), "Stopped.");

      assertEquals(faults, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assertEquals(wide, 390);
      const marks = await page.locator("[data-piece=market-bid] figure svg path").count();
      assertGreater(marks, 3);
    });
  },
);
