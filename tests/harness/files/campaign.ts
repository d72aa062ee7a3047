/**
 * Many cases of one kind: in a process of its own, which is started again behind the case that ended
 * it, and some through the tasks themselves.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { stream } from "../../../lib/random.ts";
import { taskArguments, type TaskName } from "../../helpers/task_command.ts";
import { outsideOf, placeCase, prepareRoot } from "./case.ts";
import { kinds } from "./kinds.ts";
import { broken, type Verdict, verdictOfTask } from "./verdict.ts";
import { type Patience, watch } from "./watch.ts";

/** What to do. */
export interface Plan {
  /** Name of the kind. */
  readonly kind: string;
  /** Decides every case. */
  readonly seed: number;
  /** Number of the first case. */
  readonly first: number;
  /** Cases that readers get in a process of their own. */
  readonly cases: number;
  /** Cases that a task gets. */
  readonly commands: number;
  /** Where the files lie. */
  readonly root: string;
  /** Where the files of broken cases are kept. */
  readonly keep: string;
}

/** What came of it. */
export interface Tally {
  readonly kind: string;
  accepted: number;
  refused: number;
  /** What broke something, with the folder of its files. */
  readonly broken: string[];
  /** Longest time of a case in the readers' process. [ms] */
  longestMs: number;
  /** Largest resident memory of the readers' process and of a task. [bytes] */
  peakBytes: number;
}

const READERS: Patience = { silentMs: 30_000, residentBytes: 2.5 * 2 ** 30 };
const TASKS: Patience = { silentMs: 120_000, residentBytes: 3 * 2 ** 30 };
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs the cases of a kind. */
export async function campaign(plan: Plan): Promise<Tally> {
  const { kind, seed, first, cases, commands, root } = plan;
  const tally = { kind, accepted: 0, refused: 0, broken: [], longestMs: 0, peakBytes: 0 };
  const end = first + cases;
  for (let next = first; next < end;) next = await readCases(plan, next, end, tally);
  const random = stream(seed, "commands", kind);
  const list = kinds[kind].commands(`${root}/case`, `${root}/out`);
  for (let k = 0; k < commands && list.length > 0; k++) {
    await commandCase(plan, list[k % list.length], first + random.below(1e6), tally);
  }
  return tally;
}

/** Reads cases until one ends the process; answers the number of the next case. */
async function readCases(plan: Plan, first: number, end: number, tally: Tally): Promise<number> {
  const { kind, seed, root } = plan;
  let current = { number: first, mutation: "the valid files" };
  let [next, began] = [first, performance.now()];
  const readers = [
    ...["run", "--quiet", "--config=deno.json", "--node-modules-dir=none", "--no-prompt"],
    ...[
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
      "--allow-run",
    ],
    fileURLToPath(new URL("readers.ts", import.meta.url)),
  ];
  const failed: [number, string, string][] = [];
  const args = [...readers, ...[kind, seed, first, end, root].map(String)];
  const ending = await watch(command(args), READERS, (line) => {
    const told = JSON.parse(line) as typeof current & Partial<Verdict>;
    if (told.outcome === undefined) {
      current = told;
      began = performance.now();
      return;
    }
    next = told.number + 1;
    tally.longestMs = Math.max(tally.longestMs, performance.now() - began);
    if (told.outcome === "broken") failed.push([told.number, told.mutation, told.message!]);
    else tally[told.outcome]++;
  });
  tally.peakBytes = Math.max(tally.peakBytes, ending.peakBytes);
  const isDead = ending.stopped !== null || ending.code !== 0;
  if (isDead || ending.stderr !== "") {
    const said = `exit code ${ending.code}: ${ending.stderr.slice(0, 500)}`;
    failed.push([current.number, current.mutation, ending.stopped ?? said]);
    next = current.number + 1;
  }
  for (const [number, mutation, message] of failed) {
    tally.broken.push(`${await keepCase(plan, number)} (${mutation}): ${message}`);
  }
  return next;
}

async function commandCase(
  plan: Plan,
  [name, ...args]: readonly string[],
  number: number,
  tally: Tally,
): Promise<void> {
  const { kind, seed, root } = plan;
  const files = await prepareRoot(kind, root);
  const mutation = await placeCase({ kind, seed, number }, files, root);
  const before = await outsideOf(root);
  await Deno.remove(`${root}/out`, { recursive: true }).catch(() => {});
  const task = command(taskArguments(name as TaskName, args));
  const { code, stopped, stderr, peakBytes } = await watch(task, TASKS);
  const names = [...files.keys(), `${root}/case`, ...kinds[kind].alsoNames ?? []];
  const verdict = await outsideOf(root) !== before
    ? broken("wrote outside of its folder")
    : stopped !== null
    ? broken(stopped)
    : verdictOfTask(code, stderr, names);
  tally.peakBytes = Math.max(tally.peakBytes, peakBytes);
  if (verdict.outcome === "broken") {
    const folder = await keepCase(plan, number);
    tally.broken.push(`${folder} (${mutation}): deno task ${name}: ${verdict.message}`);
  } else tally[verdict.outcome]++;
}

function command(args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Keeps the files of a case that broke something. */
async function keepCase({ kind, seed, root, keep }: Plan, number: number): Promise<string> {
  await placeCase({ kind, seed, number }, await prepareRoot(kind, root), root);
  const folder = `${keep}/${kind}-seed${seed}-case${number}`;
  await Deno.mkdir(keep, { recursive: true });
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.rename(`${root}/case`, folder);
  return folder;
}
