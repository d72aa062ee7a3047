/**
 * Tasks without `deno task` around them: the same flags, in one process that signals hit directly.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };

/** Name of a task in `deno.json`. */
export type TaskName = keyof typeof denoJson.tasks;

/** The arguments of Deno that do what `deno task name args…` does. */
export function taskArguments(name: TaskName, args: readonly string[]): string[] {
  return [...denoJson.tasks[name].command.split(" ").slice(1), ...args];
}
