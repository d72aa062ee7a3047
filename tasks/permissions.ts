/**
 * `deno task permissions`: what each task may do, and what a probe in its place could not.
 *
 * @module
 */

import { main } from "../lib/cli/task.ts";
import { allowed, attack } from "./permissions/attack.ts";
import { flagsOf, type TaskName, taskNames, unconfined } from "./permissions/direct.ts";
import { confinedTasks, type Needs, needsOf } from "./permissions/needs.ts";
import { table } from "../lib/cli/table.ts";

const KINDS = ["read", "write", "env", "sys", "ffi", "run", "net"] as const;

/** What is shown of a task. */
interface Row {
  readonly task: string;
  /** Everything that is allowed without arguments, by kind. */
  readonly allowed: Readonly<Record<string, readonly string[]>>;
  readonly why: string;
  /** How many attempts of the probe there were; 0 where it was not tried. */
  readonly attempts: number;
  /** Attempts that Deno let through. */
  readonly faults: readonly string[];
}

await main({
  name: "permissions",
  summary: "Shows what each task may do, and what a probe in its place could and could not do.",
  options: {
    json: { type: "boolean", help: "print the result as JSON and nothing else" },
  },
  async run({ json }) {
    const rows: Row[] = [];
    for (const name of taskNames) rows.push(await rowOf(name));
    console.log(json ? JSON.stringify(rows, null, 2) : report(rows));
    const faulty = rows.filter(({ faults }) => faults.length > 0);
    if (faulty.length === 0) return;
    const first = faulty[0];
    throw new Error(
      `${first.task} can ${first.faults.join(", ")}; narrow it in tasks/permissions/needs.ts`,
    );
  },
});

async function rowOf(task: TaskName): Promise<Row> {
  const flags = flagsOf(task) ?? [];
  const confined = confinedTasks.find((name) => name === task);
  const needs = confined === undefined ? flagNeeds(flags) : needsOf(confined, []);
  const shown = Object.fromEntries(
    KINDS.map((kind) => [kind, (needs[kind] ?? []).filter((what) => what !== undefined)]),
  );
  const why = unconfined[task];
  if (why !== undefined) return { task, allowed: shown, why, attempts: 0, faults: [] };
  const outcome = await attack(flags);
  return {
    task,
    allowed: shown,
    why: needs.why,
    attempts: Object.keys(outcome).length,
    faults: allowed(outcome),
  };
}

/** What static flags allow. */
function flagNeeds(flags: readonly string[]): Needs {
  const list = (kind: string) => {
    const flag = flags.find((flag) => flag.split("=")[0] === `--allow-${kind}`);
    return flag === undefined ? [] : flag.split("=")[1]?.split(",") ?? ["everything"];
  };
  return {
    why: "names no files, so its flags stand in deno.json",
    ...Object.fromEntries(KINDS.map((kind) => [kind, list(kind)])),
  };
}

function report(rows: readonly Row[]): string {
  const cells = rows.map(({ task, allowed, attempts, faults }) => [
    task,
    ...KINDS.map((kind) => listed(allowed[kind] ?? [])),
    attempts === 0
      ? "not tried"
      : faults.length === 0
      ? `${attempts} of ${attempts} refused`
      : `CAN ${faults.join(", ")}`,
  ]);
  return [
    table(["task", ...KINDS, "probe"], cells),
    "",
    table(["task", "why"], rows.map(({ task, why }) => [task, why])),
    "",
    "Tasks with an entry in tasks/permissions/needs.ts also read lib/, node_modules/ and what their " +
    "arguments name.",
  ].join("\n");
}

function listed(what: readonly string[]): string {
  if (what.length > 4) return `${what[0]} … ${what.at(-1)}`;
  return what.join(" ") || "-";
}
