/**
 * Folders for what is only needed for a while.
 *
 * @module
 */

import { makeFolder } from "./whole_files.ts";

/** Makes a folder of its own in `runs/`, where tasks may write; whoever asks for it removes it. */
export async function makeWorkFolder(prefix: string): Promise<string> {
  await makeFolder("runs");
  return await Deno.makeTempDir({ dir: "runs", prefix });
}
