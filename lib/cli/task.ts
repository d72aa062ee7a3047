/**
 * What every task has in common: `--help`, errors in one line, exit codes.
 *
 * @module
 */

import { ownArguments } from "./called.ts";
import { shown } from "../text/shown.ts";
import { usage } from "./help.ts";
import { type Option, parse, type Values } from "./options.ts";
import { inPlainWords } from "./refusal.ts";
import { Stopped, STOPPED_CODE } from "./stop.ts";
import { laidOut, styled } from "./terminal.ts";

export type { Option, Values } from "./options.ts";

/** A task: what it is called, what it takes and what it does. */
export interface Task<S extends Record<string, Option>> {
  /** Name after `deno task`. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /**
   * Positional arguments as shown in the usage line, such as `FROM [DIR]` or `COMMAND [ARG...]`:
   * those in brackets may be left out, the last may come again where it ends in `...`. Absent for
   * none.
   */
  readonly positionals?: string;
  readonly options: S;
  /**
   * Does the work; an error that it throws is shown in one line and ends with exit code 1,
   * {@linkcode Stopped} with {@linkcode STOPPED_CODE}.
   */
  run(values: Values<S>, positionals: readonly string[]): Promise<void> | void;
}

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
    if (args.includes("--verbose") && error instanceof Error) console.error(error.stack);
    Deno.exit(1);
  }
}

/** A message is cut where it would fill the screen. [characters] */
const LONGEST_MESSAGE = 2000;

function errorLine(message: string): string {
  const line = inPlainWords(message).trim().replaceAll(/\s*\n\s*/g, "; ");
  const text = laidOut(`error: ${shown(line, LONGEST_MESSAGE)}`, "stderr", "error: ".length);
  return text.replace(/^error/, (word) => styled("red", word, "stderr"));
}
