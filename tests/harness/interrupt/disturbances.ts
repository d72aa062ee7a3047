/**
 * A task that is asked to stop, one whose disk is full, one that may not write large files, and two
 * at once in the same folder.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { endIfAsked } from "../../../lib/cli/stop.ts";
import { leftovers } from "./snapshot.ts";
import { goOn, putBack, type Stage, stateOf } from "./stage.ts";
import { type Ending, startTask } from "./start.ts";

/** What came of it. */
export interface Disturbances {
  /** How often it was tried; 0 where that is not possible, and {@linkcode skipped} says why. */
  readonly tried: number;
  /** How often all went as it should. */
  readonly good: number;
  /** Why it was not tried. */
  readonly skipped?: string;
  /** What went wrong, a line each. */
  readonly faults: readonly string[];
}

/** Asks the task to stop, at random moments, by Ctrl-C and by the signal to terminate in turn. */
export async function stopTask(
  stage: Stage,
  times: number,
  random: Stream,
): Promise<Disturbances> {
  const faults: string[] = [];
  let good = 0;
  for (let k = 0; k < times; k++) {
    await endIfAsked("the same command begins again");
    await putBack(stage, stage.out);
    const task = startTask(stage.subject.task, stage.subject.args(stage.out));
    const signal = k % 2 === 0 ? "SIGINT" : "SIGTERM";
    const timer = setTimeout(() => task.kill(signal), 1000 * stage.seconds * random.uniform());
    const ending = await task.ending;
    clearTimeout(timer);
    const found = [
      ...stopFaults(ending, signal),
      ...(await stateOf(stage, stage.out)).faults,
      ...(await goOn(stage, stage.out)).faults,
    ];
    if (found.length === 0) good++;
    faults.push(...found.map((fault) => `${stage.subject.task}, ${signal} ${k + 1}: ${fault}`));
  }
  return { tried: times, good, faults };
}

function stopFaults({ code, stderr }: Ending, signal: string): string[] {
  // Before there is anything to finish, a signal ends a task as it ends any program.
  const atOnce = signal === "SIGINT" ? 130 : 143;
  if (code === 0 || (code === atOnce && !stderr.includes("Stopping"))) return [];
  if (code === 130 && /^Stopped.*(deno task|same command)/m.test(stderr)) return [];
  return [`ended with ${code}: ${stderr.trim()}`];
}

/** Fills a small disk up to so many bytes and runs the task on it. */
export async function fillDisk(
  stage: Stage,
  folder: string,
  times: number,
  random: Stream,
): Promise<Disturbances> {
  const written = stage.sizes.reduce((sum, bytes) => sum + bytes, 0);
  const disk = `${folder}/disk`, out = `${disk}/out`, filler = `${disk}/filler`;
  await Deno.mkdir(disk, { recursive: true });
  const mounted = await mount(disk, 8 * written + 1_000_000);
  if (mounted !== null) return { tried: 0, good: 0, skipped: mounted, faults: [] };
  const faults: string[] = [];
  let good = 0;
  try {
    for (let k = 0; k < times; k++) {
      await endIfAsked("the same command begins again");
      await putBack(stage, out);
      // Pages of 4 KiB are what such a disk is made of.
      await fill(filler, Math.floor((written * 0.9 * random.uniform()) / 4096) * 4096);
      const ending = await startTask(stage.subject.task, stage.subject.args(out)).ending;
      const found = await refusalFaults(stage, out, ending, /free some space/);
      await Deno.remove(filler);
      found.push(...(await goOn(stage, out)).faults);
      if (found.length === 0) good++;
      faults.push(...found.map((fault) => `${stage.subject.task}, full disk ${k + 1}: ${fault}`));
    }
  } finally {
    await new Deno.Command("umount", { args: [disk] }).output();
  }
  return { tried: times, good, faults };
}

