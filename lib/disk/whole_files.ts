/**
 * Files that are either whole or not there, also if the program is killed or the disk is full.
 *
 * A file is written beside its place as `NAME.….partial`, brought to the disk and renamed. Files that
 * belong together are written into a folder `.replacement-….partial/`, which is renamed once to
 * `.replacement-…/`: up to that moment everything is as it was, from there on everything is new. What
 * such a folder holds is then moved to its place, by the writer or, if that was killed, by whoever
 * comes next ({@linkcode settleFiles}). What ends in `.partial` is never read and is removed by the
 * next run.
 *
 * @module
 */

import { shellPath } from "../text/shell.ts";
import { basename, dirname, join } from "node:path";
import { attempt } from "./attempt.ts";

/** What a file holds; texts in pieces need not be in memory all at once. */
export type FileContent = string | Uint8Array | Iterable<string>;

/** Name of the file by which a task locks the folder that it works in. */
export const LOCK_FILE = ".lock";

const PARTIAL = /\.partial$/;
const REPLACEMENT = /^\.replacement-[\d-]+$/;
/** In a replacement: its place in the order, whether the file comes (+) or goes (-), and its name. */
const ENTRY = /^(\d+)([+-])(.+)$/s;

/** Counts what this process has written, so that no two of its files have the same name. */
let written = 0;

/**
 * Writes one file, making the folder if there is none.
 *
 * @throws {Error} In one line that names file and remedy; an older file is then untouched.
 */
export async function writeWhole(path: string, content: FileContent): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  await settleFiles(folder);
  const partial = `${path}.${ownMark()}.partial`;
  try {
    await attempt(`write ${path}`, async () => {
      await requireReplaceable(path);
      await writeThrough(partial, content);
      await Deno.rename(partial, path);
      await flushFolder(folder);
    });
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}

/**
 * Writes files that belong together into one folder, all or none, making the folder if there is none.
 *
 * @param folder Where.
 * @param files Content by name; put in place in this order.
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
  const replacement = join(folder, `.replacement-${ownMark()}`);
  const partial = `${replacement}.partial`;
  const outdated = (await namesIn(folder)).filter((name) => remove.includes(name));
  let count = 0;
  try {
    await makeFolder(partial);
    for (const [name, content] of Object.entries(files)) {
      await attempt(`write ${join(folder, name)}`, async () => {
        await requireReplaceable(join(folder, name));
        await writeThrough(join(partial, `${count++}+${name}`), content);
      });
    }
    await attempt(`replace the files in ${folder}`, async () => {
      for (const name of outdated) await writeThrough(join(partial, `${count++}-${name}`), "");
      await flushFolder(partial);
      await Deno.rename(partial, replacement);
      await flushFolder(folder);
    });
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw error;
  }
  await putInPlace(folder, basename(replacement));
}

/**
 * Puts in place what a killed run had written but not yet moved; to be called before files that belong
 * together are read. A folder that is not there, or has nothing to settle, is left alone.
 *
 * @throws {Error} If nothing may be written here.
 */
export async function settleFiles(folder: string): Promise<void> {
  for (const name of await replacementsIn(folder)) {
    try {
      await putInPlace(folder, name);
    } catch (error) {
      throw new Error(
        `${folder} holds files that a killed run has not put in place, and this one may not; run ` +
          `what was killed again, or for results: deno task plot ${shellPath(folder)}`,
        { cause: error },
      );
    }
  }
}

/** Whether files in a folder are being put in place at this moment. */
export async function isBeingReplaced(folder: string): Promise<boolean> {
  return (await replacementsIn(folder)).length > 0;
}

/** Whether a name is that of a file or folder which is only there on the way to another one. */
export function isLeftover(name: string): boolean {
  return PARTIAL.test(name) || REPLACEMENT.test(name);
}

/**
 * Settles a folder and removes the temporary files of killed runs; only for who has the folder to
 * himself.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  await settleFiles(folder);
  for (const name of (await namesIn(folder)).filter(isLeftover)) {
    await Deno.remove(join(folder, name), { recursive: true }).catch(ignoreMissing);
  }
}

/** Makes a folder, with those above it; one that is there already is fine. */
export async function makeFolder(path: string): Promise<void> {
  await attempt(`make the folder ${path}`, () => Deno.mkdir(path, { recursive: true }));
}

/**
 * Marks what this process writes; the time of its start tells it from one that was killed and had the
 * same number.
 */
function ownMark(): string {
  return `${Deno.pid}-${Math.round(performance.timeOrigin)}-${++written}`;
}

async function putInPlace(folder: string, replacement: string): Promise<void> {
  const from = join(folder, replacement);
  const entries = (await namesIn(from)).map((entry) => ENTRY.exec(entry)).filter((e) => e !== null)
    .sort(([, a], [, b]) => Number(a) - Number(b));
  await attempt(`put the files in place that are in ${from}`, async () => {
    for (const [entry, , sign, name] of entries) {
      const path = join(folder, name);
      // Missing is what somebody else, or this run before it was killed, has done already.
      if (sign === "+") await Deno.rename(join(from, entry), path).catch(ignoreMissing);
      else await Deno.remove(path).catch(ignoreMissing);
    }
    await flushFolder(folder);
    await Deno.remove(from, { recursive: true }).catch(ignoreMissing);
  });
}

async function requireReplaceable(path: string): Promise<void> {
  const stat = await Deno.lstat(path).catch(ignoreMissing);
  if (stat?.isDirectory) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
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

async function replacementsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => REPLACEMENT.test(name));
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
