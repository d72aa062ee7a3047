/**
 * Other programs that a task starts. None of them outlives it: when the task is asked to stop, they
 * are asked to end, and ended where they do not.
 *
 * @module
 */

import { Stopped, stopSignal } from "../cli/stop.ts";

/** How long a program may take to end by itself. [ms] */
const GRACE_MS = 5_000;

/** How a program ended, and what it said. */
export interface ProgramOutcome {
  /** Whether its exit code was 0. */
  readonly success: boolean;
  /** What it printed. */
  readonly stdout: string;
  /** What it complained about. */
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @throws {Stopped} If the task is asked to stop meanwhile; the program has then ended.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: Pick<Deno.CommandOptions, "cwd" | "env"> = {},
): Promise<ProgramOutcome> {
  const stop = stopSignal();
  requireGoingOn(stop);
  const child = new Deno.Command(program, {
    ...options,
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let last: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    endChild(child, "SIGTERM");
    last = setTimeout(() => endChild(child, "SIGKILL"), GRACE_MS);
  };
  stop.addEventListener("abort", end);
  try {
    const { success, stdout, stderr } = await child.output();
    requireGoingOn(stop);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { success, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    stop.removeEventListener("abort", end);
    clearTimeout(last);
  }
}

function requireGoingOn({ aborted }: AbortSignal): void {
  if (aborted) {
    throw new Stopped("Stopped; nothing was replaced, and the same command begins again");
  }
}

function endChild(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch { /* it has ended meanwhile */ }
}
