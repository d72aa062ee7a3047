/**
 * What every task has in common: `--help`, errors in one line, exit codes.
 *
 * @module
 */

import { ownArguments } from "./called.ts";
import { shown, withoutPassword } from "../text/shown.ts";
import { usage } from "./help.ts";
import { parse } from "./options.ts";
import { inPlainWords } from "./refusal.ts";
import { Stopped, STOPPED_CODE } from "./stop.ts";
import type { Option, Task } from "./task_spec.ts";
import { laidOut, styled } from "./terminal.ts";

export type { Option, Task, Values } from "./task_spec.ts";

/** Runs a task with the program's arguments and exits. */
export async function main<const S extends Record<string, Option>>(task: Task<S>): Promise<void> {
  const args = ownArguments;
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage(task));
    return;
  }
  try {
    const { values, positionals } = parse(task, args.filter((arg) => arg !== "--verbose"));
    await task.run(values, positionals);
  } catch (error) {
    if (error instanceof Stopped) {
      console.error(`\n${laidOut(error.message, "stderr")}`);
      Deno.exit(STOPPED_CODE);
    }
    console.error(errorLine(error instanceof Error ? error.message : String(error)));
    if (args.includes("--verbose") && error instanceof Error) {
      console.error(withoutPassword(error.stack ?? ""));
    }
    Deno.exit(1);
  }
}

/** A message is cut where it would fill the screen. [characters] */
const LONGEST_MESSAGE = 2000;

function errorLine(message: string): string {
  const line = inPlainWords(withoutPassword(message)).trim().replaceAll(/\s*\n\s*/g, "; ");
  const text = laidOut(`error: ${shown(line, LONGEST_MESSAGE)}`, "stderr", "error: ".length);
  return text.replace(/^error/, (word) => styled("red", word, "stderr"));
}
