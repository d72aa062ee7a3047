/** Runs tasks as a user does, with the permissions that `deno.json` gives them. */

// What tasks fetch when they use it is fetched with the tests, so that none of them has to say so; the
// other such packages are imported by tests themselves.
import "dejavu-fonts-ttf/package.json" with { type: "json" };
import "highs";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { taskArguments, type TaskName } from "./task_command.ts";
import { inFolder, names } from "./two_homes.ts";

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

/** Runs a task that must succeed. */
export async function succeeds(
  ...task: Parameters<typeof runTask>
): Promise<Omit<TaskOutcome, "code">> {
  const { code, ...said } = await runTask(...task);
  assertEquals(code, 0, said.stdout + said.stderr);
  return said;
}

/** Runs a task that must end in one line, which says this. */
export async function refuses(
  name: TaskName,
  args: readonly string[],
  message: string | RegExp,
): Promise<void> {
  const { code, stderr } = await runTask(name, args);
  assertEquals(code, 1);
  assertMatch(stderr, /^error: [^\n]+\n$/);
  if (typeof message === "string") assertStringIncludes(stderr, message);
  else assertMatch(stderr, message);
}

/** Tests of what ends in one line and leaves nothing; a task that resumes writes where that is. */
export function testRefusals(
  name: TaskName,
  faults: readonly (readonly [args: readonly string[], message: string])[],
): void {
  for (const [args, message] of faults) {
    Deno.test(`${name}: ${args.join(" ")} is one clear line`, () =>
      inFolder(async (parent) => {
        const out = args.includes("--resume") ? [] : ["--out", `${parent}/out`];
        await refuses(name, [...args, ...out], message);
        assertEquals(await names(parent), []);
      }));
  }
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
