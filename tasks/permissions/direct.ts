/**
 * Tasks without their launcher: the same sandbox, in one process that signals hit directly. For who
 * starts tasks himself: tests, the probe, harnesses.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };
import { confinedTasks } from "./needs.ts";
import { sandboxFlags, taskModule } from "./sandbox.ts";

/** Name of a task in `deno.json`. */
export type TaskName = keyof typeof denoJson.tasks;

/** Names of all tasks. */
export const taskNames = Object.keys(denoJson.tasks) as TaskName[];

const TOOLS = "runs Deno's own tools over this project";
const LINKS = "attacks with links, which Deno lets only those make who may write anywhere";

/** Tasks that are not confined, and why not. */
export const unconfined: Readonly<Partial<Record<TaskName, string>>> = {
  "test": TOOLS,
  "check": TOOLS,
  "fuzz:files": LINKS,
  "mutate": "works in a copy of the project, with links, and starts its tests there",
};

/** The arguments of Deno that do what `deno task name args…` does. */
export function directArguments(name: TaskName, args: readonly string[]): string[] {
  const confined = confinedTasks.find((task) => task === name);
  if (confined !== undefined) {
    return ["run", ...sandboxFlags(confined, args), taskModule(confined), ...args];
  }
  return [...denoJson.tasks[name].command.split(" ").slice(1), ...args];
}

/**
 * The flags of `deno run` under which a task runs without arguments; `null` for what is no program of
 * this project but runs Deno's own tools.
 */
export function flagsOf(name: TaskName): string[] | null {
  const [run, ...words] = directArguments(name, []);
  const module = words.findIndex((word) => word.endsWith(".ts") && !word.startsWith("--"));
  return run === "run" && module >= 0 ? words.slice(0, module) : null;
}
