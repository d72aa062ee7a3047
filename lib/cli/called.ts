/**
 * How this task was called.
 *
 * @module
 */

/** Whether `start.ts` was told the name of the task before its arguments. */
const isStarted = Deno.mainModule.endsWith("/start.ts");

/** The arguments behind the name of the task. */
export const ownArguments: readonly string[] = isStarted ? Deno.args.slice(1) : Deno.args;

/** The name of the task, or of the program that is none. */
export const ownName: string = isStarted
  ? Deno.args[0]
  : Deno.mainModule.split("/").at(-1)!.replace(/\.ts$/, "");
