/**
 * `deno task report`: publishes the chapters, one training run, or the bills of a data set, as pages.
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
import { datasetOptions } from "../lib/experiments/dataset_source.ts";
import { boardPage } from "../lib/report/board_page.ts";
import { runReport } from "../lib/report/run_report.ts";

await main({
  name: "report",
  summary:
    "Publishes the chapters as self-contained pages with an index, reports one run, or says " +
    "what sharing energy comes to for every home of a data set.",
  options: {
    run: { type: "string", placeholder: "DIR", help: "report this training run instead" },
    ...datasetOptions,
    data: {
      type: "string",
      placeholder: "synthetic|DIR",
      help: "bills of every home of this data set, in place of chapters; needs no training",
    },
    days: {
      type: "integer",
      min: 1,
      help: "with --data: so many days from the first midnight on (default: all)",
    },
    vary: {
      type: "string",
      placeholder: "battery=0,5,10",
      help: "with --data: capacities of every home's battery to compare, at the same power [kWh]",
    },
    config: {
      type: "string",
      placeholder: "FILE",
      help: "with --data: JSON with the rules of the game (docs/configuration.md)",
    },
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
  async run({ run, only, limit, out, open, pdf, ...board }) {
    const { data, ...ofData } = board;
    if (run !== undefined && data !== undefined) {
      throw new Error("--run and --data are two pages; ask for one at a time");
    }
    if ((run ?? data) !== undefined && (only ?? limit) !== undefined) {
      throw new Error("--only and --limit are about chapters; leave them out with --run or --data");
    }
    const alone = Object.entries(ofData).find(([, value]) => value !== undefined)?.[0];
    if (data === undefined && alone !== undefined) {
      throw new Error(`--${alone} goes with --data, the data set whose bills are wanted`);
    }
    catchStop("the slot or the program in work");
    if (only !== undefined) {
      const { length } = await executeChapters(only, limit);
      return say(`\nChapters that do what they should: ${length}`);
    }
    using _lock = await lockFolder(out);
    const pages = data !== undefined
      ? await boardPage({ ...board, data })
      : run === undefined
      ? await chapterPages(await executeChapters(undefined, limit))
      : await runReport(run.replace(/\/+$/, ""));
    await writeTogether(out, Object.fromEntries(pages));
    const files = [...pages.keys()];
    const html = files.filter((name) => name.endsWith(".html"));
    if (pdf) await printPdf(out, html);
    const first = `${out}/${files.at(-1)}`;
    const tables = files.filter((name) => name.endsWith(".csv"));
    say(
      `\n${html.length === 1 ? "The page is" : `${html.length} pages; begin with`} ${
        visible(first)
      }${tables.length > 0 ? `, its tables are ${tables.join(" and ")} beside it` : ""}`,
    );
    if (open) await openFile(first);
    else say("Show it in a browser: add --open");
  },
});
