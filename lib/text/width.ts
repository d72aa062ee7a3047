/**
 * Texts in the cells of a terminal: a wide character takes two, a combining mark none.
 *
 * @module
 */

import stringWidth from "string-width";

/** Cells that a line of text takes. */
export function cellWidth(text: string): number {
  return stringWidth(text);
}

/** A text with spaces behind it, or before it, up to so many cells. */
export function padded(text: string, cells: number, side: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, cells - cellWidth(text)));
  return side === "left" ? text + space : space + text;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A text in so many cells at most; where something is left out there is an ellipsis. */
export function cutToCells(text: string, cells: number): string {
  if (cellWidth(text) <= cells) return text;
  let cut = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += cellWidth(segment);
    if (width > cells - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** A command and its arguments, up to where a sentence goes on: it is kept on a line. */
const COMMAND = /\bdeno task [^";,()[]*[^";,()[\s]/g;

/** Stands for a space at which no line ends. */
export const TIED = "\u00a0";

/**
 * Text in lines of so many cells at most, broken between words; a word that is longer has a line of
 * its own, so that it can be copied. Lines that are there stay.
 *
 * @param hanging Spaces before all lines but the first; where a line has columns, with two spaces or
 *   more between them, and nothing is given, the last column.
 *
 * @example
 * ```ts
 * import { wrapped } from "./width.ts";
 * const text = wrapped("  --out DIR  where results go to", 24);
 * if (text !== "  --out DIR  where\n             results go\n             to") throw new Error(text);
 * ```
 */
export function wrapped(text: string, cells: number, hanging?: number): string {
  return text.split("\n").map((line) => wrappedLine(line, cells, hanging ?? hangingOf(line)))
    .join("\n");
}

function hangingOf(line: string): number {
  const [begin = ""] = /^\s*(?:\S.*?\s{2,})?(?=\S)/.exec(line) ?? [];
  return cellWidth(begin);
}

function wrappedLine(text: string, cells: number, hanging: number): string {
  const tied = text.replaceAll(COMMAND, (command) => command.replaceAll(" ", TIED));
  const begin = /^\s*(?:\S.*\s{2,})?/.exec(tied)![0];
  const lines: string[] = [];
  let line = begin;
  let isEmpty = true;
  for (const word of tied.slice(begin.length).split(" ")) {
    if (!isEmpty && cellWidth(line) + 1 + cellWidth(word) > cells) {
      lines.push(line);
      line = " ".repeat(hanging);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((line) => line.replaceAll(TIED, " ").trimEnd()).join("\n");
}
