/**
 * The chapters as pages: executed in fresh kernels, checked, and put together with an index.
 *
 * @module
 */

import { say } from "../cli/terminal.ts";
import { prepareEnvironment } from "../programs/jupyter_environment.ts";
import { type Chapter, chapterPage, INDEX_FILE, indexPage } from "./book.ts";
import { chapterName, chapterPaths, checkCells, execute } from "./chapters.ts";
import { captured } from "./figures/captured.ts";
import { figureHtml, markdownHtml, tableHtml } from "./html.ts";
import { ladderTable, readLadder } from "./ladder_file.ts";

/** A chapter that takes longer is slow, which whoever waits for it is told. [s] */
const SLOW_SECONDS = 60;

/** Where the ladder of the index is looked for: a run of this machine, else the committed one. */
const LADDER_PATHS: readonly string[] = [
  "runs/benchmark-R1/ladder.json",
  "notebooks/results/ladder_R1.json",
];

const INTRODUCTION = `# Peer-to-peer energy trading laboratory

Households with solar panels and batteries trade energy with each other and with the grid, and learn
to do it well. Eight chapters walk from a single home to a verified community. Each can be read
without running anything; the code behind every number is folded away beside it.`;

/**
 * Executes chapters and looks whether they do what they should.
 *
 * @param only How their names begin; all if left out.
 * @param limitSeconds Longest time of a chapter that is no fault; a slow one is only told of if left
 * out.
 * @throws {Error} If any does not; all are executed first.
 */
export async function executeChapters(
  only?: string,
  limitSeconds: number = Infinity,
): Promise<Chapter[]> {
  const paths = await chapterPaths(only);
  await prepareEnvironment();
  await checkCells(paths);
  const chapters: Chapter[] = [];
  let faulty = 0;
  for (const path of paths) {
    const name = chapterName(path);
    const { notebook, seconds, faults: found } = await execute(path);
    const faults = [...found, ...timeFaults(seconds, limitSeconds)];
    const verdict = faults.length === 0 ? "ok" : "FAILED";
    console.log(`${name.padEnd(24)} ${seconds.toFixed(1).padStart(5)} s  ${verdict}`);
    for (const fault of faults) say(`  ${fault}`);
    if (faults.length > 0) faulty++;
    else for (const slow of timeFaults(seconds, SLOW_SECONDS)) say(`  warning: ${slow}`, "stderr");
    chapters.push({ name, notebook });
  }
  if (faulty > 0) throw new Error(`${faulty} of ${paths.length} chapters fail; see above`);
  return chapters;
}

/** What is to be said of the time that a chapter took; nothing if it is within the limit. */
export function timeFaults(seconds: number, limitSeconds: number): string[] {
  if (seconds <= limitSeconds) return [];
  return [`it took ${seconds.toFixed(0)} s, longer than ${limitSeconds} s`];
}

/** The pages of all chapters by file name, the index last. */
export async function chapterPages(chapters: readonly Chapter[]): Promise<Map<string, string>> {
  const ladder = await readLadder(LADDER_PATHS);
  const goodness = markdownHtml(`## How good is it?

The share of the possible saving that each policy captures, on days that training never saw: 0 % is
homes without battery and trade, 100 % is perfect foresight. [Chapter 8](08_final_verification.html)
explains every step.`) + figureHtml(captured(ladder.rows, { subject: ladder.title })) +
    tableHtml(ladderTable(ladder));
  return new Map([
    ...chapters.map(({ name }, k) => [`${name}.html`, chapterPage(chapters, k)] as const),
    [INDEX_FILE, indexPage(chapters, INTRODUCTION, goodness)],
  ]);
}
