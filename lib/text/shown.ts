/**
 * What stands in a file from elsewhere, as a message can show it: short, and without characters that
 * would begin a line or steer a terminal.
 *
 * @module
 */

const LONGEST = 80;

/**
 * A text in quotes, cut to 80 characters, with control characters written as escapes.
 *
 * @example
 * ```ts
 * import { quoted } from "./shown.ts";
 * if (quoted("two\nlines") !== '"two\\nlines"') throw new Error("expected one line");
 * ```
 */
export function quoted(text: string): string {
  return `"${shown(text)}"`;
}

/** The same without quotes. */
export function shown(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escape);
}

function escape(character: string): string {
  if (character === "\n") return "\\n";
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
