/**
 * What Deno refuses, in words that name the remedy.
 *
 * @module
 */

const REFUSAL = /Requires (\w+) access to (".*?"|\S+), run again with the --allow-\w+ flag/g;

const REMEDIES: Readonly<Record<string, readonly [verb: string, remedy: string]>> = {
  read: ["read", "name it in an argument of this task, or put it into data/ or runs/"],
  write: ["write", "name another place in an argument of this task, or one in runs/"],
  net: ["reach", "name this very address in an argument of this task"],
  run: ["start", "install that program and see that it is on PATH, then run this again"],
};

/** A message in which each refusal by Deno is replaced by what is not allowed and what to do. */
export function inPlainWords(message: string): string {
  return message.replaceAll(REFUSAL, (_, kind: string, what: string) => {
    const [verb, remedy] = REMEDIES[kind] ??
      ["use", "say so in tasks/permissions/needs.ts if it needs that"];
    return `this task may not ${verb} ${what}; ${remedy}`;
  });
}

/**
 * Whether starting a program failed because it is not there. The launcher allows only programs that it
 * finds, so that one which is missing is refused before it is looked for.
 */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
}
