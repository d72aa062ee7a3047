/**
 * What a task ends with: where its files are and what to run next.
 *
 * @module
 */

import { visible } from "../text/shown.ts";
import { cellWidth, padded, TIED } from "../text/width.ts";
import { laidOut, widthOf } from "./terminal.ts";

/**
 * The lines; commands stay whole, so that they can be copied, below what they are good for where they
 * do not fit beside it.
 *
 * @param what What was written, such as `Results`; `null` where nothing was.
 * @param folder Where it is.
 * @param next Commands by what they are good for.
 *
 * @example
 * ```ts
 * import { ending } from "./ending.ts";
 * const text = ending("Results", "runs/a", { "Draw them": "deno task plot runs/a" });
 * if (text !== "\nResults are in runs/a/\nDraw them:  deno task plot runs/a") throw new Error(text);
 * ```
 */
export function ending(
  what: string,
  folder: string,
  next: Readonly<Record<string, string>>,
): string {
  const path = visible(folder.replace(/\/+$/, "")).replaceAll(" ", TIED);
  const column = Math.max(...Object.keys(next).map((why) => cellWidth(why) + 1));
  const beside = Object.entries(next).map(([why, command]) =>
    `${padded(`${why}:`, column)}  ${command}`
  );
  const below = Object.entries(next).map(([why, command]) => `${why}:\n  ${command}`);
  const fit = !Deno.stdout.isTerminal() ||
    beside.every((line) => cellWidth(line) <= widthOf("stdout"));
  return [`\n${laidOut(`${what} are in ${path}/`)}`, ...(fit ? beside : below)].join("\n");
}
