/** Runs tasks on a terminal, as a person does; many at once, by one Python. */

import { taskArguments, type TaskName } from "./task_command.ts";
import { cellWidth } from "../../lib/text/width.ts";

/** A task on a terminal. */
export interface TerminalJob {
  readonly task: TaskName;
  readonly args: readonly string[];
  /** How wide the terminal is. [cells] */
  readonly columns: number;
  /** What is typed once something is seen, one after the other. */
  readonly keys?: readonly (readonly [seen: string, typed: string])[];
  /** Adds to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface TerminalOutcome {
  /** Exit code; negative is a signal. */
  readonly code: number;
  /** Everything that was written, with control sequences. */
  readonly output: string;
  /** The same without them; a line that was written over is there as often as it was written. */
  readonly lines: readonly string[];
}

export const CTRL_C = "\u0003";

/** Whether there is a Python that makes pseudo-terminals; tests without it are ignored. */
export const hasPython: boolean = await (async () => {
  if (Deno.build.os === "windows") return false;
  try {
    const { success } = await new Deno.Command("python3", { args: ["-c", "import pty"] }).output();
    return success;
  } catch {
    return false;
  }
})();

/** Runs all of them, as many at once as there are cores. */
export async function onTerminal(jobs: readonly TerminalJob[]): Promise<TerminalOutcome[]> {
  const child = new Deno.Command("python3", {
    args: [new URL("pseudo_terminal.py", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(jobs.map((job) => ({
    args: [Deno.execPath(), ...taskArguments(job.task, job.args)],
    cwd: new URL("../..", import.meta.url).pathname,
    env: { TERM: "xterm-256color", NO_COLOR: "", ...job.env },
    columns: job.columns,
    keys: job.keys ?? [],
    timeout: 240,
  })))));
  await writer.close();
  const { stdout } = await child.output();
  const outcomes: { code: number; output: string }[] = JSON.parse(new TextDecoder().decode(stdout));
  return outcomes.map((outcome) => ({ ...outcome, lines: linesOf(outcome.output) }));
}

function linesOf(output: string): string[] {
  // deno-lint-ignore no-control-regex
  const text = output.replaceAll(/\u001b(\[[0-9;?]*[A-Za-z]|[78])/g, "");
  return text.split(/[\r\n]+/).filter((line) => line !== "");
}

/** A command on a line of its own stays whole, so that it can be copied. */
const COMMAND = /^(\$ | *|Next: )deno task /;

/** What nobody may meet on a terminal; empty if all is well. */
export function terminalFaults({ output, lines }: TerminalOutcome, columns: number): string[] {
  const faults: string[] = [];
  if (/\n\s+at .*:\d+:\d+/.test(output) || output.includes("Uncaught")) {
    faults.push("a stack trace");
  }
  if (output.includes("TIMEOUT")) faults.push("it did not end");
  for (const line of lines) {
    if (cellWidth(line) > columns && !COMMAND.test(line)) {
      faults.push(`${cellWidth(line)} cells: ${line}`);
    }
  }
  return faults;
}
