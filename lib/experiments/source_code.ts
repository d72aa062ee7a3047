/**
 * Which code a result comes from: the commit, the packages it goes through, and a fingerprint over the
 * modules that are reached from the one that computed it, which holds where there is no repository as
 * well. Git's files are read as they are; no program is started.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import { sha256Hex } from "../sha256.ts";

/** The code of a result. */
export interface SourceCode {
  /** The module that computed it, such as `lib/experiments/training_run.ts`. */
  readonly module: string;
  /** SHA-256 over that and the modules that are reached from it. [hex] */
  readonly sources: string;
  /** Commit that is checked out, or `unknown` where there is none or it cannot be read. */
  readonly commit: string;
  /** Versions of Deno, V8 and the packages that those modules use; and the platform. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a terminal shows is no part of a result. */
const SHOWN = /\/lib\/cli\//;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The code that is reached from a module: its address, or its path in the project. */
export async function sourceCode(module: string): Promise<SourceCode> {
  const entry = module.startsWith("file:") ? fileURLToPath(module) : join(ROOT, module);
  const lines: string[] = [];
  const packages = new Map<string, string>();
  for (const [path, text] of await reachableModules(entry)) {
    lines.push(`${await sha256Hex(text)} ${path.slice(ROOT.length)}\n`);
    for (const [name, address] of Object.entries(denoJson.imports)) {
      if (text.includes(`"${name}"`)) packages.set(name, address.split("@").at(-1)!);
    }
  }
  return {
    module: entry.slice(ROOT.length),
    sources: await sha256Hex(lines.sort().join("")),
    commit: await commitOf(join(ROOT, ".git")),
    versions: {
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      platform: `${Deno.build.os} ${Deno.build.arch}`,
      ...Object.fromEntries([...packages].sort()),
    },
  };
}

/** Texts of modules by path: what is imported, and what is started as a Worker. */
export async function reachableModules(entry: string): Promise<ReadonlyMap<string, string>> {
  const modules = new Map([[entry, await Deno.readTextFile(entry)]]);
  for (const [path, text] of modules) {
    const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
    for (const [, specifier] of code.matchAll(/"(\.{1,2}\/[^"]+\.ts)"/g)) {
      const next = resolve(path, "..", specifier);
      // A text that only looks like the name of a module is none.
      const found = modules.has(next) || SHOWN.test(next) ? null : await textOf(next);
      if (found !== null) modules.set(next, found);
    }
  }
  return modules;
}

/** The commit that is checked out, by `.git`. */
export async function commitOf(git: string): Promise<string> {
  // In a linked worktree it is a file that names the folder, whose references are elsewhere.
  const [, target] = /^gitdir: (.+)$/m.exec(await textOf(git) ?? "") ?? [];
  const folder = target === undefined ? git : resolve(git, "..", target);
  const common = resolve(folder, (await textOf(join(folder, "commondir")))?.trim() ?? ".");
  const head = (await textOf(join(folder, "HEAD")))?.trim() ?? "unknown";
  const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
  if (ref === undefined) return head;
  const loose = await textOf(join(folder, ref)) ?? await textOf(join(common, ref));
  if (loose !== null) return loose.trim();
  const packed = await textOf(join(common, "packed-refs")) ?? "";
  return packed.split("\n").find((line) => line.endsWith(` ${ref}`))?.split(" ")[0] ?? "unknown";
}

/** The text of a file; `null` if there is none or it may not be read. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const { NotFound, NotADirectory, IsADirectory, NotCapable, PermissionDenied } = Deno.errors;
    const expected = [NotFound, NotADirectory, IsADirectory, NotCapable, PermissionDenied];
    if (expected.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}
