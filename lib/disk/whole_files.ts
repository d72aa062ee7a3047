/**
 * Files that are either whole or not there, also if the program is killed or the disk is full.
 *
 * A file is written beside its place, brought to the disk and renamed. Files that belong together are
 * all written so before the first is renamed; a list `.replacing-….json` then says what is to be
 * renamed and is removed once that is done. Whoever finds such a list finishes what it says
 * ({@linkcode settleFiles}), so that a kill between two renames leaves no mixture behind: up to the
 * list, everything is as it was; from there on, everything is new. What ends in `.partial` is never
 * read and is removed by the next run.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { attempt } from "./attempt.ts";

/** What a file holds; texts in pieces need not be in memory all at once. */
export type FileContent = string | Uint8Array | Iterable<string>;

/** What a list of renames says: final names by temporary names, and names that are to go. */
interface Replacement {
  readonly rename: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** Name of the file by which a task locks the folder that it works in. */
export const LOCK_FILE = ".lock";

const PARTIAL = /\.partial$/;
const LIST = /^\.replacing-[\d-]+\.json$/;

/**
 * Marks the temporary files of this process; the time of its start tells it from one that was killed
 * and had the same number.
 */
const OWN = `${Deno.pid}-${Math.round(performance.timeOrigin)}`;
/** Counts what this process has written, so that no two of its files have the same name. */
let written = 0;

/**
 * Writes one file, making the folder if there is none.
 *
 * @throws {Error} In one line that names file and remedy; an older file is then untouched.
 */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  await writeTogether(dirname(path), { [basename(path)]: content });
}

/**
 * Writes files that belong together into one folder, all or none, making the folder if there is none.
 *
 * @param folder Where.
 * @param files Content by name.
 * @param remove Names of files that are no longer there afterwards, if they are there.
 * @throws {Error} In one line that names file and remedy; what was there is then untouched.
 *
 * @example
 * ```ts
 * import { writeTogether } from "./whole_files.ts";
 * const folder = await Deno.makeTempDir();
 * await writeTogether(folder, { "a.csv": "x\n1\n", "b.json": "{}" });
 * await writeTogether(folder, { "a.csv": "x\n2\n" }, ["b.json"]);
 * const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
 * await Deno.remove(folder, { recursive: true });
 * if (names.join() !== "a.csv") throw new Error(`expected a.csv alone, got ${names}`);
 * ```
 */
export async function writeTogether(
  folder: string,
  files: Readonly<Record<string, FileContent>>,
  remove: readonly string[] = [],
): Promise<void> {
  await makeFolder(folder);
  await settleFiles(folder);
  const mark = `${OWN}-${++written}`;
  const names = Object.keys(files);
  const rename = Object.fromEntries(names.map((name) => [`${name}.${mark}.partial`, name]));
  const list = `.replacing-${mark}.json`;
  try {
    for (const [partial, name] of Object.entries(rename)) {
      await attempt(`write ${join(folder, name)}`, async () => {
        await requireReplaceable(join(folder, name));
        await writeThrough(join(folder, partial), files[name]);
      });
    }
    if (names.length === 1 && remove.length === 0) {
      const [[partial, name]] = Object.entries(rename);
      await attempt(
        `write ${join(folder, name)}`,
        () => Deno.rename(join(folder, partial), join(folder, name)),
      );
      return await flushFolder(folder);
    }
    await attempt(`replace the files in ${folder}`, async () => {
      const partial = `${list}.${mark}.partial`;
      await writeThrough(join(folder, partial), JSON.stringify({ rename, remove }));
      await flushFolder(folder);
      await Deno.rename(join(folder, partial), join(folder, list));
    });
  } catch (error) {
    for (const partial of [...Object.keys(rename), `${list}.${mark}.partial`]) {
      await Deno.remove(join(folder, partial)).catch(() => {});
    }
    throw error;
  }
  await finish(folder, list, { rename, remove });
}

/**
 * Puts in place what a killed run had written but not yet renamed; to be called before files that
 * belong together are read. A folder that is not there, or has nothing to settle, is left alone.
 *
 * @throws {Error} If the list of what is to be done is damaged, or nothing may be written here.
 */
export async function settleFiles(folder: string): Promise<void> {
  for (const list of await listsIn(folder)) {
    const path = join(folder, list);
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    const replacement = parseReplacement(path, text);
    try {
      await finish(folder, list, replacement);
    } catch (error) {
      throw new Error(
        `${folder} holds files that a killed run has not put in place, and this one may not; run ` +
          `what was killed again, or for results: deno task plot ${folder}`,
        { cause: error },
      );
    }
  }
}

/** Whether files in a folder are being put in place at this moment. */
export async function isBeingReplaced(folder: string): Promise<boolean> {
  return (await listsIn(folder)).length > 0;
}

/** Whether a name is that of a file which is only there on the way to another one. */
export function isLeftover(name: string): boolean {
  return PARTIAL.test(name) || LIST.test(name);
}

/**
 * Settles a folder and removes the temporary files of killed runs; only for who has the folder to
 * himself.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  await settleFiles(folder);
  for (const name of (await namesIn(folder)).filter(isLeftover)) {
    await Deno.remove(join(folder, name)).catch(ignoreMissing);
  }
}

/** Makes a folder, with those above it; one that is there already is fine. */
export async function makeFolder(path: string): Promise<void> {
  await attempt(`make the folder ${path}`, () => Deno.mkdir(path, { recursive: true }));
}

async function finish(folder: string, list: string, { rename, remove }: Replacement) {
  const path = join(folder, list);
  await attempt(`put the files in ${folder} in place that ${path} lists`, async () => {
    for (const [partial, name] of Object.entries(rename)) {
      // Missing is what somebody else, or this run before it was killed, has put in place already.
      await Deno.rename(join(folder, partial), join(folder, name)).catch(ignoreMissing);
    }
    for (const name of remove) await Deno.remove(join(folder, name)).catch(ignoreMissing);
    await flushFolder(folder);
    await Deno.remove(path).catch(ignoreMissing);
  });
}

function parseReplacement(path: string, text: string): Replacement {
  const isName = (name: unknown) =>
    typeof name === "string" && name !== "" && name !== ".." && basename(name) === name;
  try {
    const { rename, remove } = JSON.parse(text) as Replacement;
    const sound = Object.entries(rename).every(([partial, name]) =>
      isName(partial) && PARTIAL.test(partial) && isName(name)
    );
    if (sound && Array.isArray(remove) && remove.every(isName)) return { rename, remove };
  } catch { /* said below */ }
  throw new Error(`${path} is no list of files to put in place; remove it`);
}

async function requireReplaceable(path: string): Promise<void> {
  const stat = await Deno.lstat(path).catch(ignoreMissing);
  if (stat?.isDirectory) {
    throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  }
}

async function writeThrough(path: string, content: FileContent): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  for (const piece of pieces) {
    let rest = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
  }
  await file.sync();
}

/** Brings the names in a folder to the disk. Windows does not open folders, and needs no such step. */
async function flushFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await Deno.open(folder, { read: true });
  await handle.sync();
}

async function listsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => LIST.test(name));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
