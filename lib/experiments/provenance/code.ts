/**
 * Which code a result comes from: the commit, what was changed since, and a fingerprint of the
 * sources themselves, which holds where there is no repository as well. Git's files are read as they
 * are; no program is started.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { isAbsolute, join } from "node:path";
import { parseIndex } from "./git_index.ts";
import { sha256Hex } from "../../sha256.ts";

/** The code of a result. */
export interface Code {
  /** SHA-256 over the sources that make results: `lib/`, `tasks/`, `deno.json`, `deno.lock`. [hex] */
  readonly sources: string;
  /** Commit that is checked out, or `unknown` where there is none or it may not be read. */
  readonly commit: string;
  /** Sources that are not as they were last added to git, or `unknown`. */
  readonly changed: readonly string[] | "unknown";
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS = ["lib", "tasks"];
const FILES = ["deno.json", "deno.lock"];

/** The code in `root`; this repository's unless another is named. */
export async function describeCode(root: string = ROOT): Promise<Code> {
  const sources = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const path of await sourcePaths(root)) {
    sources.set(path, await Deno.readFile(join(root, path)));
  }
  return { sources: await fingerprint(sources), ...await gitState(root, sources) };
}

async function sourcePaths(root: string): Promise<string[]> {
  const paths: string[] = [...FILES];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(join(root, folder))) {
      if (isDirectory) await walk(`${folder}/${name}`);
      else if (isFile) paths.push(`${folder}/${name}`);
    }
  };
  for (const folder of FOLDERS) await walk(folder);
  return paths.sort();
}

async function fingerprint(sources: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<string> {
  const lines: string[] = [];
  for (const [path, bytes] of sources) lines.push(`${await sha256Hex(bytes)} ${path}\n`);
  return await sha256Hex(lines.join(""));
}

async function gitState(
  root: string,
  sources: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<Pick<Code, "commit" | "changed">> {
  try {
    const folder = await gitFolder(root);
    if (!await mayRead(join(folder, "HEAD"))) return { commit: "unknown", changed: "unknown" };
    return {
      commit: await headCommit(folder),
      changed: await changedSince(await Deno.readFile(join(folder, "index")), sources),
    };
  } catch (error) {
    const expected = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.IsADirectory;
    if (expected || error instanceof RangeError) return { commit: "unknown", changed: "unknown" };
    throw error;
  }
}

/** `.git`, or where the file of that name points to, as in linked worktrees. */
async function gitFolder(root: string): Promise<string> {
  const path = join(root, ".git");
  if (await mayRead(join(path, "HEAD")) && await optionalText(join(path, "HEAD")) !== null) {
    return path;
  }
  const [, target] = /^gitdir: (.+)$/m.exec(await Deno.readTextFile(path)) ?? [];
  if (target === undefined) throw new RangeError(`${path} names no folder`);
  return isAbsolute(target) ? target : join(root, target);
}

/** Asks nobody: what may not be read is left alone. */
async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

async function headCommit(folder: string): Promise<string> {
  const head = (await Deno.readTextFile(join(folder, "HEAD"))).trim();
  const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
  if (ref === undefined) return head;
  const shared = await commonFolder(folder);
  for (const place of [folder, shared]) {
    const text = await optionalText(join(place, ref));
    if (text !== null) return text.trim();
  }
  const packed = await optionalText(join(shared, "packed-refs")) ?? "";
  const line = packed.split("\n").find((line) => line.endsWith(` ${ref}`));
  return line?.split(" ")[0] ?? "unknown";
}

/** Linked worktrees keep their references with the first one. */
async function commonFolder(folder: string): Promise<string> {
  const target = (await optionalText(join(folder, "commondir")))?.trim();
  if (target === undefined) return folder;
  return isAbsolute(target) ? target : join(folder, target);
}

async function optionalText(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isMissing) return null;
    throw error;
  }
}

async function changedSince(
  index: Uint8Array,
  sources: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<string[]> {
  const added = parseIndex(index);
  const changed: string[] = [];
  for (const [path, bytes] of sources) {
    if (added.get(path) !== await blobName(bytes)) changed.push(path);
  }
  const ours = (path: string) =>
    FILES.includes(path) || FOLDERS.some((folder) => path.startsWith(`${folder}/`));
  for (const path of added.keys()) if (ours(path) && !sources.has(path)) changed.push(path);
  return changed.sort();
}

/** What git calls a file of this content. */
async function blobName(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-1", whole)).toHex();
}
