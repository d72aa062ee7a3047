/**
 * Starts tasks with the permissions that a user's have.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { taskArguments, type TaskName } from "../../helpers/task_command.ts";

/** How a task ended. */
export interface Ending {
  /** Exit code; 128 and the number of the signal where one ended it. */
  readonly code: number;
  /** What it printed. */
  readonly stdout: string;
  /** What it complained about. */
  readonly stderr: string;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A task at work. */
export interface Started {
  /** Number of its process. */
  readonly pid: number;
  /** How it ends. */
  readonly ending: Promise<Ending>;
  /** Sends it a signal; nothing happens if it has ended. */
  kill(signal: Deno.Signal): void;
}

/**
 * Starts a task.
 *
 * @param largestFileBytes The largest file that it may write; only where there is a shell.
 */
export function startTask(
  name: string,
  args: readonly string[],
  largestFileBytes?: number,
): Started {
  const deno = [Deno.execPath(), ...taskArguments(name as TaskName, args)];
  // Shells count in blocks of 512 bytes or of 1 KiB; the signal is ignored to get an error instead.
  const limited = [
    "sh",
    "-c",
    `trap '' XFSZ; ulimit -f ${(largestFileBytes ?? 0) >> 10}; exec "$@"`,
  ];
  const [program, ...rest] = largestFileBytes === undefined ? deno : [...limited, "sh", ...deno];
  const child = new Deno.Command(program, {
    args: rest,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    pid: child.pid,
    ending: child.output().then(({ code, stdout, stderr }) => (
      { code, stdout: text(stdout), stderr: text(stderr) }
    )),
    kill(signal) {
      try {
        child.kill(signal);
      } catch { /* it has ended */ }
    },
  };
}

/**
 * Runs a task that must succeed.
 *
 * @throws {Error} With what it complained about, if it does not.
 */
export async function mustRun(name: string, args: readonly string[]): Promise<Ending> {
  const ending = await startTask(name, args).ending;
  if (ending.code === 0) return ending;
  throw new Error(
    `deno task ${[name, ...args].join(" ")} ended with ${ending.code}: ${ending.stderr.trim()}`,
  );
}
