/**
 * The chapters as pages: executed in fresh kernels, checked, and put together with an index. A chapter
 * that is done has its page at once, whatever becomes of those after it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { Stopped } from "../cli/stop.ts";
import { say } from "../cli/terminal.ts";
import { exists } from "../disk/exists.ts";
import { writeTogether } from "../disk/whole_files.ts";
import { prepareEnvironment } from "../programs/jupyter_environment.ts";
import { type Chapter, chapterPage, chapterPicture, INDEX_FILE, indexPage } from "./book.ts";
import {
  chapterName,
  chapterPaths,
  checkCells,
  execute,
  type Execution,
  readNotebook,
} from "./chapters.ts";
import { captured } from "./figures/captured.ts";
import { figureHtml, markdownHtml, tableHtml } from "./html.ts";
import { ladderTable, readLadder } from "./ladder_file.ts";
import { type Notebook, notebookPicture } from "./notebook.ts";
import { LIVE_PAGE } from "./pieces/embedded.ts";
import { pieceScripts } from "./pieces/scripts.ts";
import { renderPng, renderSvg } from "./render.ts";

/** A chapter that takes longer is slow, which whoever waits for it is told. [s] */
const SLOW_SECONDS = 60;

/** Where the ladder of the index is looked for: a run of this machine, else the committed one. */
const LADDER_PATHS: readonly string[] = [
  "runs/benchmark-R1/ladder.json",
  "docs/results/ladder_R1.json",
];

const INTRODUCTION = `# Peer-to-peer energy trading laboratory

Households with solar panels and batteries trade energy with each other and with the grid, and learn
to do it well. Eight chapters walk from a single home to a verified community. Each can be read
without running anything; the code behind every number is folded away beside it.`;

/** A chapter that was executed. */
export interface Executed {
  /** Name of its file without ending. */
  readonly name: string;
  /** Cells with outputs. */
  readonly notebook: Notebook;
  /** Whether it does what it should, however long it took. */
  readonly complete: boolean;
  /** Whether it did so in time. */
  readonly sound: boolean;
}

/**
 * Executes chapters, all of them, and says which do what they should.
 *
 * @param only How their names begin; all if left out.
 * @param limitSeconds Longest time of a chapter that is no fault; a slow one is only told of if left
 * out.
 * @param finished Called after each.
 * @throws {Error} If no chapter begins so.
 */
export async function executeChapters(
  only?: string,
  limitSeconds: number = Infinity,
  finished: (chapter: Executed) => void | Promise<void> = () => {},
): Promise<Executed[]> {
  const paths = await chapterPaths(only);
  await prepareEnvironment();
  const untyped = await typeFaults(paths);
  const chapters: Executed[] = [];
  for (const path of paths) {
    const chapter = await executeChapter(path, limitSeconds, untyped.get(path) ?? []);
    chapters.push(chapter);
    await finished(chapter);
  }
  return chapters;
}

/** @throws {Error} If any chapter does not do what it should. */
export function requireSound(chapters: readonly Executed[]): void {
  const faulty = chapters.filter(({ sound }) => !sound).length;
  if (faulty > 0) throw new Error(`${faulty} of ${chapters.length} chapters fail; see above`);
}

/** What the compiler says of each notebook that is not well typed. */
async function typeFaults(paths: readonly string[]): Promise<Map<string, string[]>> {
  const faults = new Map<string, string[]>();
  try {
    await checkCells(paths);
  } catch {
    for (const path of paths) {
      await checkCells([path]).catch(({ message }: Error) => faults.set(path, [message.trim()]));
    }
  }
  return faults;
}

async function executeChapter(
  path: string,
  limitSeconds: number,
  untyped: readonly string[],
): Promise<Executed> {
  const name = chapterName(path);
  if (untyped.length > 0) {
    say(`${name.padEnd(24)}     –    FAILED`);
    for (const fault of untyped) say(`  ${fault}`);
    return { name, notebook: await readNotebook(path), complete: false, sound: false };
  }
  const { notebook, seconds, faults: found } = await execute(path).catch(endedEarly(path));
  const faults = [...found, ...timeFaults(seconds, limitSeconds)];
  const sound = faults.length === 0;
  const time = Number.isNaN(seconds) ? "–" : seconds.toFixed(1);
  say(`${name.padEnd(24)} ${time.padStart(5)} s  ${sound ? "ok" : "FAILED"}`);
  for (const fault of faults) say(`  ${fault}`);
  if (sound) {
    for (const slow of timeFaults(seconds, SLOW_SECONDS)) say(`  warning: ${slow}`, "stderr");
  }
  return { name, notebook, complete: found.length === 0, sound };
}

