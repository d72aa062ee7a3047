/**
 * What models and results record: whoever names a model means the data it was trained on as well, and
 * whoever names results the models that they come from, wherever those are. Only folders that hold a
 * data set and files of models are followed, and only to be read.
 *
 * @module
 */

import { basename, join, resolve } from "node:path";
import { LARGEST_BYTES } from "../../lib/data/bounded_file.ts";

const MODEL = "model.json";

/** Data sets and models that the models and results in `folders` come from. */
export function recordedSources(folders: readonly string[]): string[] {
  return [...new Set(folders)].flatMap((folder) => [...dataOf(folder), ...modelsOf(folder)]);
}

function dataOf(folder: string): string[] {
  const content = jsonIn(folder, MODEL)?.content;
  const data: unknown = content?.configuration?.source?.data ??
    jsonIn(folder, "provenance.json")?.data?.source?.data;
  if (typeof data !== "string" || data === "synthetic") return [];
  return isFile(join(data, "community.json")) ? [resolve(data)] : [];
}

function modelsOf(folder: string): string[] {
  const inputs: unknown = jsonIn(folder, "provenance.json")?.inputs ?? {};
  return Object.keys(Object(inputs)).map((path) => resolve(path)).filter((path) =>
    basename(path) === MODEL && isFile(path)
  );
}

// deno-lint-ignore no-explicit-any
function jsonIn(folder: string, name: string): any {
  const path = join(folder, name);
  try {
    // Opening a pipe would wait for someone to write into it.
    const { isFile, size } = Deno.statSync(path);
    if (!isFile || size > LARGEST_BYTES.model) return undefined;
    return JSON.parse(Deno.readTextFileSync(path));
  } catch {
    // Not there, or not to be read: the task itself says so better.
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
