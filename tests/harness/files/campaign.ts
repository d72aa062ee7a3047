/**
 * Many cases of one kind: in a process of its own, which is started again behind the case that ended
 * it, and some through the command line.
 *
 * @module
 */

import { stream } from "../../../lib/random.ts";
import { makeCase } from "./case.ts";
import { runTask } from "./command_line.ts";
import { type FileKind, kinds } from "./kinds.ts";
import { outsideOf, placeCase, prepareRoot } from "./place.ts";
import { broken, type Verdict } from "./verdict.ts";
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

/** A case that broke something. */
export interface Broken {
  readonly number: number;
  readonly mutation: string;
  readonly message: string;
  /** Where its files are. */
  readonly folder: string;
}

/** What came of it. */
export interface Tally {
  readonly kind: string;
  accepted: number;
  refused: number;
  readonly broken: Broken[];
  /** Cases that a task had. */
  commands: number;
  /** Largest resident memory of the readers' process. [bytes] */
  readerBytes: number;
  /** Largest resident memory of a task. [bytes] */
  commandBytes: number;
  /** Longest time of a case in the readers' process. [ms] */
  longestMs: number;
  /** Time of the readers' cases. [s] */
  seconds: number;
}

const PATIENCE: Patience = { silentMs: 30_000, residentBytes: 2.5 * 2 ** 30 };

/** Runs the cases of a kind. */
export async function campaign(plan: Plan): Promise<Tally> {
  const tally: Tally = {
    kind: plan.kind,
    accepted: 0,
    refused: 0,
    broken: [],
    commands: 0,
    readerBytes: 0,
    commandBytes: 0,
    longestMs: 0,
    seconds: 0,
  };
  const began = performance.now();
  const end = plan.first + plan.cases;
  for (let next = plan.first; next < end;) next = await readCases(plan, next, end, tally);
  tally.seconds = (performance.now() - began) / 1000;
  const kind = kinds[plan.kind];
  const random = stream(plan.seed, "commands", plan.kind);
  const list = kind.commands(`${plan.root}/case`, `${plan.root}/out`);
  for (let k = 0; k < plan.commands && list.length > 0; k++) {
    await commandCase(plan, kind, list[k % list.length], plan.first + random.below(1e6), tally);
  }
  return tally;
}

/** Reads cases until one ends the process; answers the number of the next case. */
async function readCases(plan: Plan, first: number, end: number, tally: Tally): Promise<number> {
  const { kind, seed, root } = plan;
  let current = { number: first, mutation: "the valid files" };
  let [next, began] = [first, performance.now()];
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "--quiet",
        "--config=deno.json",
        "--node-modules-dir=none",
        "--allow-read",
        "--allow-write",
        "--allow-env",
        "--allow-sys",
        "--allow-run",
      ],
      ...[
        "--allow-ffi",
        `--allow-run=mkfifo,${Deno.execPath()}`,
        new URL("child.ts", import.meta.url).pathname,
      ],
      ...[kind, seed, first, end, root].map(String),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const failed: { number: number; mutation: string; message: string }[] = [];
  const ending = await watch(command, PATIENCE, (line) => {
    const told = JSON.parse(line) as typeof current & Partial<Verdict>;
    if (told.outcome === undefined) {
      current = told;
      began = performance.now();
      return;
    }
    next = told.number + 1;
    tally.longestMs = Math.max(tally.longestMs, performance.now() - began);
    if (told.outcome === "broken") failed.push({ ...told, message: told.message! });
    else tally[told.outcome]++;
  });
  tally.readerBytes = Math.max(tally.readerBytes, ending.peakBytes);
  const isDead = ending.stopped !== null || ending.code !== 0;
  if (isDead) {
    const message = ending.stopped ?? `exit code ${ending.code}: ${ending.stderr.slice(0, 500)}`;
    failed.push({ ...current, message });
    next = current.number + 1;
  } else if (ending.stderr !== "") {
    failed.push({ ...current, message: `printed: ${ending.stderr.slice(0, 500)}` });
  }
  for (const { number, mutation, message } of failed) {
    tally.broken.push({ number, mutation, message, folder: await keepCase(plan, number) });
  }
  return next;
}

async function commandCase(
  plan: Plan,
  kind: FileKind,
  command: readonly string[],
  number: number,
  tally: Tally,
): Promise<void> {
  const mutation = await putCase(plan, number);
  const { root } = plan;
  const before = await outsideOf(root);
  await Deno.remove(`${root}/out`, { recursive: true }).catch(() => {});
  const names = [...(await kind.files()).keys(), `${root}/case`, ...kind.alsoNames ?? []];
  const { peakBytes, ...verdict } = await runTask(command, names);
  const touched = await outsideOf(root) !== before;
  const { outcome, message } = touched ? broken("wrote outside of its folder") : verdict;
  tally.commands++;
  tally.commandBytes = Math.max(tally.commandBytes, peakBytes);
  if (outcome === "broken") {
    const told = `deno task ${command[0]}: ${message}`;
    tally.broken.push({ number, mutation, message: told, folder: await keepCase(plan, number) });
  } else tally[outcome]++;
}

/** Puts a case into its folder again; answers what was done to it. */
async function putCase({ kind: name, seed, root }: Plan, number: number): Promise<string> {
  const kind = kinds[name];
  const files = await kind.files();
  await prepareRoot(root, files, kind.target);
  const seal = kind.seal ?? ((bytes) => Promise.resolve(bytes));
  const which = { kind: name, seed, number };
  const made = await makeCase(which, files, kind.target, kind.syntax, seal);
  await placeCase(root, made, kind.target);
  return made.mutation;
}

/** Keeps the files of a case that broke something. */
async function keepCase(plan: Plan, number: number): Promise<string> {
  await putCase(plan, number);
  const folder = `${plan.keep}/${plan.kind}-seed${plan.seed}-case${number}`;
  await Deno.mkdir(plan.keep, { recursive: true });
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.rename(`${plan.root}/case`, folder);
  return folder;
}
