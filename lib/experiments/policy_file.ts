/**
 * Policies from files of their own: modules whose default export is a {@linkcode Policy}, named on
 * the command line by their path and in results by their file name; or functions in Python
 * ({@link ./python_policy.ts}).
 *
 * A policy from a file is watched while it plays. One that does not do what the interface asks of it
 * ends the play with a line that names the file and the fault; the others are spared the check.
 *
 * @module
 */

import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Decision } from "../env/decision.ts";
import type { EnergyMarketEnv } from "../env/energy_market_env.ts";
import type { Act, Policy } from "../policies/policy.ts";
import { didYouMean } from "../text/nearest.ts";
import { quoted } from "../text/shown.ts";
import { type FilePolicy, isPythonPolicy, startPythonPolicy } from "./python_policy.ts";

/** What a file of a policy ends in. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/** A name that can stand in a table, a file name and an address. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** Whether a word of `--policies` is the path of a file, or names a function in Python. */
export function isPolicyFile(word: string): boolean {
  return isPythonPolicy(word) || ENDINGS.includes(extname(word)) || /[/\\]/.test(word);
}

/**
 * The words of a comma-separated list of policies, each once: names among `known`, or files.
 *
 * @param what What the list was given for, such as `--policies`.
 * @throws {RangeError} If a word is neither.
 */
export function policyWords(what: string, list: string, known: readonly string[]): string[] {
  const words = [...new Set(list.split(",").map((word) => word.trim()))];
  for (const word of words) {
    if (known.includes(word) || isPolicyFile(word)) continue;
    throw new RangeError(
      `${what} must be some of ${known.join(", ")}, a file such as ./mine.ts, or ` +
        "python:MODULE:FUNCTION, got " +
        `${quoted(word)}${didYouMean(word, known)}`,
    );
  }
  return words;
}

/**
 * The policies of those of the words that are files, by their word.
 *
 * @param taken Names that policies of the project have.
 * @throws {Error} As {@linkcode readPolicyFile} does, or if two files have the same name.
 */
export async function readPolicyFiles(
  words: readonly string[],
  taken: readonly string[],
): Promise<ReadonlyMap<string, FilePolicy>> {
  const policies = new Map<string, FilePolicy>();
  for (const path of words.filter(isPolicyFile)) {
    const names = [...policies.values()].map(({ name }) => name);
    policies.set(path, await readPolicyFile(path, [...taken, ...names]));
  }
  return policies;
}

/** The files that decide what policies do. */
export function filesOf(own: ReadonlyMap<string, FilePolicy>): string[] {
  return Array.from(own.values(), ({ file }) => file);
}

/**
 * The policy that is the default export of a module, or a function in Python.
 *
 * @param path The module; the policy is called by its name without the ending.
 * @param taken Names that other policies have.
 * @throws {Error} In one line, if there is no such file, it cannot be loaded, or what it exports by
 * default is no policy. What the policy does wrong while it plays is thrown there.
 *
 * @example
 * ```ts
 * import { readPolicyFile } from "./policy_file.ts";
 * const path = `${await Deno.makeTempDir()}/idle.ts`;
 * await Deno.writeTextFile(
 *   path,
 *   "export default { begin: () => (_seen, { numbers }) => void numbers.fill(0) };",
 * );
 * const policy = await readPolicyFile(path);
 * if (policy.name !== "idle") throw new Error(policy.name);
 * ```
 */
export async function readPolicyFile(
  path: string,
  taken: readonly string[] = [],
): Promise<FilePolicy> {
  if (isPythonPolicy(path)) {
    const policy = await startPythonPolicy(path);
    if (taken.includes(policy.name)) {
      throw new Error(
        `${path} would be the second policy called ${policy.name}; rename the function`,
      );
    }
    return { ...watched(policy, policy.name, path), file: policy.file };
  }
  const name = basename(path, extname(path));
  if (!NAME.test(name)) {
    throw new Error(
      `the policy in ${quoted(path)} is called by its file's name, which must be of up to 40 ` +
        "letters, digits, dots and dashes; rename the file",
    );
  }
  if (taken.includes(name)) {
    throw new Error(`${path} would be the second policy called ${name}; rename the file`);
  }
  const exported = await defaultExport(path);
  if (typeof exported !== "object" || exported === null || !("begin" in exported)) {
    throw new Error(
      `${path}: the default export must be a policy, got ${kindOf(exported)}; ${SHAPE}`,
    );
  }
  if (typeof exported.begin !== "function") {
    throw new Error(`${path}: begin must be a function, got ${kindOf(exported.begin)}; ${SHAPE}`);
  }
  return { ...watched(exported as Policy, name, path), file: path };
}

