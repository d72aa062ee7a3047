/**
 * JSON files that someone else wrote.
 *
 * @module
 */

import { LARGEST_BYTES, readTextWithin } from "./bounded_file.ts";
import { parseBounded } from "./json.ts";

/** Reads and parses a JSON file of a bounded size; the error names the file. */
export async function readJson(path: string): Promise<unknown> {
  const options = { maxBytes: LARGEST_BYTES.document, remedy: "name a JSON file" };
  return parseBounded(await readTextWithin(path, options), path);
}
