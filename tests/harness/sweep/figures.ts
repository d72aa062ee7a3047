/**
 * How fast a queue is: jobs queued, time beside the jobs' own processes, and how soon a job of a worker
 * that died runs again.
 *
 * @module
 */

import { queuePlace } from "../../../lib/sweep/place.ts";
import { Queue } from "../../../lib/sweep/queue.ts";
import { resultsOf } from "../../../lib/sweep/results.ts";
import { mustRun, startTask } from "../interrupt/start.ts";

/** Time until a sweep of so many jobs is queued, the start of the task included. [s] */
export async function queueSeconds(
  jobs: number,
  place: readonly string[],
  folder: string,
): Promise<number> {
  const spec = `${folder}/many.json`;
  await Deno.writeTextFile(spec, JSON.stringify({ name: "many", kind: "probe", seeds: jobs }));
  const began = performance.now();
  await mustRun("sweep", [spec, ...place]);
  const seconds = (performance.now() - began) / 1000;
  await mustRun("sweep", ["cancel", "many", ...place]);
  return seconds;
}

/** Time per job beside its own process, with one slot. [s] */
export async function overheadSeconds(
  jobs: number,
  place: readonly string[],
  folder: string,
): Promise<number> {
  const spec = `${folder}/short.json`;
  const name = `short-${jobs}`;
  const seeds = Array.from({ length: jobs }, (_, k) => 1_000_000 + k);
  await Deno.writeTextFile(spec, JSON.stringify({ name, kind: "probe", seeds }));
  await mustRun("sweep", [spec, ...place]);
  const began = performance.now();
  const worker = startTask("worker", ["--slots", "1", "--drain", ...place]);
  const { code, stderr } = await worker.ending;
  const wall = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`worker: ${stderr}`);
  const idle = startTask("worker", ["--slots", "1", "--drain", ...place]);
  const beganIdle = performance.now();
  await idle.ending;
  const start = (performance.now() - beganIdle) / 1000;
  const own = await jobSeconds(place, name);
  return (wall - start - own) / jobs;
}

/** Time from the death of a worker to the end of its job in other hands, without the job's own. [s] */
export async function takeoverSeconds(place: readonly string[], folder: string): Promise<number> {
  const spec = `${folder}/orphan.json`;
  const milliseconds = 3000;
  await Deno.writeTextFile(
    spec,
    JSON.stringify({ name: "orphan", kind: "probe", milliseconds, seeds: [7_000_000] }),
  );
  await mustRun("sweep", [spec, ...place]);
  const first = startTask("worker", ["--slots", "1", ...place]);
  await until(async () => /^orphan +1 +0 +1 /m.test(await status(place)));
  first.kill("SIGKILL");
  const began = performance.now();
  const second = startTask("worker", ["--slots", "1", "--drain", ...place]);
  await second.ending;
  const seconds = (performance.now() - began - milliseconds) / 1000;
  if (!/^orphan +1 +1 /m.test(await status(place))) throw new Error("the orphan is not done");
  return seconds;
}

async function jobSeconds([, address]: readonly string[], name: string): Promise<number> {
  await using queue = await Queue.open(await queuePlace(address, ""), { supervise: false });
  const results = await resultsOf(queue, name);
  return results.reduce((sum, { seconds }) => sum + seconds, 0);
}

async function status(place: readonly string[]): Promise<string> {
  return (await mustRun("sweep", ["status", "orphan", ...place])).stdout;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let k = 0; k < 100; k++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("waited too long");
}
