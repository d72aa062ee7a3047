/**
 * Sweeps under disturbance, and what must hold of them afterwards: every job is done, none twice, and
 * all came out as in a sweep that nobody disturbed.
 *
 * @module
 */

import type { Stream } from "../../../lib/random.ts";
import { Identities, jobId, ownCode } from "../../../lib/sweep/identity.ts";
import { runJob } from "../../../lib/sweep/job.ts";
import { type QueuePlace, queuePlace } from "../../../lib/sweep/place.ts";
import { Queue } from "../../../lib/sweep/queue.ts";
import { readSweep } from "../../../lib/sweep/spec.ts";
import { mustRun } from "../interrupt/start.ts";
import { Crew } from "./crew.ts";
import type { Server } from "./server.ts";

/** How much there is to do, and to endure. */
export interface Campaign {
  /** Jobs of both sweeps together. */
  readonly jobs: number;
  /** Workers, of one slot each. */
  readonly workers: number;
  /** Processes that are killed. */
  readonly kills: number;
  /** How often the server is stopped and started. */
  readonly stops: number;
  /** Mean time between two kills. [ms] */
  readonly calm: number;
  /** Decides moments and victims. */
  readonly random: Stream;
}

/** What was found. */
export interface Finding {
  /** What went wrong, in words. */
  readonly faults: readonly string[];
  /** What happened, in words. */
  readonly events: string;
  /** Time that it took. [s] */
  readonly seconds: number;
}

/** Share of the jobs that train agents; the others draw numbers for a while. */
const TRAININGS = 0.1;
/** How long a job that draws numbers waits. [ms] */
const PAUSE_MS = 300;
/** A sweep that takes longer is stuck. [s] */
const PATIENCE_SECONDS = 900;

/** Two specifications that have half of their jobs in common. */
export async function writeSpecs(folder: string, jobs: number): Promise<string[]> {
  const seeds = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);
  const trained = Math.max(2, Math.round(TRAININGS * jobs));
  const drawn = jobs - trained;
  const third = Math.floor(drawn / 3);
  const specs = [
    {
      name: "first",
      kind: "probe",
      draws: 1000,
      milliseconds: PAUSE_MS,
      seeds: seeds(1, drawn - third),
    },
    {
      name: "second",
      kind: "probe",
      draws: 1000,
      milliseconds: PAUSE_MS,
      seeds: seeds(1 + third, drawn - third),
    },
    {
      name: "trained",
      source: { prosumers: 2 },
      configuration: { ppo: { totalTimesteps: 100 }, training: { communities: 1 } },
      judge: "none",
      seeds: seeds(1, trained),
    },
  ];
  return await Promise.all(specs.map(async (spec) => {
    const path = `${folder}/${spec.name}.json`;
    // A job that is killed again and again is no fault of its own.
    await Deno.writeTextFile(path, JSON.stringify({ retries: 100, ...spec }));
    return path;
  }));
}

/** Digests by job of the same work, done one after the other in this process without any queue. */
export async function undisturbed(
  specs: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const identities = new Identities(await ownCode());
  const digests = new Map<string, string>();
  for (const spec of specs) {
    const { configurations: [{ content }], seeds } = await readSweep(spec);
    const quick = content.kind === "probe" ? { ...content, milliseconds: 0 } : content;
    const configuration = await identities.configuration(content);
    const dataHash = await identities.data(content);
    for (const seed of seeds) {
      const job = await jobId(configuration, seed, 0);
      const order = { content: quick, seed, part: 0, dataHash, folder: `${folder}/${job}` };
      if (!digests.has(job)) digests.set(job, (await runJob(order)).digest);
    }
  }
  return digests;
}

