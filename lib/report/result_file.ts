/**
 * Results of `deno task benchmark` read back: the first file that is there.
 *
 * @module
 */

import type { z } from "zod";
import { LARGEST_BYTES, readTextWithin } from "../data/bounded_file.ts";
import { parseJson } from "../data/json.ts";

/** What a file holds, and what remakes it. */
export interface ResultKind<Result> {
  /** What it is called, such as `ladder`. */
  readonly what: string;
  /** The command that writes it. */
  readonly command: string;
  /** What it must hold. */
  readonly schema: z.ZodType<Result>;
}

/**
 * Reads the first of several files that is there.
 *
 * @param paths Where to look, in this order.
 * @throws {RangeError} If none is there, or it is no such result.
 */
export async function readFirstResult<Result extends object>(
  paths: readonly string[],
  { what, command, schema }: ResultKind<Result>,
): Promise<Result & { readonly path: string }> {
  for (const path of paths) {
    if (await Deno.lstat(path).then(() => false, () => true)) continue;
    const remedy = `write it again with "${command}"`;
    const text = await readTextWithin(path, { maxBytes: LARGEST_BYTES.document, remedy });
    try {
      return { ...parseJson(text, schema, path), path };
    } catch (error) {
      throw new RangeError(`${(error as Error).message}; ${remedy}`);
    }
  }
  throw new RangeError(
    `there is no ${what} in ${paths.join(" or ")}; write one with "${command}"`,
  );
}
