/**
 * What Deno refuses or does not find, in words that name the remedy.
 *
 * @module
 */

const REFUSAL = /Requires (\w+) access to (".*?"|\S+), run again with the --allow-\w+ flag/g;
const MISSING = /Failed to spawn '(.*?)': (?:entity not found|.*os error 2\)?)/g;

/** The number of an error of the system, and what was done to which file. */
const NUMBERED = / \(os error \d+\)(: \w+ '(.*?)')?/g;

const VERBS: Readonly<Record<string, string>> = { net: "reach", run: "start" };

/** A message in which each refusal by Deno is replaced by what is not allowed and what to do. */
export function inPlainWords(message: string): string {
  return message
    .replaceAll(MISSING, (_, program: string) => `${program} is not on PATH; install it`)
    .replaceAll(
      NUMBERED,
      (_, doing: string = "", path: string, at: number, all: string) =>
        all.slice(0, at).includes(path) ? "" : doing,
    )
    .replaceAll(REFUSAL, (_, kind: string, what: string) => {
      const doing = VERBS[kind] ?? (kind === "read" || kind === "write" ? kind : "use");
      return `this task may not ${doing} ${what}; deno.json says under permissions what it may`;
    });
}

/** Whether starting a program failed because it is not there: one that is missing may be refused. */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
}
