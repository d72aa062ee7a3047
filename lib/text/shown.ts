/**
 * What comes from elsewhere, such as the name of a home or of a file, as a message or a table can
 * show it: short, and without characters that begin a line, steer a terminal or turn the text around.
 *
 * @module
 */

/** What a name or a cell may take up, unless said otherwise. [characters] */
const LONGEST = 80;

/**
 * A text in quotes, cut to 80 characters, with characters that are not seen written as escapes.
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
export function shown(text: string, longest: number = LONGEST): string {
  // A character is at most two units of the text: no more than that is looked at.
  const begin = [...text.slice(0, 2 * longest + 2)];
  const cut = begin.length > longest ? `${begin.slice(0, longest).join("")}…` : begin.join("");
  return visible(cut);
}

/**
 * A text in which addresses have no password.
 *
 * @example
 * ```ts
 * import { withoutPassword } from "./shown.ts";
 * const text = withoutPassword("cannot reach postgres://ann:se%40cret@db:5432/lab");
 * if (text !== "cannot reach postgres://ann:***@db:5432/lab") throw new Error(text);
 * ```
 */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):\S*(?=@)/gi, "$1:***")
    .replaceAll(/([?&]password=)[^\s&#]*/gi, "$1***");
}

/** A whole text with escapes in the place of characters that are not seen; joiners stay. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu, escape);
}

function escape(character: string): string {
  if (character === "\n") return "\\n";
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}
