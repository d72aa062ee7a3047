/**
 * A board's page of a data set, and the tables beside it.
 *
 * @module
 */

import { startProgress } from "../cli/progress.ts";
import { endIfAsked } from "../cli/stop.ts";
import { parseBatterySizes } from "../data/battery_sizes.ts";
import { notesOfImport } from "../data/importers/import_command.ts";
import { judge } from "../data/judgement/judge.ts";
import { boardConfig } from "../experiments/board_config.ts";
import { boardFiles } from "../experiments/board_files.ts";
import { type BoardOptions, type BoardYear, boardYear } from "../experiments/board_year.ts";
import { datasetSource, loadDataset } from "../experiments/dataset_source.ts";
import { FIRST_SEED } from "../experiments/seeds.ts";
import { shown } from "../text/shown.ts";
import { boardSections } from "./board_report.ts";
import { pageHtml } from "./html.ts";

/** What may be asked for; see `deno task report --help`. */
export interface BoardFlags extends Omit<Parameters<typeof datasetSource>[0], "data"> {
  /** Folder of a data set, or `synthetic`. */
  readonly data: string;
  /** File with the rules of the game. */
  readonly config?: string | undefined;
  /** Days from the first midnight on. */
  readonly days?: number | undefined;
  /** Sizes of batteries. */
  readonly vary?: string | undefined;
}

/** The page of a data set, by file, with its tables; the page is the last. */
export async function boardPage(flags: BoardFlags): Promise<Map<string, string>> {
  const sizes = flags.vary === undefined ? undefined : parseBatterySizes(flags.vary);
  const config = await boardConfig(flags.config);
  const source = datasetSource(flags);
  const dataset = await loadDataset(source);
  const year = await playBoard({ dataset, config, seed: FIRST_SEED, days: flags.days, sizes });
  const folder = flags.data.replace(/\/+$/, "").split("/").at(-1)!;
  return new Map([
    ...Object.entries(boardFiles(year, folder)),
    [`bills-${folder}.html`, boardHtml(year, folder, await assumptionsOf(flags.data, year))],
  ]);
}

/** Plays a board's year, and shows how far it is. */
export async function playBoard(
  options: Omit<BoardOptions, "afterSlot" | "onPart">,
): Promise<BoardYear> {
  let progress: ReturnType<typeof startProgress> | undefined;
  let at = { done: 0, what: "" };
  try {
    return await boardYear({
      ...options,
      afterSlot() {
        progress?.update(++at.done, at.what);
        return endIfAsked("no page was replaced, and the same command begins again");
      },
      onPart(done, all, what) {
        at = { done, what };
        progress ??= startProgress(all, "slots");
      },
    });
  } finally {
    progress?.stop();
  }
}

/** What the import of a folder said, and what looks like a mistake in it. */
async function assumptionsOf(folder: string, { dataset }: BoardYear): Promise<string[]> {
  const said = folder === "synthetic" ? [] : await notesOfImport(folder);
  return [...said, ...judge(dataset).map(({ text }) => `Check: ${text}`)];
}

function boardHtml(year: BoardYear, page: string, assumed: readonly string[]): string {
  return pageHtml({
    title: `Bills of ${shown(year.dataset.community.name)}`,
    links: [],
    body: boardSections(year, page, assumed).join("\n"),
  });
}
