/**
 * Recorded results beside results made again, and what differs in their making.
 *
 * @module
 */

import { datasetHash } from "../../data/hash.ts";
import { loadDataset } from "../dataset_source.ts";
import { platform, type Provenance, versions } from "../provenance.ts";
import { exists } from "../run_folder.ts";
import { describeCode } from "./code.ts";
import { fileFingerprint, wholeFileFingerprint } from "./fingerprints.ts";

/** What is not as it was when the results were made, a line each. */
export async function differences(recorded: Provenance): Promise<string[]> {
  const { source, hash: dataHash } = recorded.data;
  const code = await describeCode();
  const pairs: [string, string, string][] = [
    ...Object.entries(versions()).map(([name, is]): [string, string, string] => [
      `version of ${name}`,
      recorded.versions[name] ?? "none",
      is,
    ]),
    ["platform", recorded.platform, platform()],
    ["commit", recorded.code.commit, code.commit],
    ["fingerprint of the sources", recorded.code.sources, code.sources],
  ];
  if (await isThere(source.data)) {
    pairs.push(["data", dataHash, await datasetHash(await loadDataset(source))]);
  }
  for (const [path, was] of Object.entries(recorded.inputs)) {
    pairs.push([path, was, await exists(path) ? await wholeFileFingerprint(path) : "gone"]);
  }
  return [
    ...pairs.filter(([, was, is]) => was !== is)
      .map(([what, was, is]) => `${what} was ${short(was)}, now ${short(is)}`),
    ...changes("the results were made", recorded.code.changed),
    ...changes("now", code.changed),
  ];
}

/** A row per file: name, fingerprint that is recorded, fingerprint of the new one, verdict. */
export async function compareResults(
  folder: string,
  recorded: Pick<Provenance, "results">,
  target: string,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const [name, was] of Object.entries(recorded.results)) {
    const [here, anew] = [await fingerprintOf(folder, name), await fingerprintOf(target, name)];
    const verdict = here === "gone"
      ? "the recorded file is gone"
      : here !== was
      ? "the file was changed since it was recorded"
      : anew === was
      ? "same"
      : anew === "gone"
      ? "not made again"
      : "differs";
    rows.push([name, short(was), short(anew), verdict]);
  }
  return rows;
}

function changes(when: string, changed: readonly string[] | "unknown"): string[] {
  if (changed === "unknown" || changed.length === 0) return [];
  const others = changed.length > 3 ? ` and ${changed.length - 3} more` : "";
  return [`${when} with changes in ${changed.slice(0, 3).join(", ")}${others}`];
}

async function isThere(data: string): Promise<boolean> {
  return data === "synthetic" || await exists(data);
}

async function fingerprintOf(folder: string, name: string): Promise<string> {
  return await exists(`${folder}/${name}`) ? await fileFingerprint(folder, name) : "gone";
}

/** Enough of a fingerprint to tell it by. */
function short(text: string): string {
  return /^[0-9a-f]{40,}$/.test(text) ? text.slice(0, 12) : text;
}
