/**
 * The pages whose numbers have to have a source, and the numbers in them.
 *
 * @module
 */

import { NUMBER_WORD } from "./words.ts";

/** A page with what is no prose blanked out, so that places stay what they are. */
export interface Page {
  /** Path from the repository's root; for a notebook with the cell behind it. */
  readonly file: string;
  /** The text, as long as the original: code, names in code and addresses of links are blanks. */
  readonly prose: string;
  /** The original. */
  readonly text: string;
}

/** A number in a page. */
export interface Place {
  /** Where it begins. */
  readonly at: number;
  /** Where it ends. */
  readonly end: number;
  /** The number as it is written. */
  readonly text: string;
}

/** Fenced code other than printed text; code that is indented; comments; names; link targets. */
const NO_PROSE: readonly RegExp[] = [
  /^```(?!text)\w+\n[\s\S]*?^```$/gm,
  /^ {4}deno .*$/gm,
  /<!--[\s\S]*?-->/g,
  /(?<!`)`(?!``)[^`\n]+(?:\n[^`\n]+)?`/g,
  /\]\([^)]*\)/g,
];

/** Not inside a word, such as R1 or CO2, and with its sign and its thousands. */
const NUMBER =
  /(?<![\w.,/:-])(?:[+−-](?=\d))?\d[\d,]*(?:[.:]\d+)*(?:e-?\d+)?(?:\/\d[\d,]*)?(?!\w)/g;

/** A page from its text. */
export function page(file: string, text: string): Page {
  const blank = (found: string) => found.replaceAll(/[^\n]/g, " ");
  return { file, text, prose: NO_PROSE.reduce((prose, kind) => prose.replace(kind, blank), text) };
}

/** The numbers of a page, in order, as digits and as words from four on. */
export function numbersIn({ prose }: Page): Place[] {
  const found = [...prose.matchAll(NUMBER), ...prose.matchAll(NUMBER_WORD)];
  return found.map(({ 0: whole, index }) => {
    const text = whole.replace(/,+$/, "");
    return { at: index, end: index + text.length, text };
  }).sort((a, b) => a.at - b.at);
}

/** Line of a place, from 1. */
export function lineOf({ text }: Page, at: number): number {
  return text.slice(0, at).split("\n").length;
}
