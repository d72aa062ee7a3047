/**
 * `deno task report`: publishes the chapters, or one training run, as pages.
 *
 * @module
 */

import { type Chapter, chapterPage, INDEX_FILE, indexPage } from "../lib/report/book.ts";
import { openFile, printPdf } from "./browser.ts";
import { CHAPTER_SECONDS, chapterName, chapterPaths, execute } from "./chapters.ts";
import { main } from "./cli.ts";
import { makeFolder, writeTogether } from "./files.ts";
import { prepareEnvironment } from "./jupyter_environment.ts";

const INTRODUCTION = `# Peer-to-peer energy trading laboratory

Households with solar panels and batteries trade energy with each other and with the grid, and learn
to do it well. Eight chapters walk from a single home to a verified community. Each can be read
without running anything; the code behind every number is folded away beside it.`;

await main({
  name: "report",
  summary: "Publishes the chapters as self-contained pages with an index.",
  options: {
    out: { type: "string", default: "reports", placeholder: "DIR", help: "where the pages go" },
    open: { type: "boolean", help: "show the result in a browser" },
    pdf: { type: "boolean", help: "print every page as PDF too (needs Chromium)" },
  },
  async run({ out, open, pdf }) {
    const pages = await chapterPages();
    await makeFolder(out);
    await writeTogether(new Map([...pages].map(([name, html]) => [`${out}/${name}`, html])));
    const files = [...pages.keys()].map((name) => `${out}/${name}`);
    if (pdf) await printPdf(files);
    console.log(`\n${pages.size} pages are in ${out}/; begin with ${files.at(-1)}`);
    if (open) await openFile(files.at(-1)!);
  },
});

/** Executes every chapter; the pages by file name, the index last. */
async function chapterPages(): Promise<Map<string, string>> {
  await prepareEnvironment();
  const chapters: Chapter[] = [];
  for (const path of await chapterPaths()) {
    const { notebook, seconds, faults } = await execute(path, CHAPTER_SECONDS);
    if (faults.length > 0) throw new Error(`${chapterName(path)}: ${faults.join("; ")}`);
    console.log(`${chapterName(path).padEnd(24)} ${seconds.toFixed(1).padStart(5)} s`);
    chapters.push({ name: chapterName(path), notebook });
  }
  const pages = chapters.map(({ name }, k) =>
    [`${name}.html`, chapterPage(chapters, k)] as [string, string]
  );
  return new Map([...pages, [INDEX_FILE, indexPage(chapters, INTRODUCTION, "")]]);
}
