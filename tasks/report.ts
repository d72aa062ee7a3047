/**
 * `deno task report`: publishes the chapters, or one training run, as pages.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { visible } from "../lib/text/shown.ts";
import { catchStop } from "../lib/cli/stop.ts";
import { main } from "../lib/cli/task.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { writeTogether } from "../lib/disk/whole_files.ts";
import { openFile, printPdf } from "../lib/programs/browser.ts";
import { chapterPages, executeChapters } from "../lib/report/publication.ts";
import { runReport } from "../lib/report/run_report.ts";

await main({
  name: "report",
  summary: "Publishes the chapters as self-contained pages with an index, or reports one run.",
  options: {
    run: { type: "string", placeholder: "DIR", help: "report this training run instead" },
    only: {
      type: "string",
      placeholder: "05",
      help: "execute and check the chapters whose name begins so, and publish nothing",
    },
    limit: {
      type: "number",
      min: 1,
      placeholder: "SECONDS",
      help: "fail where a chapter takes longer (default: say so)",
    },
    out: { type: "string", default: "reports", placeholder: "DIR", help: "where the pages go" },
    open: { type: "boolean", help: "show the result in a browser" },
    pdf: { type: "boolean", help: "print every page as PDF too (needs Chromium)" },
  },
  async run({ run, only, limit, out, open, pdf }) {
    if (run !== undefined && (only ?? limit) !== undefined) {
      throw new Error("--only and --limit are about chapters; leave them out with --run");
    }
    catchStop("the slot or the program in work");
    if (only !== undefined) {
      const { length } = await executeChapters(only, limit);
      return say(`\nChapters that do what they should: ${length}`);
    }
    using _lock = await lockFolder(out);
    const pages = run === undefined
      ? await chapterPages(await executeChapters(undefined, limit))
      : await runPages(run);
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
