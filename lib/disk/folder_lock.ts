/**
 * One task at a time in a folder of results. The lock is that of the operating system on a file
 * `.lock`, so it ends with its process however that ends; what is written in the file only names who
 * holds it, or who was killed while he did.
 *
 * @module
 */

import { say } from "../cli/terminal.ts";
import { ownArguments, ownName } from "../cli/called.ts";
import { shellWord } from "../text/shell.ts";
import { join } from "node:path";
import { shown, withoutPassword } from "../text/shown.ts";
import { attempt } from "./attempt.ts";
import { isLeftover, LOCK_FILE, makeFolder, removeLeftovers } from "./whole_files.ts";

/** How long a holder may take to write who he is. [ms] */
const NAMING_MS = 2_000;
/** Longest description of a holder. [characters] */
const LONGEST = 500;
const UNKNOWN = "another process";

/** A folder that nobody else works in until this is disposed of. */
export type FolderLock = Disposable;

/**
 * Takes a folder, making it if there is none, and removes what killed runs have left behind.
 *
 * @param folder Where this task will write.
 * @throws {Error} Naming process, machine, time and command of the task that is at work there.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const lock = await tryLockFolder(folder);
  if (lock !== null) return lock;
  throw new Error(
    `${folder} is in use by ${await nameHolder(folder)}; wait until it has ended, or choose ` +
      "another folder",
  );
}

/** The same; `null` if somebody else works there. */
export async function tryLockFolder(folder: string): Promise<FolderLock | null> {
  const existed = await Deno.stat(folder).then((stat) => stat.isDirectory, () => false);
  await makeFolder(folder);
  const lock = await take(join(folder, LOCK_FILE));
  if (lock === null) return null;
  const release = () => releaseFolder(folder, lock, existed);
  try {
    const dead = await holderIn(folder);
    if (dead !== UNKNOWN) {
      say(`${folder}: taking over from ${dead}, which was killed at work`, "stderr");
    }
    await removeLeftovers(folder);
    await attempt(`write ${join(folder, LOCK_FILE)}`, () => announce(lock));
  } catch (error) {
    release();
    throw error;
  }
  return { [Symbol.dispose]: release };
}

/** Whether a folder holds nothing and nobody works in it; one that is not there is free. */
export async function isFree(folder: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name !== LOCK_FILE && !isLeftover(name)) return false;
    }
    using file = await Deno.open(join(folder, LOCK_FILE), { read: true, write: true });
    return await file.tryLock(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/** The locked file; `null` if somebody else holds it. */
async function take(path: string): Promise<Deno.FsFile | null> {
  while (true) {
    const file = await attempt(
      `write ${path}`,
      () => Deno.open(path, { read: true, write: true, create: true }),
    );
    if (!await file.tryLock(true)) {
      file.close();
      return null;
    }
    // The last holder may have removed the file between the opening and the locking.
    const [mine, there] = [await file.stat(), await Deno.stat(path).catch(() => null)];
    if (there !== null && mine.ino === there.ino) return file;
    file.close();
  }
}

/** Writes who holds the lock, such as `process 7 on host since … (deno task train --seed 1)`. */
async function announce(file: Deno.FsFile): Promise<void> {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  const host = state === "granted" ? Deno.hostname() : "this machine";
  const since = new Date(performance.timeOrigin).toISOString();
  const words = ownArguments.map((word) => shellWord(withoutPassword(word)));
  const command = ["deno task", ownName, ...words].join(" ");
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  await file.write(
    new TextEncoder().encode(`process ${Deno.pid} on ${host} since ${since} (${command})`),
  );
}

function releaseFolder(folder: string, file: Deno.FsFile, existed: boolean): void {
  const isWindows = Deno.build.os === "windows";
  // Removed while it is locked: whoever opens it from now on makes a new one. Windows refuses that.
  if (isWindows) file.close();
  removeIfPossible(join(folder, LOCK_FILE));
  if (!isWindows) file.close();
  // A folder that was made for nothing goes as well; one that holds something cannot be removed.
  if (!existed) removeIfPossible(folder);
}

function removeIfPossible(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* it stays */ }
}

/** Between taking a lock and writing who took it there is a moment, which is waited for. */
async function nameHolder(folder: string): Promise<string> {
  for (let ms = 0; ms < NAMING_MS; ms += 20) {
    const holder = await holderIn(folder);
    if (holder !== UNKNOWN) return holder;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return UNKNOWN;
}

/** What the lock says, in a line; nothing is known where it is empty, or locked on Windows. */
async function holderIn(folder: string): Promise<string> {
  try {
    using file = await Deno.open(join(folder, LOCK_FILE));
    const bytes = new Uint8Array(4 * LONGEST);
    const text = new TextDecoder().decode(bytes.subarray(0, await file.read(bytes) ?? 0)).trim();
    return text === "" ? UNKNOWN : shown(text, LONGEST);
  } catch {
    return UNKNOWN;
  }
}
