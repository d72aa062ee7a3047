/**
 * The same cases through the command line, with the permissions that the tasks have.
 *
 * @module
 */

import { broken, lineFault, type Verdict } from "./verdict.ts";
import { type Patience, watch } from "./watch.ts";

/** How a task ended, and what it took. */
export interface TaskVerdict extends Verdict {
  /** Largest resident memory. [bytes] */
  readonly peakBytes: number;
}

const PATIENCE: Patience = { silentMs: 120_000, residentBytes: 3 * 2 ** 30 };

/** Runs a task on hostile files. */
export async function runTask(
  [name, ...args]: readonly string[],
  names: readonly string[],
): Promise<TaskVerdict> {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)),
  );
  const [, ...task] = tasks[name].command.split(" ");
  const command = new Deno.Command(Deno.execPath(), {
    args: [...task, ...args],
    cwd: new URL("../../..", import.meta.url),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stopped, stderr, peakBytes } = await watch(command, PATIENCE);
  if (stopped !== null) return { ...broken(stopped), peakBytes };
  return { ...verdictOf(code, stderr, names), peakBytes };
}

function verdictOf(code: number, stderr: string, names: readonly string[]): Verdict {
  const errors = stderr.split("\n").filter((line) => line !== "" && !isProgress(line));
  if (code === 0) {
    return errors.length === 0 ? { outcome: "accepted", message: "" } : broken(errors.join(" | "));
  }
  const [line = ""] = errors;
  if (code !== 1 || errors.length !== 1 || !line.startsWith("error: ")) {
    return broken(`exit code ${code}: ${errors.join(" | ").slice(0, 500)}`);
  }
  const fault = lineFault(line, names);
  return fault === null ? { outcome: "refused", message: line } : broken(`${fault}: ${line}`);
}

/** Lines that tell how far a training is. */
function isProgress(line: string): boolean {
  return /timesteps|steps\/s|\d+ ?%|ETA|left/.test(line) && !line.startsWith("error");
}
