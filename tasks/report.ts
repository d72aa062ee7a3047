/**
 * `deno task report`: publishes the chapters, one training run, or the bills of a data set, as pages.
 *
 * @module
 */

import { say } from "../lib/cli/terminal.ts";
import { quoted, visible } from "../lib/text/shown.ts";
import { catchStop } from "../lib/cli/stop.ts";
import { main } from "../lib/cli/task.ts";
import { lockFolder } from "../lib/disk/folder_lock.ts";
import { writeTogether } from "../lib/disk/whole_files.ts";
import { MachineSources } from "../lib/live/machine_sources.ts";
import { pageFile } from "../lib/live/page_file.ts";
import { openFile, printPdf } from "../lib/programs/browser.ts";
import {
  executeChapters,
  publishBook,
  requireSound,
  writePictures,
} from "../lib/report/publication.ts";
import { datasetOptions } from "../lib/experiments/dataset_source.ts";
import { boardPage } from "../lib/report/board_page.ts";
import { INDEX_FILE } from "../lib/report/book.ts";
import { plainPolicies } from "../lib/policies/plain_policies.ts";
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
    site: {
      type: "string",
      placeholder: "URL",
      help: "where the chapters will be found, for the pictures of previews: https://…",
    },
    pictures: {
      type: "boolean",
      help: "execute the chapters, write the picture of each beside it, and publish nothing",
    },
    open: { type: "boolean", help: "show the result in a browser" },
    pdf: { type: "boolean", help: "print every page as PDF too (needs Chromium)" },
  },
  async run({ run, only, limit, out, site, pictures, open, pdf, ...board }) {
    const { data, ...ofData } = board;
    if (run !== undefined && data !== undefined) {
      throw new Error("--run and --data are two pages; ask for one at a time");
    }
    if ((run ?? data) !== undefined && ((only ?? limit ?? site) !== undefined || pictures)) {
      throw new Error(
        "--only, --limit, --site and --pictures are about chapters; leave them out with --run or --data",
      );
    }
    const alone = Object.entries(ofData).find(([, value]) => value !== undefined)?.[0];
    if (data === undefined && alone !== undefined) {
      throw new Error(`--${alone} goes with --data, the data set whose bills are wanted`);
    }
    catchStop("the slot or the program in work");
    if (pictures) {
      const written = await writePictures(await executeChapters(only, limit));
      return say(`\nPictures beside the chapters: ${written} in notebooks/pictures`);
    }
    if (only !== undefined) {
      const chapters = await executeChapters(only, limit);
      requireSound(chapters);
      return say(`\nChapters that do what they should: ${chapters.length}`);
    }
    const address = site === undefined ? null : siteAddress(site);
    using _lock = await lockFolder(out);
    if (run === undefined && data === undefined) {
      const chapters = await publishBook({
        out,
        site: address,
        limitSeconds: limit,
        livePage: await livePage(),
      });
      const pages = chapters.filter(({ complete }) => complete).map(({ name }) => `${name}.html`);
      if (pdf) await printPdf(out, [...pages, INDEX_FILE]);
      say(
        `\nChapters that were published: ${pages.length}; begin with ${
          visible(`${out}/${INDEX_FILE}`)
        }`,
      );
      requireSound(chapters);
      return await showOrSayHow(`${out}/${INDEX_FILE}`, open);
    }
    const pages = data !== undefined
      ? await boardPage({ ...board, data })
      : await runReport(run!.replace(/\/+$/, ""));
    await writeTogether(out, Object.fromEntries(pages));
    const files = [...pages.keys()];
    const html = files.filter((name) => name.endsWith(".html"));
    if (pdf) await printPdf(out, html);
    const first = `${out}/${files.at(-1)}`;
    const tables = files.filter((name) => name.endsWith(".csv"));
    say(
      `\nThe page is ${visible(first)}${
        tables.length > 0 ? `, its tables are ${tables.join(" and ")} beside it` : ""
      }`,
    );
    await showOrSayHow(first, open);
  },
});

/** The page in which a community trades live, with the agents that come along. */
async function livePage(): Promise<string> {
  const sources = new MachineSources({});
  try {
    return await pageFile(await sources.contents(Object.keys(plainPolicies)));
  } finally {
    sources.close();
  }
}

async function showOrSayHow(page: string, open: boolean | undefined): Promise<void> {
  if (open) await openFile(page);
  else say("Show it in a browser: add --open");
}

/** An address with a slash at its end. */
function siteAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new RangeError(
      `--site must be the address of a folder, such as https://example.org/book/, got ${
        quoted(text)
      }`,
    );
  }
  return url.href.replace(/\/*$/, "/");
}
