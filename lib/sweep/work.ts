/**
 * Works on the jobs of a queue: takes as many as there are slots, each in a process of its own, says
 * that it is alive, and completes a job in the transaction that writes its result.
 *
 * A job whose claim is lost, because it was cancelled or given to somebody else, is ended. A worker
 * that is asked to stop ends its jobs and gives them back.
 *
 * @module
 */

import { shown } from "../text/shown.ts";
import { type JobCode, queueOf } from "./identity.ts";
import type { JobOutcome } from "./job.ts";
import { type JobProcess, startJob } from "./job_process.ts";
import { dropWork, keepModel, workFolder } from "./models.ts";
import { type Queue, settledBy } from "./queue.ts";
import { type JobData, makeQueue } from "./submit.ts";

/** How to work. */
export interface WorkOptions {
  /** Jobs at a time. */
  readonly slots: number;
  /** Folder for models that are too large for the table; all workers share it. */
  readonly models: string;
  /** Names this worker in results. */
  readonly worker: string;
  /** Asks for an end, with jobs given back. */
  readonly signal: AbortSignal;
  /** Whether no more jobs are to be taken; asked once a second, or seldomer where that takes long. */
  isOver(): Promise<boolean>;
  /** Told of every job that has ended. */
  onEnd(line: string, hasFailed: boolean): void;
}

/** What a worker did. */
export interface WorkDone {
  /** Jobs that were completed. */
  readonly completed: number;
  /** Attempts that failed. */
  readonly failed: number;
  /** Jobs that were given back. */
  readonly givenBack: number;
}

/** Between two looks for jobs, if no slot becomes free. [ms] */
const POLL_MS = 500;
/** Between two questions whether it is over. [ms] */
const ASK_MS = 1_000;
/** Between two signs of life. [ms] */
const BEAT_MS = 4_000;

/** Of which job, and of which attempt at it. */
interface Claim {
  readonly id: string;
  readonly retryCount: number;
}

interface Running extends Claim {
  process: JobProcess | null;
  /** Whether nothing that comes of it counts. */
  isLost: boolean;
}

class ClaimLost extends Error {}

