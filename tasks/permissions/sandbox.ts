/**
 * From what a task needs and what its arguments name to the flags of `deno run` that allow just that.
 *
 * @module
 */

import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./arguments.ts";
import { type ConfinedTask, DENO, type NativePackage, type Needs, needsOf } from "./needs.ts";
import { recordedSources } from "./recorded.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What every task reads: modules of Workers, and WASM files of packages. */
const CODE = ["lib", "node_modules"];

/** What a task that is started with `args` is allowed, as flags of `deno run`. */
export function sandboxFlags(name: ConfinedTask, args: readonly string[]): string[] {
  const needs = needsOf(name, args);
  const { values } = readArguments(args);
  const write = paths(needs.write ?? []);
  const read = [
    ...CODE.map((folder) => join(ROOT, folder)),
    ...realPath(join(ROOT, "node_modules")),
    ...paths(needs.read ?? []),
    ...paths(values.flatMap(pathsIn)),
    ...write,
  ];
  return [
    "--no-prompt",
    ...(needs.unstable ?? []).map((feature) => `--unstable-${feature}`),
    ...(needs.v8 ?? []).map((flag) => `--v8-flags=--${flag}`),
    ...allow("read", [...read, ...recordedSources(read)].map(sayable)),
    ...allow("write", write.map(sayable)),
    ...allow("env", needs.env ?? []),
    ...allow("sys", needs.sys ?? []),
    ...allow("ffi", nativeFolders(needs.ffi ?? []).map(sayable)),
    ...allow("run", programs(needs)),
    ...allow("net", needs.net ?? []),
  ];
}

/** The module of a task. */
export function taskModule(name: string): string {
  return join(ROOT, "tasks", `${name.replaceAll(":", "_")}.ts`);
}

function allow(what: string, list: readonly string[]): string[] {
  return list.length === 0 ? [] : [`--allow-${what}=${[...new Set(list)].join(",")}`];
}

function paths(named: readonly (string | undefined)[]): string[] {
  return named.filter((path) => path !== undefined && path !== "").map((path) => resolve(path!));
}

/** A value is a path, or several with commas between; an address and standard input are none. */
function pathsIn(value: string): string[] {
  if (value === "-" || /^https?:/.test(value)) return [];
  return value.includes(",") && !exists(value) ? value.split(",") : [value];
}

/** Deno takes a comma for the end of a path: the folder above is allowed in its place. */
function sayable(path: string): string {
  return path.includes(",") ? sayable(dirname(path)) : path;
}

/** Where the native libraries of packages are, as Deno lays them out. */
function nativeFolders(packages: readonly NativePackage[]): string[] {
  if (packages.length === 0) return [];
  const { npm } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.lock"))) as {
    npm: Record<string, { os?: string[]; cpu?: string[] }>;
  };
  const store = join(
    realPath(join(ROOT, "node_modules"))[0] ?? join(ROOT, "node_modules"),
    ".deno",
  );
  const os = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  const cpu = Deno.build.arch === "x86_64" ? "x64" : "arm64";
  return Object.entries(npm).filter(([id, platform]) =>
    packages.some((name) => id.startsWith(`${name}-`)) &&
    platform.os?.includes(os) && platform.cpu?.includes(cpu)
  ).map(([id]) => join(store, id.replace("/", "+")));
}

/** The programs that there are, as paths: what is not on this machine cannot be allowed. */
function programs({ run = [] }: Needs): string[] {
  if (run.length === 0) return [];
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  return run.flatMap((name) => {
    if (name === DENO) return [Deno.execPath()];
    if (name.includes("/")) return [resolve(ROOT, name)];
    const names = Deno.build.os === "windows" ? [`${name}.exe`] : [name];
    return folders.flatMap((folder) => names.map((name) => join(folder, name))).filter((path) =>
      exists(path, ({ isFile }) => isFile)
    )
      .slice(0, 1);
  });
}

function exists(path: string, wanted: (stat: Deno.FileInfo) => boolean = () => true): boolean {
  try {
    return wanted(Deno.statSync(path));
  } catch {
    return false;
  }
}

function realPath(path: string): string[] {
  try {
    return [Deno.realPathSync(path)];
  } catch {
    return [];
  }
}
