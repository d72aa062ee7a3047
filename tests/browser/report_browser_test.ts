import { assert, assertEquals, assertGreater } from "@std/assert";
import { type Chapter, chapterPage, INDEX_FILE, indexPage } from "../../lib/report/book.ts";
import { bars } from "../../lib/report/figures/bars.ts";
import { lines } from "../../lib/report/figures/lines.ts";
import { clearedBooks } from "../../lib/report/figures/cleared_book.ts";
import { figureHtml, markdownHtml } from "../../lib/report/html.ts";
import { parseNotebook } from "../../lib/report/notebook.ts";
import { policyStyle } from "../../lib/report/palette.ts";
import { type Content, mediaBundle } from "../../lib/report/show.ts";
import { browserTest } from "../helpers/browser.ts";

const style = policyStyle("learned");
const order = (id: string, quantityKwh: number, pricePerKwh: number) => ({
  id,
  quantityKwh,
  pricePerKwh,
});
const orders = {
  bids: [order("a", 1.5, 0.3), order("b", 1, 0.2)],
  asks: [order("c", 2, 0.1), order("d", 1, 0.26)],
  pricePerKwh: 0.2,
  matchedKwh: 2,
};
const texts = {
  title: "A title that is a finding",
  subtitle: "and where it comes from",
  description: "What is seen.",
};
const contents: readonly Content[] = [
  ...[["one"], ["one", "two", "three"]].map((titles) =>
    clearedBooks(titles.map((title) => ({ title, orders })), {
      ...texts,
      currency: "EUR",
      topPerKwh: 0.4,
    })
  ),
  bars([{
    bars: [{ label: "self-consumption", value: 24.34, low: 22, high: 26, style }, {
      label: "learned",
      value: -18.1,
      style,
    }],
    label: "cost [EUR/d]",
    format: (cost) => `${cost.toFixed(1)} EUR`,
  }], texts),
  lines([{
    lines: [{
      label: "learned",
      style,
      points: [{ x: 0, y: 1, low: 0, high: 2 }, { x: 24, y: 3, low: 2, high: 4 }],
    }],
    y: { label: "power [kW]" },
  }], { ...texts, x: { kind: "clock", label: "local time" }, spread: "middle half" }),
  { header: Array.from({ length: 12 }, (_, k) => `column ${k}`), rows: [Array(12).fill("123.45")] },
  `A${"very".repeat(60)}LongWord and \`${"code".repeat(60)}\``,
];

/** A chapter that shows everything there is. */
const everything: Chapter = {
  name: "01_everything",
  page: "new",
  notebook: parseNotebook(
    JSON.stringify({
      cells: [
        { cell_type: "markdown", source: "# 1 · Everything\n\n> All there is to show.\n" },
        ...contents.map((content) => ({
          cell_type: "code",
          source: `await show(content); // ${"a long line ".repeat(20)}`,
          outputs: [{ output_type: "display_data", data: { ...mediaBundle(content) } }],
          execution_count: 1,
        })),
      ],
    }),
    "everything",
  ),
};

/** The pages to look at: one that shows everything, and those that were published before. */
async function pages(folder: string): Promise<string[]> {
  const chapters = [everything, { ...everything, name: "02_again" }];
  const index = indexPage(
    chapters,
    "# All",
    markdownHtml("## End") + figureHtml(contents[0] as never),
  );
  const files: [string, string][] = [
    ...chapters.map(({ name }, k): [string, string] => [`${name}.html`, chapterPage(chapters, k)]),
    [INDEX_FILE, index],
  ];
  for (const [name, html] of files) await Deno.writeTextFile(`${folder}/${name}`, html);
  const reports = new URL("../../reports/", import.meta.url).pathname;
  const published = await Array.fromAsync(Deno.readDir(reports)).catch(() => []);
  return [
    ...files.map(([name]) => `${folder}/${name}`),
    ...published.filter(({ name }) => name.endsWith(".html")).map(({ name }) => reports + name),
  ];
}

browserTest(
  "report: in a browser every page stands alone, fits its window, and every chart has text and marks",
  async (browser) => {
    const folder = await Deno.makeTempDir();
    try {
      for (const path of await pages(folder)) {
        for (const width of [1280, 390]) {
          const page = await browser.newPage({ viewport: { width, height: 900 } });
          const faults: string[] = [];
          page.on("console", (message) => faults.push(message.text()));
          page.on("pageerror", (error) => faults.push(error.message));
          page.on("request", (request) => {
            const url = request.url();
            // The third chapter frames the live page, which lies beside it and starts its own Worker.
            const beside = path.endsWith("/03_real_time_wrapper.html") &&
              url === new URL("live.html", `file://${path}`).href;
            if (url === `file://${path}` || /^(data|blob):/.test(url) || beside) return;
            faults.push(url);
          });
          await page.goto(`file://${path}`);
          assertEquals(faults, [], `${path} at ${width} pixels`);
          const seen = await page.evaluate(LOOK) as Look;
          assertEquals(seen.scrollWidth <= width, true, `${path} scrolls at ${width} pixels`);
          for (const chart of seen.charts) {
            assertGreater(chart.words, 2, `${path}: ${chart.title}`);
            assertGreater(chart.marks, 3, `${path}: ${chart.title}`);
            assert(chart.title !== "" && chart.width > 100 && chart.height > 60, chart.title);
            assertEquals(chart.outside, [], `${path} at ${width} pixels: ${chart.title}`);
          }
          if (path.startsWith(folder)) assertGreater(seen.charts.length, 0);
          await page.close();
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

interface Look {
  readonly scrollWidth: number;
  readonly charts: readonly {
    readonly title: string;
    readonly words: number;
    readonly marks: number;
    readonly width: number;
    readonly height: number;
    readonly outside: readonly string[];
  }[];
}

/** Runs in the page: what there is to see of it; words that reach beyond their chart are `outside`. */
const LOOK = `({
  scrollWidth: document.documentElement.scrollWidth,
  charts: [...document.querySelectorAll("figure svg")].filter((svg) => svg.getClientRects().length > 0)
    .map((svg) => {
      const box = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent !== "");
      const beyond = (text) => {
        const { left, right } = text.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1;
      };
      return {
        title: svg.getAttribute("aria-label") ?? "",
        words: texts.length,
        marks: svg.querySelectorAll("path, rect, circle, line").length,
        width: box.width,
        height: box.height,
        outside: texts.filter(beyond).map((text) => text.textContent),
      };
    }),
})`;
