/**
 * Commands that a reader may paste into a shell, whatever names they hold.
 *
 * @module
 */

/** Nothing in such a word means anything to a shell. */
const PLAIN = /^[\p{L}\p{N}_./-][\p{L}\p{N}_@%+:,./=-]*$/u;

/** What only `$'…'` can say in a line: what is not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * One argument, in quotes where bash, zsh or PowerShell would read more into it.
 *
 * @example
 * ```ts
 * import { shellWord } from "./shell.ts";
 * if (shellWord("runs/my homes") !== "'runs/my homes'") throw new Error("expected quotes");
 * ```
 */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!UNSEEN.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = [...text].map((character) => {
    if (character === "\\" || character === "'") return `\\${character}`;
    if (!UNSEEN.test(character)) return character;
    return `\\U${character.codePointAt(0)!.toString(16).padStart(8, "0")}`;
  });
  return `$'${escaped.join("")}'`;
}

/** A path as an argument: one that begins like a flag is written so that it is none. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith("-") ? `./${path}` : path);
}
