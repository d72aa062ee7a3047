/**
 * What a task ends with: where its files are and what to run next.
 *
 * @module
 */

import { visible } from "../text/shown.ts";
import { cellWidth, padded } from "../text/width.ts";

/**
 * The lines; commands stay whole, so that they can be copied.
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
  const column = Math.max(...Object.keys(next).map((why) => cellWidth(why) + 1));
  return [
    `\n${what} are in ${visible(folder.replace(/\/+$/, ""))}/`,
    ...Object.entries(next).map(([why, command]) => `${padded(`${why}:`, column)}  ${command}`),
  ].join("\n");
}