/** Pictures of the chapters beside them, for whoever looks at the notebooks where they do not run. */
export const PICTURES: URL = new URL("../../notebooks/pictures/", import.meta.url);

/** Writes the picture of every chapter that could be executed beside the notebooks. */
export async function writePictures(chapters: readonly Executed[]): Promise<number> {
  const pictures = chapters.filter(({ notebook }) => notebookPicture(notebook) !== undefined);
  await writeTogether(
    fileURLToPath(PICTURES),
    Object.fromEntries(pictures.map((chapter) => [`${chapter.name}.svg`, chapterPicture(chapter)])),
  );
  return pictures.length;
}

/** A kernel that fails, or a cell that is stuck, is the fault of its chapter alone. */
function endedEarly(path: string): (error: Error) => Promise<Execution> {
  return async (error) => {
    if (error instanceof Stopped) throw error;
    return { notebook: await readNotebook(path), seconds: NaN, faults: [error.message] };
  };
}

/** What is to be said of the time that a chapter took; nothing if it is within the limit. */
export function timeFaults(seconds: number, limitSeconds: number): string[] {
  if (!(seconds > limitSeconds)) return [];
  return [`it took ${seconds.toFixed(0)} s, longer than ${limitSeconds} s`];
}

/** How the book is published. */
export interface BookOptions {
  /** Folder of the pages. */
  readonly out: string;
  /** Address under which they will be found; `null` where it is not known. */
  readonly site: string | null;
  /** Longest time of a chapter that is no fault. [s] */
  readonly limitSeconds: number | undefined;
  /** The page in which a community trades live, which the third chapter shows. */
  readonly livePage: string;
}

/**
 * Executes all chapters and writes the book: a chapter's page as soon as it is done, the index at last.
 * The page of a chapter that fails stays as it was; one that is only too slow is published.
 */
export async function publishBook(options: BookOptions): Promise<Executed[]> {
  const { out, site, limitSeconds, livePage } = options;
  const scripts = await pieceScripts();
  const book: Chapter[] = [];
  for (const path of await chapterPaths()) {
    const name = chapterName(path);
    const page = await exists(`${out}/${name}.html`) ? "earlier" : "none";
    book.push({ name, notebook: await readNotebook(path), page });
  }
  await writeTogether(out, { [LIVE_PAGE]: livePage });
  const executed = await executeChapters(undefined, limitSeconds, async (chapter) => {
    if (!chapter.complete) return;
    const at = book.findIndex(({ name }) => name === chapter.name);
    book[at] = { ...chapter, page: "new" };
    await writeTogether(out, {
      [`${chapter.name}.png`]: await renderPng(chapterPicture(book[at])),
      [`${chapter.name}.html`]: chapterPage(book, at, site, scripts),
    });
  });
  await writeTogether(out, await indexFiles(book, site));
  return executed;
}

/** The index and the picture of its preview. */
async function indexFiles(
  book: readonly Chapter[],
  site: string | null,
): Promise<Record<string, string | Uint8Array>> {
  const ladder = await readLadder(LADDER_PATHS);
  const figure = captured(ladder.rows, { subject: ladder.title });
  const goodness = markdownHtml(`## How good is it?

The share of the possible saving that each policy captures, on days that training never saw: 0 % is
homes without battery and trade, 100 % is perfect foresight. [Chapter 8](08_final_verification.html)
explains every step.`) + figureHtml(figure) + tableHtml(ladderTable(ladder));
  return {
    "index.png": await renderPng(renderSvg(figure)),
    [INDEX_FILE]: indexPage(book, INTRODUCTION, goodness, site),
  };
}
