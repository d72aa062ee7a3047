/**
 * What befalls a task: it is killed, asked to stop, out of disk, limited in its files, or not alone.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { leftovers } from "./snapshot.ts";
import { goOn, putBack, type Stage, startWatched, type State, stateOf } from "./stage.ts";
import { type Ending, startTask } from "./start.ts";

/** What came of one disturbance. */
export interface Outcome {
  /** What the folder was found to hold. */
  readonly state: State;
  /** What went wrong, in words; empty if all went as it should. */
  readonly faults: readonly string[];
}

/** One way to disturb a task, which has its folder to itself. */
export interface Disturbance {
  /** In words. */
  readonly what: string;
  /** Of so many kills, how often it is tried. */
  readonly times: (kills: number) => number;
  /** Does it once; a text says why that is not possible. */
  readonly once: (stage: Stage, random: Stream) => Promise<Outcome | string>;
}

const half = (kills: number) => Math.ceil(kills / 2);
const tenth = (kills: number) => Math.ceil(kills / 10);

/** All of them. */
export const disturbances: readonly Disturbance[] = [
  { what: "killed at any time", times: half, once: (stage, random) => kill(stage, random, false) },
  { what: "killed amid writing", times: half, once: (stage, random) => kill(stage, random, true) },
  {
    what: "stopped by Ctrl-C",
    times: tenth,
    once: (stage, random) => stop(stage, random, "SIGINT"),
  },
  { what: "terminated", times: tenth, once: (stage, random) => stop(stage, random, "SIGTERM") },
  { what: "disk full", times: tenth, once: fillDisk },
  { what: "files limited to half the size", times: () => 1, once: limitFiles },
  { what: "two at once", times: (kills) => Math.min(3, tenth(kills)), once: startTwice },
];

/** Looks at a folder, goes on, and looks again. */
async function aftermath(stage: Stage, out: string, faults: string[] = []): Promise<Outcome> {
  const found = await stateOf(stage, out);
  return { state: found.state, faults: [...faults, ...found.faults, ...await goOn(stage, out)] };
}

async function kill(stage: Stage, random: Stream, amidWriting: boolean): Promise<Outcome> {
  const last = 1 + random.below(Math.max(1, stage.events));
  const { started, events } = startWatched(stage, (count, task) => {
    if (amidWriting && count === last) task.kill("SIGKILL");
  });
  const ms = 1000 * stage.seconds * random.uniform();
  const timer = amidWriting ? undefined : setTimeout(() => started.kill("SIGKILL"), ms);
  await started.ending;
  clearTimeout(timer);
  await events();
  return await aftermath(stage, stage.out);
}

async function stop(
  stage: Stage,
  random: Stream,
  signal: "SIGINT" | "SIGTERM",
): Promise<Outcome> {
  const task = startTask(stage.subject.task, stage.subject.args(stage.out));
  const timer = setTimeout(() => task.kill(signal), 1000 * stage.seconds * random.uniform());
  const { code, stderr } = await task.ending;
  clearTimeout(timer);
  // Before there is anything to finish, a signal ends a task as it ends any program.
  const atOnce = code === (signal === "SIGINT" ? 130 : 143) && !stderr.includes("Stopping");
  const asAsked = code === 130 && /^Stopped[^]*(deno task|same command)/m.test(stderr);
  const isGood = code === 0 || atOnce || asAsked;
  return await aftermath(stage, stage.out, isGood ? [] : [`ended with ${code}: ${stderr}`]);
}

/** Leaves a small disk with less room than the task needs. */
async function fillDisk(stage: Stage, random: Stream): Promise<Outcome | string> {
  const written = stage.sizes.reduce((sum, bytes) => sum + bytes, 0);
  const { folder, out } = stage;
  const disk = `${folder}/disk`, filler = `${disk}/filler`;
  const refused = await mount(disk, 8 * written + 1_000_000);
  if (refused !== null) return refused;
  try {
    await putBack(stage, out);
    // Pages of 4 KiB are what such a disk is made of.
    await fill(filler, Math.floor((written * 0.9 * random.uniform()) / 4096) * 4096);
    const ending = await startTask(stage.subject.task, stage.subject.args(out)).ending;
    const faults = await refusalFaults(stage, out, ending, /free some space/);
    await Deno.remove(filler);
    return await aftermath(stage, out, faults);
  } finally {
    await new Deno.Command("umount", { args: [disk] }).output();
  }
}

async function limitFiles(stage: Stage): Promise<Outcome | string> {
  if (Deno.build.os === "windows") return "there is no ulimit";
  const { subject, out, sizes } = stage;
  const ending = await startTask(subject.task, subject.args(out), Math.max(...sizes) / 2).ending;
  return await aftermath(stage, out, await refusalFaults(stage, out, ending, /ulimit/));
}

/** Starts the task twice in the same folder: one has to give way, or to come after the other. */
async function startTwice(stage: Stage): Promise<Outcome> {
  const { subject, out } = stage;
  const tasks = [0, 1].map(() => startTask(subject.task, subject.args(out)));
  const endings = await Promise.all(tasks.map(({ ending }) => ending));
  const refused = endings.findIndex(({ code }) => code !== 0);
  const other = 1 - refused;
  const inUse = new RegExp(`in use by process ${tasks[other]?.pid} on .+ since .+ \\(deno task `);
  const isGood = refused < 0 || (endings[other].code === 0 && endings[refused].code === 1 &&
    (inUse.test(endings[refused].stderr) || /exists already/.test(endings[refused].stderr)));
  const { state, faults } = await stateOf(stage, out);
  const left = await leftovers(out);
  return {
    state,
    faults: [
      ...faults,
      ...(isGood ? [] : endings.map(({ code, stderr }) => `ended with ${code}: ${stderr}`)),
      ...(state === "new" ? [] : [`the folder is ${state}`]),
      ...(left.length === 0 ? [] : [`left behind: ${left.join(", ")}`]),
    ],
  };
}

/** A task that cannot write says so in one line and leaves nothing new. */
async function refusalFaults(
  stage: Stage,
  out: string,
  { code, stderr }: Ending,
  remedy: RegExp,
): Promise<string[]> {
  const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
  const { state } = await stateOf(stage, out);
  const left = await leftovers(out);
  return [
    ...(code === 1 ? [] : [`ended with ${code}`]),
    ...(errors.length === 1 && remedy.test(stderr.replaceAll("\n", " ")) ? [] : [`said ${stderr}`]),
    ...(state === "new" ? ["it was done although it cannot be"] : []),
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
