/** Runs tasks as a user does, with the permissions that `deno.json` gives them. */

import denoJson from "../../deno.json" with { type: "json" };

/** How a task ended. */
export interface TaskOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts `deno task name args…` in the repository, with more in its environment if `env` is given;
 * `stdin` is empty unless it is piped.
 */
export function startTask(
  name: keyof typeof denoJson.tasks,
  args: readonly string[],
  stdin: "null" | "piped" = "null",
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  const [, ...command] = denoJson.tasks[name].command.split(" ");
  return new Deno.Command(Deno.execPath(), {
    args: [...command, ...args],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1", ...env },
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a task to its end. */
export async function runTask(
  name: keyof typeof denoJson.tasks,
  args: readonly string[],
): Promise<TaskOutcome> {
  return outcome(await startTask(name, args).output());
}

/** What a finished task printed. */
export function outcome({ code, stdout, stderr }: Deno.CommandOutput): TaskOutcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
