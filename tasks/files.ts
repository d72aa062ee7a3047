/**
 * Files as the tasks read and write them.
 *
 * @module
 */

import { LARGEST_BYTES, readTextWithin } from "../lib/data/bounded_file.ts";
import { parseBounded } from "../lib/data/json.ts";

export { makeFolder, settleFiles, writeTogether, writeWhole } from "../lib/disk/whole_files.ts";
export { makeWorkFolder } from "../lib/disk/work_folder.ts";

/** Reads and parses a JSON file of a bounded size; the error names the file. */
export async function readJson(path: string): Promise<unknown> {
  const options = { maxBytes: LARGEST_BYTES.document, remedy: "name a JSON file" };
  return parseBounded(await readTextWithin(path, options), path);
}
