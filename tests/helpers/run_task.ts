/** Runs tasks as a user does, with the permissions that `deno.json` gives them. */

// What tasks fetch when they use it is fetched with the tests, so that none of them has to say so; the
// other such packages are imported by tests themselves.
import "dejavu-fonts-ttf/package.json" with { type: "json" };
import "highs";
import { taskArguments, type TaskName } from "./task_command.ts";

/** How a task ended. */
export interface TaskOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts `deno task name args…` in the repository; `stdin` is empty unless it is piped, and `env` adds
 * to the environment. Nothing is between the task and a signal.
 */
export function startTask(
  name: TaskName,
  args: readonly string[],
  stdin: "null" | "piped" = "null",
  env: Readonly<Record<string, string>> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: taskArguments(name, args),
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1", ...env },
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a task to its end. */
export async function runTask(
  name: TaskName,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TaskOutcome> {
  return outcome(await startTask(name, args, "null", env).output());
}

/** Runs a program of the project that is no task, with every permission. */
export async function runProgram(path: string, args: readonly string[]): Promise<TaskOutcome> {
  return outcome(
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config=deno.json", "--node-modules-dir=none", path, ...args],
      cwd: new URL("../..", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output(),
  );
}

/** What a finished task printed. */
export function outcome({ code, stdout, stderr }: Deno.CommandOutput): TaskOutcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
