/**
 * Where models of jobs are kept: small ones in the table of results, large ones in a folder that all
 * workers share, into which they come whole, by a rename.
 *
 * @module
 */

import { join } from "node:path";
import { exists } from "../disk/exists.ts";
import { LARGEST_BYTES, readBytesWithin } from "../data/bounded_file.ts";
import { makeFolder, writeWhole } from "../disk/whole_files.ts";
import { CHECKPOINT_FILE } from "../ppo/checkpoint.ts";
import type { Queue } from "./queue.ts";
import type { ResultRow } from "./results.ts";

/** The largest model that the table takes, compressed. [bytes] */
const LARGEST = 2 ** 20;

let count = 0;

/** Names a folder for the work of a job; what a killed worker left of it is removed. */
export async function workFolder(models: string, job: string): Promise<string> {
  await makeFolder(models);
  for await (const { name } of Deno.readDir(models)) {
    if (name.startsWith(`${job}.`)) await dropWork(join(models, name));
  }
  return join(models, `${job}.${Deno.pid}-${++count}.partial`);
}

/** Keeps the model that a job has left; nothing if it left none. */
export async function keepModel(models: string, job: string, folder: string): Promise<{
  readonly model: Uint8Array | null;
  readonly place: string | null;
}> {
  const path = join(folder, CHECKPOINT_FILE);
  if (!await exists(path)) return { model: null, place: null };
  const bytes = await compressed(path);
  if (bytes.length <= LARGEST) return { model: bytes, place: null };
  const place = join(models, job);
  await Deno.remove(place, { recursive: true }).catch(() => {});
  await Deno.rename(folder, place);
  return { model: null, place: job };
}

/**
 * Writes the models of a sweep as `models/<configuration>-seed<seed>/model.json`.
 *
 * @param models The folder that workers shared.
 * @param out Where results are.
 * @throws {Error} If a model is not in the shared folder.
 */
export async function writeModels(
  queue: Queue,
  results: readonly ResultRow[],
  models: string,
  out: string,
): Promise<void> {
  for (const { place, seed, job, hasModel, folder } of results) {
    const target = join(out, "models", `${place + 1}-seed${seed}`);
    if (hasModel) {
      const [{ model }] = await queue.rows("SELECT model FROM p2p_sweep.result WHERE job = $1", [
        job,
      ]);
      await writeWhole(join(target, CHECKPOINT_FILE), await modelText(model as Uint8Array));
    } else if (folder !== null) {
      const path = join(models, folder, CHECKPOINT_FILE);
      const options = { maxBytes: LARGEST_BYTES.model, remedy: "name with --models where it is" };
      await writeWhole(join(target, CHECKPOINT_FILE), await readBytesWithin(path, options));
    }
  }
}

async function modelText(bytes: Uint8Array): Promise<string> {
  const stream = new Blob([bytes as BlobPart]).stream();
  return await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).text();
}

/** Removes what a job worked in. */
export async function dropWork(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

async function compressed(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  return await new Response(file.readable.pipeThrough(new CompressionStream("gzip"))).bytes();
}