const SHAPE = "write export default { begin: (env) => (observation, decision) => { … } }";

async function defaultExport(path: string): Promise<unknown> {
  const found = await Deno.stat(path).catch(() => null);
  if (found === null || !found.isFile) {
    throw new Error(`${path} is no file; name a module whose default export is a policy`);
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new Error(`${path} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
  if (!("default" in module)) throw new Error(`${path} has no default export; ${SHAPE}`);
  return module.default;
}

/** The same policy, with every fault of it in one line. */
function watched(policy: Policy, name: string, path: string): Policy {
  const run = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new Error(`${path}: ${what} threw ${reasonOf(error)}`, { cause: error });
    }
  };
  return {
    name,
    ...(policy.mechanism !== undefined && { mechanism: policy.mechanism }),
    async begin(env) {
      const act: unknown = await run("begin", () => policy.begin(env));
      if (typeof act !== "function") {
        throw new Error(`${path}: begin must return a function, got ${kindOf(act)}; ${SHAPE}`);
      }
      return async (observation, decision) => {
        const when = `act, in slot ${env.state.step} of the episode,`;
        const { numbers } = decision;
        numbers.fill(NaN);
        const returned: unknown = await run(when, () => (act as Act)(observation, decision));
        if (returned !== undefined) {
          throw new Error(
            `${path}: ${when} must write into the numbers or curves of its second argument and ` +
              `return nothing; it returned ${kindOf(returned)}`,
          );
        }
        const at = numbers.findIndex((number, k) =>
          !Number.isFinite(number) && counts(env, decision, k)
        );
        if (at >= 0) {
          throw new Error(
            `${path}: ${when} must write a finite number to numbers[${at}], ` +
              `${meaningOf(at, env)}, got ${numbers[at]}`,
          );
        }
      };
    },
  };
}

/** Whether the number at `index` says anything: not that of an empty slot, nor beside a curve. */
function counts(env: EnergyMarketEnv, { curves }: Decision, index: number): boolean {
  const { actionSpace: { names, orders }, homes, world: { stores, firstStore, spaces } } = env;
  const row = Math.floor(index / names.length), number = index % names.length;
  const slot = orders === "curves" ? Math.floor(number / 2) : number;
  if (slot >= spaces.observation.storeSlots.length) return true;
  const home = row % homes, c = Math.floor(row / homes);
  for (let s = firstStore[home]; s < firstStore[home + 1]; s++) {
    if (spaces.slotOfStore[s] !== slot) continue;
    return orders === "inelastic" || curves.stepCount[c * stores.length + s] === 0;
  }
  return false;
}

/** What the number at `index` stands for. */
function meaningOf(index: number, { dataset, homes, actionSpace: { names } }: EnergyMarketEnv) {
  const { id } = dataset.community.prosumers[Math.floor(index / names.length) % homes];
  return `${names[index % names.length]} of ${quoted(id)}`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const { length } = value as unknown as ArrayLike<unknown>;
    return `${value.constructor.name} of ${length} numbers`;
  }
  if (typeof value === "object") {
    const keys = Object.keys(value);
    return keys.length === 0 ? "an object" : `an object with ${keys.slice(0, 5).join(", ")}`;
  }
  return typeof value === "string" ? quoted(value) : `a ${typeof value}`;
}

/** The first line of what was thrown. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return quoted(String(error));
  return `${error.name}: ${error.message}`.split("\n")[0];
}
