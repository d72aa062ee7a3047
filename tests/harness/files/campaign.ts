/**
 * Many cases of some kinds: readers get them in a process of their own, which may crash or hang, and
 * some go through the tasks themselves. The readers' process prints a line before and after each case,
 * so that the one that ended it is known: `campaign.ts KIND[,KIND…] SEED FIRST CASES ROOT`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { stream } from "../../../lib/random.ts";
import { taskArguments, type TaskName } from "../../helpers/task_command.ts";
import { outsideOf, placeCase, prepareRoot } from "./case.ts";
import { kinds } from "./kinds.ts";
import { broken, type Verdict, verdictOfError, verdictOfTask } from "./verdict.ts";

/** What to do. */
export interface Plan {
  /** Names of the kinds. */
  readonly kinds: readonly string[];
  /** Decides every case. */
  readonly seed: number;
  /** Number of the first case. */
  readonly first: number;
  /** Cases of each kind that readers get. */
  readonly cases: number;
  /** Cases of each kind that a task gets. */
  readonly commands: number;
  /** Where the files lie, in a folder for each kind. */
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
}

/** What a reader's case may take. */
const MOST_CASE_MS = 30_000, MOST_RESIDENT_BYTES = 2.5 * 2 ** 30;
const MOST_TASK_MS = 240_000;
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs the cases; the tallies are in the order of the kinds. */
export async function campaign(plan: Plan): Promise<Tally[]> {
  const { seed, first, commands, root } = plan;
  const tallies = plan.kinds.map((kind): Tally => ({ kind, accepted: 0, refused: 0, broken: [] }));
  await readCases(plan, tallies);
  for (const tally of tallies) {
    const random = stream(seed, "commands", tally.kind);
    const folder = `${root}/${tally.kind}`;
    const list = kinds[tally.kind].commands(`${folder}/case`, `${folder}/out`);
    for (let k = 0; k < commands && list.length > 0; k++) {
      await commandCase(plan, list[k % list.length], first + random.below(1e6), tally);
    }
  }
  return tallies;
}

/** Has readers read the cases; one that ends their process is the last. */
async function readCases(plan: Plan, tallies: readonly Tally[]): Promise<void> {
  const { seed, first, cases, root } = plan;
  const allowed = ["read", "write", "env", "sys", "ffi", "run"].map((what) => `--allow-${what}`);
  const { code, stdout, stderr } = await endOf([
    ...["run", "--quiet", "--config=deno.json", "--node-modules-dir=none", "--no-prompt"],
    ...[...allowed, fileURLToPath(import.meta.url)],
    ...[plan.kinds.join(), seed, first, cases, root].map(String),
  ], MOST_TASK_MS + cases * plan.kinds.length * 1000);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line) as Told);
  const tallyOf = ({ kind }: Told) => tallies.find((tally) => tally.kind === kind)!;
  for (const told of lines) {
    const { number, mutation, outcome, message } = told;
    if (outcome === undefined) continue;
    await count({ outcome, message: `(${mutation}): ${message}` }, plan, number, tallyOf(told));
  }
  if (code === 0 && stderr === "") return;
  const last = lines[lines.length - 1];
  const said = `(${last.mutation}): exit code ${code}: ${stderr.slice(0, 500)}`;
  await count(broken(said), plan, last.number, tallyOf(last));
}

interface Told extends Partial<Verdict> {
  readonly kind: string;
  readonly number: number;
  readonly mutation: string;
}

async function commandCase(
  plan: Plan,
  [name, ...args]: readonly string[],
  number: number,
  tally: Tally,
): Promise<void> {
  const { kind } = tally, root = `${plan.root}/${kind}`;
  const files = await prepareRoot(kind, root);
  const mutation = await placeCase({ kind, seed: plan.seed, number }, files, root);
  const before = await outsideOf(root);
  await Deno.remove(`${root}/out`, { recursive: true }).catch(() => {});
  const { code, stderr } = await endOf(taskArguments(name as TaskName, args), MOST_TASK_MS);
  const names = [...files.keys(), `${root}/case`, ...kinds[kind].alsoNames ?? []];
  const { outcome, message } = await outsideOf(root) !== before
    ? broken("wrote outside of its folder")
    : verdictOfTask(code, stderr, names);
  await count(
    { outcome, message: `(${mutation}): deno task ${name}: ${message}` },
    plan,
    number,
    tally,
  );
}

/** Runs Deno to its end, or until it takes too long: its exit code is then that of a signal. */
export async function endOf(args: readonly string[], mostMs: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), mostMs);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Counts a verdict, and keeps the files of a case that broke something. */
async function count(
  { outcome, message }: Verdict,
  plan: Plan,
  number: number,
  tally: Tally,
): Promise<void> {
  if (outcome !== "broken") return void tally[outcome]++;
  const { seed, keep } = plan, { kind } = tally, root = `${plan.root}/${kind}`;
  await placeCase({ kind, seed, number }, await prepareRoot(kind, root), root);
  const folder = `${keep}/${kind}-seed${seed}-case${number}`;
  await Deno.mkdir(keep, { recursive: true });
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.rename(`${root}/case`, folder);
  tally.broken.push(`${folder} ${message}`);
}

if (import.meta.main) {
  const [names, seed, first, cases, root] = Deno.args;
  for (const kind of names.split(",")) {
    await readKind(kind, Number(seed), Number(first), Number(cases), `${root}/${kind}`);
  }
}

async function readKind(
  kind: string,
  seed: number,
  first: number,
  cases: number,
  root: string,
): Promise<void> {
  const { read, alsoNames = [] } = kinds[kind];
  const files = await prepareRoot(kind, root);
  const before = await outsideOf(root);
  const names = [...files.keys(), `${root}/case`, ...alsoNames];
  for (let number = first; number < first + cases; number++) {
    const mutation = await placeCase({ kind, seed, number }, files, root);
    console.log(JSON.stringify({ kind, number, mutation }));
    const began = performance.now();
    const verdict: Verdict = await read(`${root}/case`).then(
      () => ({ outcome: "accepted", message: "" }),
      (error) => verdictOfError(error, names),
    );
    const ms = performance.now() - began, { rss } = Deno.memoryUsage();
    const told = await outsideOf(root) !== before
      ? broken("wrote outside of its folder")
      : ms > MOST_CASE_MS || rss > MOST_RESIDENT_BYTES
      ? broken(`took ${Math.round(ms / 1000)} s and ${Math.round(rss / 2 ** 20)} MiB`)
      : verdict;
    console.log(JSON.stringify({ kind, number, mutation, ...told }));
  }
}