/** Runs the task where it may write only files of half the size that it needs. */
export async function limitFiles(stage: Stage): Promise<Disturbances> {
  if (Deno.build.os === "windows") {
    return { tried: 0, good: 0, skipped: "there is no ulimit", faults: [] };
  }
  const { subject, out, sizes } = stage;
  await putBack(stage, out);
  const ending = await startTask(subject.task, subject.args(out), Math.max(...sizes) / 2).ending;
  const found = await refusalFaults(stage, out, ending, /ulimit/);
  found.push(...(await goOn(stage, out)).faults);
  return {
    tried: 1,
    good: found.length === 0 ? 1 : 0,
    faults: found.map((fault) => `${subject.task}, limited files: ${fault}`),
  };
}

/** Starts the task twice at once in the same folder. */
export async function startTwice(stage: Stage, times: number): Promise<Disturbances> {
  const faults: string[] = [];
  let good = 0;
  for (let k = 0; k < times; k++) {
    await endIfAsked("the same command begins again");
    await putBack(stage, stage.out);
    const { subject, out } = stage;
    const tasks = [0, 1].map(() => startTask(subject.task, subject.args(out)));
    const endings = await Promise.all(tasks.map(({ ending }) => ending));
    const found = [...twinFaults(tasks.map(({ pid }) => pid), endings, subject.task)];
    const { state } = await stateOf(stage, out);
    if (state !== "new") found.push(`the folder is ${state}`);
    const left = await leftovers(out);
    if (left.length > 0) found.push(`left behind: ${left.join(", ")}`);
    if (found.length === 0) good++;
    faults.push(...found.map((fault) => `${subject.task}, two at once ${k + 1}: ${fault}`));
  }
  return { tried: times, good, faults };
}

/** One of two has to give way, or to come after the other. */
function twinFaults(pids: readonly number[], endings: readonly Ending[], task: string): string[] {
  const refused = endings.findIndex(({ code }) => code !== 0);
  if (refused < 0) return [];
  const other = 1 - refused;
  const { code, stderr } = endings[refused];
  const names = new RegExp(`in use by process ${pids[other]} on .+ since .+ \\(deno task ${task} `);
  const isLate = /exists already/.test(stderr);
  if (endings[other].code === 0 && code === 1 && (names.test(stderr) || isLate)) return [];
  return [`ended with ${endings.map((ending) => `${ending.code}: ${ending.stderr.trim()}`)}`];
}

/** A task that cannot write says so in one line and leaves nothing new. */
async function refusalFaults(
  stage: Stage,
  out: string,
  { code, stderr }: Ending,
  remedy: RegExp,
): Promise<string[]> {
  const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
  const { state, faults } = await stateOf(stage, out);
  const left = await leftovers(out);
  return [
    ...(code === 1 ? [] : [`ended with ${code}`]),
    ...(errors.length === 1 && remedy.test(errors[0]) ? [] : [`said ${stderr.trim()}`]),
    ...(state === "new" ? ["it was done although it cannot be"] : []),
    ...faults,
    ...(left.length === 0 ? [] : [`left behind: ${left.join(", ")}`]),
  ];
}

/** Mounts a disk in memory; why not, if that is not possible. */
async function mount(folder: string, bytes: number): Promise<string | null> {
  if (Deno.build.os !== "linux") return "a small disk is mounted on Linux only";
  const options = ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder];
  try {
    const { success, stderr } = await new Deno.Command("mount", { args: options }).output();
    const reason = () => new TextDecoder().decode(stderr).trim();
    return success ? null : `a small disk cannot be mounted: ${reason()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no mount";
    throw error;
  }
}

/** Writes until the disk is full, then gives `free` bytes back. */
async function fill(path: string, free: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  let size = 0;
  try {
    const page = new Uint8Array(4096);
    while (true) size += await file.write(page);
  } catch (error) {
    if (!(error instanceof Error && /No space left/.test(error.message))) throw error;
  }
  await file.truncate(Math.max(0, size - free));
}