/** Works until it is over, or until it is asked to stop. */
export async function work(
  queue: Queue,
  code: JobCode,
  { slots, models, worker, signal, isOver, onEnd }: WorkOptions,
): Promise<WorkDone> {
  const name = queueOf(code);
  const running = new Map<Running, Promise<void>>();
  const tally = { completed: 0, failed: 0, givenBack: 0 };
  await queue.use((boss) => makeQueue(boss, code));

  const settle = async (job: Running, outcome: JobOutcome, seconds: number, folder: string) => {
    const { model, place } = await keepModel(models, job.id, folder);
    const { metrics, series, digest } = outcome;
    await queue.transaction(async (boss, db) => {
      if (settledBy(await boss.complete(name, job, null, { db })).length === 0) {
        throw new ClaimLost();
      }
      await db.executeSql(
        `INSERT INTO p2p_sweep.result
           (job, digest, metrics, series, model, folder, seconds, worker)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [job.id, digest, JSON.stringify(metrics), series, model, place, seconds, worker],
      );
      await db.executeSql("DELETE FROM p2p_sweep.progress WHERE job = $1", [job.id]);
    });
  };

  const run = async (job: Running, { configuration, seed, part }: JobData) => {
    const [row] = await queue.rows(
      `SELECT content::text, data_hash AS hash, (
         SELECT sweep || ': ' || label FROM p2p_sweep.sweep_job
         JOIN p2p_sweep.sweep_configuration USING (sweep, place) WHERE job = $2 LIMIT 1
       ) AS label
       FROM p2p_sweep.configuration WHERE id = $1`,
      [configuration, job.id],
    );
    const what = `${row.label}, seed ${seed}${part > 0 ? `, part ${part}` : ""}`;
    const content = JSON.parse(row.content as string);
    const folder = await workFolder(models, job.id);
    const began = performance.now();
    try {
      if (job.isLost) return;
      job.process = startJob({ content, seed, part, dataHash: row.hash as string, folder });
      const outcome = await job.process.outcome;
      const seconds = (performance.now() - began) / 1000;
      await settle(job, outcome, seconds, folder);
      tally.completed++;
      onEnd(`${what}: done in ${seconds.toFixed(1)} s`, false);
    } catch (error) {
      if (job.isLost || error instanceof ClaimLost) return;
      const message = shown((error as Error).message, 500);
      const ended = await queue.use((boss) => boss.fail(name, job, { message }));
      if (settledBy(ended).length === 0) return;
      tally.failed++;
      onEnd(`${what}: ${message}`, true);
    } finally {
      await dropWork(folder);
    }
  };

  let wake = () => {};
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  const beat = startBeat(queue, name, worker, running);
  const faults: unknown[] = [];
  try {
    for (let over = false, nextMs = 0; !signal.aborted;) {
      const nowMs = performance.now();
      if (!over && nowMs >= nextMs) {
        over = await isOver();
        nextMs = performance.now() + Math.max(ASK_MS, 20 * (performance.now() - nowMs));
      }
      if (over && running.size === 0) break;
      const free = over ? 0 : slots - running.size;
      const jobs = free === 0
        ? []
        : await queue.use((boss) => boss.fetch<JobData>(name, { batchSize: free }));
      for (const { id, retryCount, data } of jobs) {
        const job: Running = { id, retryCount, process: null, isLost: false };
        const ended = run(job, data).catch((error) => void faults.push(error)).finally(() => {
          running.delete(job);
          wake();
        });
        running.set(job, ended);
      }
      if (faults.length > 0) throw faults[0];
      await pause(POLL_MS);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // What has come out is still written; the rest is ended.
    const left = [...running].filter(([{ process }]) => process === null || !process.hasEnded());
    for (const [job] of left) {
      job.isLost = true;
      job.process?.kill();
    }
    await Promise.all(running.values());
    beat.stop();
    // Where the queue is away, they go to others when this worker has been silent for a while.
    const given = giveBack(queue, name, left.map(([job]) => job));
    tally.givenBack = await (signal.aborted ? given.catch(() => 0) : given);
  }
  return tally;
}

/** Says again and again that jobs are at work, and ends those that are somebody else's by now. */
function startBeat(
  queue: Queue,
  name: string,
  worker: string,
  running: ReadonlyMap<Running, unknown>,
): { stop(): void } {
  let isBusy = false;
  const beat = async () => {
    if (isBusy || running.size === 0) return;
    isBusy = true;
    try {
      const held = [...running.keys()];
      const settled = settledBy(await queue.use((boss) => boss.touch(name, held)));
      for (const job of held.filter(({ id }) => !settled.includes(id))) {
        if (job.process?.hasEnded()) continue;
        job.isLost = true;
        job.process?.kill();
      }
      const notes = held.filter(({ process }) => process !== null)
        .map(({ id, process }) => ({ job: id, note: process!.note() }));
      await queue.rows(
        `INSERT INTO p2p_sweep.progress (job, worker, note)
         SELECT x.job, $1, x.note FROM json_to_recordset($2::text::json) x(job uuid, note text)
         ON CONFLICT (job) DO UPDATE SET worker = $1, note = excluded.note, at = now()`,
        [worker, JSON.stringify(notes)],
      );
    } catch {
      // The loop that looks for jobs asks the same queue, and says what is wrong with it.
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(beat, BEAT_MS);
  return { stop: () => clearInterval(timer) };
}

/** Lets others do jobs as if nobody had begun them: an attempt that was given back does not count. */
async function giveBack(queue: Queue, name: string, jobs: readonly Claim[]): Promise<number> {
  if (jobs.length === 0) return 0;
  return await queue.transaction(async (boss, db) => {
    const settled = settledBy(await boss.cancel(name, [...jobs], { db }));
    if (settled.length > 0) await boss.resume(name, settled, { db });
    await db.executeSql(
      "UPDATE pgboss.job SET retry_limit = retry_limit + 1 WHERE name = $1 AND id = ANY($2::uuid[])",
      [name, settled],
    );
    await db.executeSql("DELETE FROM p2p_sweep.progress WHERE job = ANY($1::uuid[])", [settled]);
    return settled.length;
  });
}
