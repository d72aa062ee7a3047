/**
 * How recorded results are made again: by which commands, what differs from when they were made, and
 * the new files beside those that were recorded.
 *
 * @module
 */

import { datasetHash } from "../data/hash.ts";
import { shellPath, shellWord } from "../text/shell.ts";
import { quoted } from "../text/shown.ts";
import { loadDataset } from "./dataset_source.ts";
import { fileFingerprint, wholeFileFingerprint } from "./fingerprints.ts";
import { type Command, type Provenance, PROVENANCE_FILE, readProvenance } from "./provenance.ts";
import { exists } from "../disk/exists.ts";
import { sourceCode } from "./source_code.ts";

/** Tasks that can be run again; a file cannot name any other program. */
const TASKS = ["train", "evaluate", "benchmark"];

/**
 * How the results in a folder were made, if they can be made again.
 *
 * @throws {Error} In one line that says what is missing.
 */
export async function reproducible(folder: string): Promise<Provenance> {
  if (!await exists(`${folder}/${PROVENANCE_FILE}`)) {
    throw new Error(
      `${folder} has no ${PROVENANCE_FILE}, so command, seeds, data and code are not known; only ` +
        "what tasks of this version write can be made again",
    );
  }
  const recorded = await readProvenance(folder);
  if (!recorded.whole) {
    const { task, arguments: given } = recorded.commands.at(-1)!;
    const line = ["deno task", task, ...given.map(shellWord)].join(" ");
    throw new Error(`${folder} is not whole: "${line}" was stopped; let it end first`);
  }
  for (const path of Object.keys(recorded.inputs)) {
    if (!await exists(path)) {
      throw new Error(`${path} is gone, from which these results were made; put it back`);
    }
  }
  return recorded;
}

/**
 * What to run, as task and arguments.
 *
 * @param target Folder for the results.
 * @param config File in which the recorded configuration is.
 * @throws {Error} If the history cannot be played again.
 */
export function replayCommands(
  { commands }: Pick<Provenance, "commands">,
  target: string,
  config: string,
): string[][] {
  const foreign = commands.find(({ task }) => !TASKS.includes(task));
  if (foreign !== undefined) {
    throw new Error(
      `${PROVENANCE_FILE}: the task must be one of ${TASKS.join(", ")}, got ` +
        quoted(foreign.task),
    );
  }
  return straightened(commands).map(({ task, arguments: given, to }, k) => {
    if (k > 0) return [task, "--resume", target, "--timesteps", String(to)];
    const hasConfig = given.some((argument) => /^--config(=|$)/.test(argument));
    return [
      task,
      ...without(given, ["out", "config", ...to === undefined ? [] : ["timesteps"]]),
      ...["--out", target],
      ...hasConfig ? ["--config", config] : [],
      // The configuration has the end of the last command.
      ...to === undefined ? [] : ["--timesteps", String(to)],
    ];
  });
}

/** Such commands as a reader may paste them into a shell. */
export function commandLines(commands: readonly (readonly string[])[]): string[] {
  return commands.map(([task, ...given]) =>
    [
      "deno task",
      task,
      ...given.map((word) => word.startsWith("-") ? shellWord(word) : shellPath(word)),
    ]
      .join(" ")
  );
}

/** What is not as it was when the results were made, a line each. */
export async function differences(recorded: Provenance): Promise<string[]> {
  const { data: { source, hash }, code, inputs } = recorded;
  const pairs: [what: string, was: string, is: string][] = [];
  if (code.module !== undefined) {
    const now = await sourceCode(code.module);
    for (const [name, version] of Object.entries(now.versions)) {
      pairs.push([name, recorded.versions[name] ?? "none", version]);
    }
    pairs.push(["commit", code.commit, now.commit]);
    pairs.push(["fingerprint of the sources", code.sources, now.sources]);
  }
  if (source.data === "synthetic" || await exists(source.data)) {
    pairs.push(["data", hash, await datasetHash(await loadDataset(source))]);
  }
  for (const [path, was] of Object.entries(inputs)) {
    pairs.push([path, was, await exists(path) ? await wholeFileFingerprint(path) : "gone"]);
  }
  return pairs.filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `${what} was ${short(was)}, now ${short(is)}`);
}

/** A row per file: name, fingerprint that is recorded, fingerprint of the new one, verdict. */
export async function compareResults(
  folder: string,
  recorded: Pick<Provenance, "results">,
  target: string,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, was] of Object.entries(recorded.results)) {
    const [here, anew] = [await fingerprintOf(folder, name), await fingerprintOf(target, name)];
    const verdict = here === "gone"
      ? "the recorded file is gone"
      : here !== was
      ? "the file was changed since it was recorded"
      : anew === was
      ? "same"
      : anew === "gone"
      ? "not made again"
      : "differs";
    rows.push([name, short(was), short(anew), verdict]);
  }
  return rows;
}

/**
 * The commands without resumptions that only went on to the same end, as stopping changes nothing.
 */
function straightened([first, ...rest]: readonly Command[]): Command[] {
  const isResumption = first.arguments.some((argument) => /^--resume(=|$)/.test(argument));
  if (isResumption || (first.from ?? 0) > 0) {
    throw new Error(
      `${PROVENANCE_FILE}: this training was begun by a version that kept no record; what led to ` +
        `timestep ${first.from ?? 0} is not known`,
    );
  }
  const kept = [first];
  for (const command of rest) {
    const before = kept[kept.length - 1];
    if (command.to === before.to) continue;
    if (command.from! < before.to!) {
      throw new Error(
        `${PROVENANCE_FILE}: this training was stopped at timestep ${command.from} of ` +
          `${before.to} and then given the end ${command.to}; a stop by hand cannot be made again`,
      );
    }
    kept.push(command);
  }
  return kept;
}

/** Arguments without these flags and their values. */
function without(given: readonly string[], names: readonly string[]): string[] {
  const others: string[] = [];
  for (let k = 0; k < given.length; k++) {
    const name = names.find((name) => given[k] === `--${name}`);
    if (name !== undefined) k++;
    else if (!names.some((name) => given[k].startsWith(`--${name}=`))) others.push(given[k]);
  }
  return others;
}

async function fingerprintOf(folder: string, name: string): Promise<string> {
  return await exists(`${folder}/${name}`) ? await fileFingerprint(folder, name) : "gone";
}

/** Enough of a fingerprint to tell it by. */
function short(text: string): string {
  return /^[0-9a-f]{40,}$/.test(text) ? text.slice(0, 12) : text;
}
