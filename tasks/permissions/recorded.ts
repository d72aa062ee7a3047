/**
 * The data sets that models record: whoever names a model means the data it was trained on as well,
 * wherever that is. Only folders that hold a data set are followed, and only to be read.
 *
 * @module
 */

import { join, resolve } from "node:path";

/** The folders of data sets that the models in `folders` were trained on. */
export function recordedFolders(folders: readonly string[]): string[] {
  return [...new Set(folders)].flatMap(recordedFolder);
}

function recordedFolder(folder: string): string[] {
  const path = join(folder, "model.json");
  try {
    const { content } = JSON.parse(Deno.readTextFileSync(path));
    const data: unknown = content?.configuration?.source?.data;
    if (typeof data !== "string" || data === "synthetic") return [];
    return Deno.statSync(join(data, "community.json")).isFile ? [resolve(data)] : [];
  } catch {
    // No model here, or none that can be read: the task itself says so better.
    return [];
  }
}
