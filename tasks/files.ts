/**
 * Files that are either whole or not there.
 *
 * @module
 */

import { LARGEST_BYTES, readTextWithin } from "../lib/data/bounded_file.ts";
import { parseBounded } from "../lib/data/json.ts";

/** Makes a folder for results, with those above it; one that is there already is fine. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`cannot make the folder ${path}: ${message}; choose another --out`, {
      cause: error,
    });
  }
}

/** Writes a text in pieces to a temporary sibling and renames it, so that no half file is left. */
export async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    using file = await Deno.open(partial, { write: true, create: true, truncate: true });
    for (const piece of pieces) {
      let rest = new TextEncoder().encode(piece);
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    }
    await file.sync();
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw new Error(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes several files, all or none: each is renamed into its place once all are written. */
export async function writeTogether(
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const partials = [...files.keys()].map((path) => [`${path}.partial`, path]);
  try {
    for (const [path, content] of files) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${path}.partial`, bytes);
    }
    for (const [partial, path] of partials) await Deno.rename(partial, path);
  } catch (error) {
    for (const [partial] of partials) await Deno.remove(partial).catch(() => {});
    throw new Error(`cannot write the files: ${(error as Error).message}`, { cause: error });
  }
}

/** Reads and parses a JSON file of a bounded size; the error names the file. */
export async function readJson(path: string): Promise<unknown> {
  const options = { maxBytes: LARGEST_BYTES.document, remedy: "name a JSON file" };
  return parseBounded(await readTextWithin(path, options), path);
}
