/**
 * What there is to know about where the output goes. Nothing here asks the environment, which the
 * sandbox of a task refuses.
 *
 * @module
 */

import { styleText } from "node:util";
import { visible } from "../text/shown.ts";
import { TIED, wrapped } from "../text/width.ts";

/** One of the two streams that a task writes to. */
export type Stream = "stdout" | "stderr";

/** How wide a text may be where there is no terminal, as in a pipe or a file. [cells] */
export const PIPE_WIDTH = 100;

/** Narrower than this nothing is laid out; a terminal may then break lines. [cells] */
const LEAST_WIDTH = 40;

/** How wide a text on this stream may be. [cells] */
export function widthOf(stream: Stream): number {
  if (!Deno[stream].isTerminal()) return PIPE_WIDTH;
  try {
    const { columns } = Deno.consoleSize();
    // A terminal that does not know its size answers 0.
    return columns === 0 ? PIPE_WIDTH : Math.max(LEAST_WIDTH, columns);
  } catch {
    return PIPE_WIDTH;
  }
}

/** A text in a style where the stream is a terminal that shows colours; else the text. */
export function styled(
  style: "red" | "bold" | "dim",
  text: string,
  stream: Stream = "stdout",
): string {
  if (Deno.noColor || !Deno[stream].isTerminal()) return text;
  return styleText(style, text, { validateStream: false });
}

/**
 * A text in lines that fit the terminal; where there is none, as it is, so that what reads it has a
 * line for a line.
 *
 * @param hanging As {@linkcode wrapped} takes it.
 */
export function laidOut(text: string, stream: Stream = "stdout", hanging?: number): string {
  const isTerminal = Deno[stream].isTerminal();
  return isTerminal ? wrapped(text, widthOf(stream), hanging) : text.replaceAll(TIED, " ");
}

/** Prints a text in lines that fit the terminal; names in it cannot steer the terminal. */
export function say(text: string, stream: Stream = "stdout"): void {
  const print = stream === "stdout" ? console.log : console.error;
  print(laidOut(text.split("\n").map(visible).join("\n"), stream));
}