/** Sweeps on a server, with two producers at once, while workers, jobs and the server die. */
export async function disturbServer(
  campaign: Campaign,
  specs: readonly string[],
  server: Server,
  folder: string,
): Promise<Finding & { readonly digests: ReadonlyMap<string, string> }> {
  const began = performance.now();
  const queue = ["--queue", server.address, "--folder", folder];
  const produced = await Promise.all(
    [...specs, ...specs].map((spec) => mustRun("sweep", [spec, ...queue])),
  );
  await using crew = new Crew(
    Array.from({ length: campaign.workers }, () => ["worker", "--slots", "1", "--drain", ...queue]),
  );
  const stops = async () => {
    await server.stop();
    await pause(2000);
    await server.start();
  };
  const events = await disturb(campaign, crew, stops);
  await patiently(crew.end());
  const added = produced.map(({ stdout }) => Number(/(\d+) added/.exec(stdout)?.[1]));
  const digests = await digestsOf(await queuePlace(server.address, folder));
  return {
    digests,
    faults: [
      ...faultsIn(crew, campaign, digests),
      ...(sum(added) === campaign.jobs ? [] : [`producers added ${added.join(" + ")} jobs`]),
    ],
    events: `${events}, server stopped ${campaign.stops} times`,
    seconds: (performance.now() - began) / 1000,
  };
}

/** The same sweeps in a folder, several processes on it, which die. */
export async function disturbFolder(
  campaign: Campaign,
  specs: readonly string[],
  folder: string,
): Promise<Finding & { readonly digests: ReadonlyMap<string, string> }> {
  const began = performance.now();
  const place = ["--folder", folder];
  await using crew = new Crew(specs.map((spec) => ["sweep", spec, "--slots", "1", ...place]));
  const events = await disturb({ ...campaign, stops: 0 }, crew, () => Promise.resolve());
  await patiently(crew.end());
  const digests = await digestsOf(await queuePlace(undefined, folder));
  return {
    digests,
    faults: faultsIn(crew, campaign, digests),
    events,
    seconds: (performance.now() - began) / 1000,
  };
}

/** How the digests of two runs differ. */
export function differences(
  is: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): string[] {
  const jobs = new Set([...is.keys(), ...wanted.keys()]);
  return [...jobs].filter((job) => is.get(job) !== wanted.get(job))
    .map((job) => `${job}: ${is.get(job) ?? "no result"} instead of ${wanted.get(job) ?? "none"}`);
}

async function disturb(
  { kills, stops, calm, random }: Campaign,
  crew: Crew,
  stopServer: () => Promise<void>,
): Promise<string> {
  const killed = { worker: 0, job: 0 };
  const every = Math.ceil(kills / (stops + 1));
  await pause(2000);
  for (let k = 1; k <= kills; k++) {
    await pause(calm / 2 + random.below(calm + 1));
    killed[await crew.killOne(random)]++;
    if (k % every === 0 && k / every <= stops) await stopServer();
  }
  return `${killed.worker} workers and ${killed.job} jobs killed`;
}

/** What every worker said it has completed, and what is in the table. */
function faultsIn(
  { said }: Crew,
  { jobs }: Campaign,
  digests: ReadonlyMap<string, string>,
): string[] {
  const done = said.filter((line) => / done in [\d.]+ s$/.test(line))
    .map((line) => line.replace(/: done in .*/, "").replace(/^second: /, "first: "));
  const twice = done.filter((line, k) => done.indexOf(line) !== k);
  return [
    ...(digests.size === jobs ? [] : [`${digests.size} of ${jobs} jobs have a result`]),
    ...twice.map((line) => `${line}: completed twice`),
    // Who starts while the server is away is told so, and is started again.
    ...said.filter((line) =>
      line.startsWith("error:") && !line.startsWith("error: cannot reach the queue at ")
    ),
  ];
}

async function digestsOf(place: QueuePlace): Promise<ReadonlyMap<string, string>> {
  await using queue = await Queue.open(place, { supervise: false });
  const rows = await queue.rows("SELECT job, digest FROM p2p_sweep.result");
  return new Map(rows.map(({ job, digest }) => [String(job), String(digest)]));
}

async function patiently(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    const fault = new Error(`the queue is not empty after ${PATIENCE_SECONDS} s`);
    timer = setTimeout(() => reject(fault), 1000 * PATIENCE_SECONDS);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
