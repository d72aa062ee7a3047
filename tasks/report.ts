/**
 * `deno task report`: publishes the chapters, or one training run, as pages.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { visible } from "../lib/text/shown.ts";
import { type Chapter, chapterPage, INDEX_FILE, indexPage } from "../lib/report/book.ts";
import { figureHtml, markdownHtml, tableHtml } from "../lib/report/html.ts";
import { captured } from "../lib/report/figures/captured.ts";
import { ladderTable, readLadder } from "../lib/report/ladder_file.ts";
import { openFile, printPdf } from "./browser.ts";
import { CHAPTER_SECONDS, chapterName, chapterPaths, checkCells, execute } from "./chapters.ts";
import { main } from "../lib/cli/task.ts";
import { writeTogether } from "../lib/disk/whole_files.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { prepareEnvironment } from "./jupyter_environment.ts";
import { runReport } from "../lib/report/run_report.ts";
import { catchStop } from "../lib/cli/stop.ts";

/** Where the ladder of the index is looked for: a run of this machine, else the committed one. */
const LADDER_PATHS: readonly string[] = [
  "runs/benchmark-R1/ladder.json",
  "notebooks/results/ladder_R1.json",
];

const INTRODUCTION = `# Peer-to-peer energy trading laboratory

Households with solar panels and batteries trade energy with each other and with the grid, and learn
to do it well. Eight chapters walk from a single home to a verified community. Each can be read
without running anything; the code behind every number is folded away beside it.`;

await main({
  name: "report",
  summary: "Publishes the chapters as self-contained pages with an index, or reports one run.",
  options: {
    run: { type: "string", placeholder: "DIR", help: "report this training run instead" },
    out: { type: "string", default: "reports", placeholder: "DIR", help: "where the pages go" },
    open: { type: "boolean", help: "show the result in a browser" },
    pdf: { type: "boolean", help: "print every page as PDF too (needs Chromium)" },
  },
  async run({ run, out, open, pdf }) {
    catchStop("the slot or the program in work");
    using _lock = await lockFolder(out);
    const pages = run === undefined ? await chapterPages() : await runPages(run);
    await writeTogether(out, Object.fromEntries(pages));
    if (pdf) await printPdf(out, [...pages.keys()]);
    const first = `${out}/${[...pages.keys()].at(-1)}`;
    say(
      `\n${pages.size === 1 ? "The page is" : `${pages.size} pages; begin with`} ${visible(first)}`,
    );
    if (open) await openFile(first);
    else say("Show it in a browser: add --open");
  },
});

async function runPages(run: string): Promise<Map<string, string>> {
  const folder = run.replace(/\/+$/, "");
  return new Map([[`run-${folder.split("/").at(-1)}.html`, await runReport(folder)]]);
}

/** Executes every chapter; the pages by file name, the index last. */
async function chapterPages(): Promise<Map<string, string>> {
  const paths = await chapterPaths();
  await prepareEnvironment();
  await checkCells(paths);
  const chapters: Chapter[] = [];
  for (const path of paths) {
    const { notebook, seconds, faults } = await execute(path, CHAPTER_SECONDS);
    if (faults.length > 0) throw new Error(`${chapterName(path)}: ${faults.join("; ")}`);
    console.log(`${chapterName(path).padEnd(24)} ${seconds.toFixed(1).padStart(5)} s`);
    chapters.push({ name: chapterName(path), notebook });
  }
  const pages = chapters.map(({ name }, k) =>
    [`${name}.html`, chapterPage(chapters, k)] as [string, string]
  );
  const index = indexPage(chapters, INTRODUCTION, await ladderSection());
  return new Map([...pages, [INDEX_FILE, index]]);
}

async function ladderSection(): Promise<string> {
  const ladder = await readLadder(LADDER_PATHS);
  return markdownHtml(`## How good is it?

The share of the possible saving that each policy captures, on days that training never saw: 0 % is
homes without battery and trade, 100 % is perfect foresight. [Chapter 8](08_final_verification.html)
explains every step.`) + figureHtml(captured(ladder.rows, { subject: ladder.title })) +
    tableHtml(ladderTable(ladder));
}
