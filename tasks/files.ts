/**
 * Files as the tasks read and write them.
 *
 * @module
 */

export { makeFolder, settleFiles, writeTogether, writeWhole } from "../lib/disk/whole_files.ts";

/** Reads and parses a JSON file; the error names the file. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
