/**
 * One task at a time in a folder of results. The lock is that of the operating system on a file
 * `.lock`, so it ends with its process however that ends; what is written in the file only names who
 * holds it, or who was killed while he did.
 *
 * @module
 */

import { join } from "node:path";
import { attempt } from "./attempt.ts";
import { isLeftover, LOCK_FILE, makeFolder, removeLeftovers } from "./whole_files.ts";

/** Who works in a folder. */
interface Holder {
  /** Number of the process. */
  readonly pid: number;
  /** Machine on which it runs. */
  readonly host: string;
  /** When the process began, in ISO 8601. */
  readonly since: string;
  /** What was asked for, such as `deno task train --seed 1`. */
  readonly command: string;
}

/** How long a holder may take to write who he is. [ms] */
const NAMING_MS = 2_000;

/** A folder that nobody else works in until this is disposed of. */
export type FolderLock = Disposable;

/**
 * Takes a folder, making it if there is none, and removes what killed runs have left behind.
 *
 * @param folder Where this task will write.
 * @throws {Error} Naming process, machine, time and command of the task that is at work there.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const existed = await isFolder(folder);
  await makeFolder(folder);
  const lock = await take(folder);
  if (lock === null) {
    throw new Error(
      `${folder} is in use by ${await nameHolder(folder)}; wait until it has ended, or choose ` +
        "another folder",
    );
  }
  try {
    const dead = await describeHolder(folder);
    if (dead !== UNKNOWN) {
      console.error(`${folder}: taking over from ${dead}, which was killed at work`);
    }
    await removeLeftovers(folder);
    await attempt(`write ${join(folder, LOCK_FILE)}`, () => announce(lock));
  } catch (error) {
    release(folder, lock, existed);
    throw error;
  }
  return { [Symbol.dispose]: () => release(folder, lock, existed) };
}

/** Whether a folder holds nothing and nobody works in it; one that is not there is free. */
export async function isFree(folder: string): Promise<boolean> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
  if (names.some((name) => name !== LOCK_FILE && !isLeftover(name))) return false;
  return await isUnlocked(folder);
}

/** Whether nobody works in a folder. */
async function isUnlocked(folder: string): Promise<boolean> {
  try {
    using file = await Deno.open(join(folder, LOCK_FILE), { read: true, write: true });
    return await file.tryLock(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

const UNKNOWN = "another process";

/** The locked file; `null` if somebody else holds it. */
async function take(folder: string): Promise<Deno.FsFile | null> {
  const path = join(folder, LOCK_FILE);
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

async function announce(file: Deno.FsFile): Promise<void> {
  const holder: Holder = {
    pid: Deno.pid,
    host: hostName(),
    since: new Date(performance.timeOrigin).toISOString(),
    command: `deno task ${commandLine()}`,
  };
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  await file.write(new TextEncoder().encode(JSON.stringify(holder) + "\n"));
}

function release(folder: string, file: Deno.FsFile, existed: boolean): void {
  const path = join(folder, LOCK_FILE);
  const isWindows = Deno.build.os === "windows";
  // Removed while it is locked: whoever opens it from now on makes a new one. Windows refuses that.
  if (isWindows) file.close();
  removeIfPossible(path);
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
    const holder = await describeHolder(folder);
    if (holder !== UNKNOWN) return holder;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return UNKNOWN;
}

async function describeHolder(folder: string): Promise<string> {
  try {
    const holder = JSON.parse(await Deno.readTextFile(join(folder, LOCK_FILE))) as Holder;
    const { pid, host, since, command } = holder;
    if ([pid, host, since, command].includes(undefined!)) return UNKNOWN;
    return `process ${pid} on ${host} since ${since} (${command})`;
  } catch {
    // Empty, not readable while it is locked (Windows), or not yet written.
    return UNKNOWN;
  }
}

function commandLine(): string {
  const name = Deno.mainModule.split("/").at(-1)!.replace(/\.ts$/, "");
  return [name, ...Deno.args].join(" ");
}

function hostName(): string {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : "this machine";
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
}
