/**
 * What a folder of results holds, as whoever reads it sees it: what is on the way counts for nothing,
 * and what differs from run to run (times) is left out.
 *
 * @module
 */

import { readCheckpoint } from "../../../lib/ppo/checkpoint.ts";
import { isLeftover, LOCK_FILE, settleFiles } from "../../../lib/disk/whole_files.ts";
import { CURVE_FILE } from "../../../lib/experiments/curve_file.ts";
import { PROVENANCE_FILE, readProvenance } from "../../../lib/experiments/provenance.ts";
import { compareResults } from "../../../lib/experiments/reproduction.ts";
import { fileFingerprint } from "../../../lib/experiments/fingerprints.ts";
import { exists } from "../../../lib/disk/exists.ts";
import { TRAINING_FILES } from "../../../lib/experiments/training_history.ts";

/** A folder at some moment. */
export interface Snapshot {
  /** Digest of each result by path; the files of trainings are not among them. */
  readonly results: string;
  /** Digest of the files of trainings. */
  readonly trainings: string;
  /** What is wrong with the trainings, in words; empty for nothing. */
  readonly faults: readonly string[];
}

/** Reads a folder, which need not be there. */
export async function snapshot(folder: string): Promise<Snapshot> {
  const results: string[] = [], trainings: string[] = [], faults: string[] = [];
  for (const place of ["", ...await subfolders(folder)]) {
    const path = `${folder}/${place}`;
    await settleFiles(path);
    const files = (await namesIn(path, "isFile"))
      .filter((name) => name !== LOCK_FILE && !isLeftover(name)).sort();
    for (const name of files) {
      // Texts are drawn from the results, and say how long a decision took.
      if (name === PROVENANCE_FILE || name.endsWith(".md")) continue;
      const digest = `${place}${name} ${await fileFingerprint(folder, `${place}${name}`)}`;
      (TRAINING_FILES.includes(name) ? trainings : results).push(digest);
    }
    if (files.some((name) => TRAINING_FILES.includes(name))) {
      faults.push(...await trainingFaults(path));
    }
    faults.push(...await provenanceFaults(path.replace(/\/$/, "")));
  }
  return { results: results.join("\n"), trainings: trainings.join("\n"), faults };
}

/** Names of temporary files, lists and locks in a folder and those in it. */
export async function leftovers(folder: string): Promise<string[]> {
  const names = [];
  for (const place of ["", ...await subfolders(folder)]) {
    const path = `${folder}/${place}`;
    const found = [...await namesIn(path, "isFile"), ...await namesIn(path, "isDirectory")];
    names.push(...found.filter((name) => name === LOCK_FILE || isLeftover(name)));
  }
  return names;
}

/** Bytes of the files in a folder, in those in it, which hold models, or in both. */
export async function sizes(
  folder: string,
  which: "results" | "models" | "all",
): Promise<number[]> {
  const bytes = [];
  const models = which === "results" ? [] : await subfolders(folder);
  for (const place of which === "models" ? models : ["", ...models]) {
    for (const name of await namesIn(`${folder}/${place}`, "isFile")) {
      bytes.push((await Deno.stat(`${folder}/${place}${name}`)).size);
    }
  }
  return bytes;
}

/** A training can go on if all three files are there, the checkpoint is whole and the curve fits. */
async function trainingFaults(folder: string): Promise<string[]> {
  try {
    for (const name of TRAINING_FILES) {
      if (!await exists(`${folder}/${name}`)) return [`${folder} lacks ${name}`];
    }
    const { training } = await readCheckpoint(folder);
    const rows = (await Deno.readTextFile(`${folder}/${CURVE_FILE}`)).trimEnd().split("\n");
    const reached = rows.length === 1 ? 0 : parseInt(rows[rows.length - 1]);
    if (reached === training?.timesteps) return [];
    return [`${folder} has a curve to ${reached} and a checkpoint at ${training?.timesteps}`];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What a folder says about its making must fit what is there, unless it says that it is not whole. */
async function provenanceFaults(folder: string): Promise<string[]> {
  if (!await exists(`${folder}/${PROVENANCE_FILE}`)) return [];
  try {
    const { results } = await readProvenance(folder);
    const rows = await compareResults(folder, { results }, folder);
    return rows.filter(([, , , verdict]) => verdict !== "same")
      .map(([name, , , verdict]) => `${folder}/${name}: ${verdict}`);
  } catch (error) {
    return [(error as Error).message];
  }
}

async function subfolders(folder: string): Promise<string[]> {
  return (await namesIn(folder, "isDirectory")).filter((name) => !isLeftover(name)).sort()
    .map((name) => `${name}/`);
}

async function namesIn(folder: string, kind: "isFile" | "isDirectory"): Promise<string[]> {
  if (!await exists(folder)) return [];
  return (await Array.fromAsync(Deno.readDir(folder))).filter((entry) => entry[kind])
    .map(({ name }) => name);
}
