/**
 * Algorithms by name or from files of their own: modules whose default export is an
 * {@linkcode Algorithm}.
 *
 * @module
 */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { announceFetch } from "../packages.ts";
import type { Algorithm } from "../ppo/algorithm.ts";
import { quoted } from "../text/shown.ts";

/** What `--algorithm` may be beside files; PPO is what is trained without it. */
export const algorithmNames: readonly ["ppo", "sac"] = ["ppo", "sac"];

/**
 * The algorithm that a word names; `null` for PPO.
 *
 * @throws {Error} In one line, if there is no such file, it cannot be loaded, or what it exports by
 * default is none.
 */
export async function readAlgorithm(word: string): Promise<Algorithm | null> {
  if (word === "ppo") return null;
  if (word === "sac") {
    await announceFetch("@tensorflow/tfjs");
    const module: string = "../sac/sac.ts";
    const { sac }: typeof import("../sac/sac.ts") = await import(module);
    return sac;
  }
  const file = await Deno.stat(word).catch(() => null);
  if (file === null || !file.isFile) {
    throw new Error(
      `--algorithm must be ${algorithmNames.join(" or ")}, or a file such as ./mine.ts whose ` +
        `default export is an algorithm, got ${quoted(word)}`,
    );
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(resolve(word)).href);
  } catch (error) {
    const [line] = String(error).split("\n");
    throw new Error(`${word} cannot be loaded: ${line}`, { cause: error });
  }
  const found = Object(module.default);
  if (typeof found.begin !== "function" || typeof found.name !== "string") {
    throw new Error(
      `${word}: the default export must be an algorithm; write export default ` +
        '{ name: "mine", begin: (market, options) => ({ timesteps, iterate, weights }) }',
    );
  }
  return found as Algorithm;
}
