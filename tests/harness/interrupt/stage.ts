/**
 * A subject ready to be interrupted again and again: what was there before is put back each time, and
 * what is found is compared with that and with what an undisturbed run leaves.
 *
 * @module
 */

import { isLeftover } from "../../../lib/disk/whole_files.ts";
import { leftovers, sizes, type Snapshot, snapshot } from "./snapshot.ts";
import { type Started, startTask } from "./start.ts";
import type { Subject } from "./subjects.ts";

/** What a folder was found to hold. */
export type State = typeof STATES[number];

/** What a folder can be found to hold. */
export const STATES = ["previous", "on the way", "new", "broken"] as const;

/** A subject with all that it is compared with. */
export interface Stage {
  /** The subject. */
  readonly subject: Subject;
  /** A folder of its own. */
  readonly folder: string;
  /** Where it works. */
  readonly out: string;
  /** Where what was there before is kept. */
  readonly kept: string;
  /** What was there before. */
  readonly before: Snapshot;
  /** What an undisturbed run leaves. */
  readonly after: Snapshot;
  /** Bytes of each file that it wrote. */
  readonly sizes: readonly number[];
  /** How long that took. [s] */
  readonly seconds: number;
  /** How many temporary files came and went meanwhile, each event counted. */
  readonly events: number;
}

/** Prepares a subject in a folder of its own. */
export async function makeStage(subject: Subject, folder: string): Promise<Stage> {
  const out = `${folder}/disk/out`, kept = `${folder}/kept`;
  await Deno.mkdir(`${folder}/disk`, { recursive: true });
  await subject.before?.(out);
  const before = await snapshot(out);
  if (subject.before !== undefined) await Deno.rename(out, kept);
  const bare = {
    subject,
    folder,
    out,
    kept,
    before,
    after: before,
    sizes: [],
    seconds: 0,
    events: 0,
  };
  await putBack(bare, out);
  const began = performance.now();
  const { started, events } = startWatched(bare);
  const { code, stderr } = await started.ending;
  if (code !== 0) throw new Error(`undisturbed, ${subject.task} ends with ${code}: ${stderr}`);
  const seconds = (performance.now() - began) / 1000;
  const after = await snapshot(out);
  if (after.faults.length > 0) throw new Error(`undisturbed: ${after.faults.join("; ")}`);
  // Models that were there before are not written anew.
  const there = subject.before === undefined ? [] : await sizes(kept, "models");
  const written = await sizes(out, there.length === 0 ? "all" : "results");
  return { ...bare, after, sizes: written, seconds, events: await events() };
}

/** Brings a folder to what was there before. */
export async function putBack({ kept, subject }: Stage, out: string): Promise<void> {
  await Deno.remove(out, { recursive: true }).catch(() => {});
  if (subject.before !== undefined) await copyFolder(kept, out);
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/**
 * Starts the task and watches its temporary files come and go.
 *
 * @param onEvent Told the number of each event.
 */
export function startWatched(
  { subject, out }: Stage,
  onEvent: (count: number, started: Started) => void = () => {},
): { started: Started; events: () => Promise<number> } {
  const watcher = Deno.watchFs(out.replace(/\/[^/]*$/, ""));
  const started = startTask(subject.task, subject.args(out));
  let count = 0;
  const watching = (async () => {
    for await (const { paths } of watcher) {
      if (!paths.some((path) => path.split("/").some(isLeftover))) continue;
      onEvent(++count, started);
    }
  })();
  const events = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    watcher.close();
    await watching;
    return count;
  };
  return { started, events };
}

/** What the folder holds, and what is wrong with it. */
export async function stateOf(
  { before, after }: Stage,
  out: string,
): Promise<{ state: State; faults: readonly string[] }> {
  const { results, trainings, faults } = await snapshot(out);
  const same = (other: Snapshot) => results === other.results && trainings === other.trainings;
  if (faults.length > 0) return { state: "broken", faults };
  if (same(after)) return { state: "new", faults };
  if (same(before)) return { state: "previous", faults };
  // A training that goes on is whole, as long as no results are taken for its own.
  if (results === before.results && trainings !== "") return { state: "on the way", faults };
  return { state: "broken", faults: [`${out} is neither what it was nor what it was to become`] };
}

/** Runs to the end what was interrupted; what is wrong with the result, in words. */
export async function goOn(stage: Stage, out: string): Promise<readonly string[]> {
  const { subject } = stage;
  const args = await subject.again?.(out) ?? subject.args(out);
  const { code, stderr } = await startTask(subject.task, args).ending;
  if (code !== 0) return [`going on failed: ${stderr.trim()}`];
  const { state, faults } = await stateOf(stage, out);
  const left = await leftovers(out);
  return [
    ...faults,
    ...(state === "new" ? [] : ["what goes on does not end with the same bits"]),
    ...(left.length === 0 ? [] : [`left behind: ${left.join(", ")}`]),
  ];
}
