/**
 * Questions and orders about sweeps: how far they are, what is dead and why, once more, no more.
 *
 * @module
 */

import { shown } from "../text/shown.ts";
import { didYouMean } from "../text/nearest.ts";
import type { Queue } from "./queue.ts";

/** How far a sweep is. */
export interface SweepStatus {
  /** What it is called. */
  readonly name: string;
  /** Where its jobs wait. */
  readonly queue: string;
  /** All of its jobs. */
  readonly jobs: number;
  /** Jobs that wait. */
  readonly waiting: number;
  /** Jobs at work. */
  readonly running: number;
  /** Jobs with a result. */
  readonly done: number;
  /** Jobs that failed until their retries were used up. */
  readonly dead: number;
  /** Jobs that were cancelled. */
  readonly cancelled: number;
  /** Time until all are done at the pace of the jobs so far; `null` if that is not known. [s] */
  readonly leftSeconds: number | null;
}

/** A job at work. */
export interface RunningJob {
  /** What it is. */
  readonly label: string;
  /** Its seed. */
  readonly seed: number;
  /** Its part. */
  readonly part: number;
  /** Who works on it; empty before its first sign of life. */
  readonly worker: string;
  /** How far it is, in its own words. */
  readonly note: string;
}

/** A job that will not be tried again by itself. */
export interface DeadJob {
  /** What it is. */
  readonly label: string;
  /** Its seed. */
  readonly seed: number;
  /** Its part. */
  readonly part: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** What was wrong the last time. */
  readonly error: string;
}

/** How pg-boss says that a worker fell silent. */
const SILENT = "job heartbeat timeout";

/** How far sweeps are, the newest first; of one, or of all. */
export async function statusOf(queue: Queue, name?: string): Promise<SweepStatus[]> {
  const rows = await queue.rows(
    `SELECT s.name, s.queue, s.created, count(*)::int AS jobs,
       count(*) FILTER (WHERE state IN ('created', 'retry'))::int AS waiting,
       count(*) FILTER (WHERE state = 'active')::int AS running,
       count(*) FILTER (WHERE state = 'completed')::int AS done,
       count(*) FILTER (WHERE state = 'failed')::int AS dead,
       count(*) FILTER (WHERE state = 'cancelled')::int AS cancelled,
       avg(seconds) AS seconds
     FROM p2p_sweep.sweep s
     JOIN (SELECT DISTINCT sweep, job FROM p2p_sweep.sweep_job) j ON j.sweep = s.name
     JOIN pgboss.job b ON b.name = s.queue AND b.id = j.job
     LEFT JOIN p2p_sweep.result r ON r.job = j.job
     WHERE $1::text IS NULL OR s.name = $1
     GROUP BY s.name, s.queue, s.created ORDER BY s.created DESC, s.name`,
    [name ?? null],
  );
  return rows.map(({ seconds, created: _, ...row }) => {
    const status = row as unknown as Omit<SweepStatus, "leftSeconds">;
    const left = status.waiting + status.running / 2;
    const isKnown = typeof seconds === "number" && status.running > 0;
    return { ...status, leftSeconds: isKnown ? (seconds * left) / status.running : null };
  });
}

/**
 * How far one sweep is.
 *
 * @throws {Error} If there is none of that name.
 */
export async function oneStatus(queue: Queue, name: string): Promise<SweepStatus> {
  const [status] = await statusOf(queue, name);
  if (status !== undefined) return status;
  const names = (await queue.rows("SELECT name FROM p2p_sweep.sweep ORDER BY name"))
    .map((row) => row.name as string);
  const known = names.length === 0 ? "there are none yet" : `there are ${names.join(", ")}`;
  throw new Error(
    `there is no sweep ${shown(name)} in this queue; ${known}${didYouMean(name, names)}`,
  );
}

/** What of a sweep is at work, the longest first. */
export async function runningJobs(queue: Queue, name: string): Promise<RunningJob[]> {
  const rows = await queue.rows(
    `SELECT c.label, j.seed, j.part, coalesce(p.worker, '') AS worker,
       coalesce(p.note, '') AS note
     ${JOBS}
     LEFT JOIN p2p_sweep.progress p ON p.job = j.job
     WHERE s.name = $1 AND state = 'active'
     ORDER BY b.started_on, j.place, j.seed, j.part`,
    [name],
  );
  return rows.map((row) => ({ ...row, seed: Number(row.seed) }) as unknown as RunningJob);
}

/** What of a sweep is dead. */
export async function deadJobs(queue: Queue, name: string): Promise<DeadJob[]> {
  const rows = await queue.rows(
    `SELECT c.label, j.seed, j.part, b.retry_count + 1 AS attempts,
       coalesce(b.output->>'message', b.output->'value'->>'message', '') AS error
     ${JOBS}
     WHERE s.name = $1 AND state = 'failed'
     ORDER BY j.place, j.seed, j.part`,
    [name],
  );
  return rows.map((row) =>
    ({
      ...row,
      seed: Number(row.seed),
      error: row.error === SILENT ? "its worker fell silent" : shown(String(row.error), 500),
    }) as unknown as DeadJob
  );
}

/** Lets all that is dead of a sweep be tried again; answers how many jobs that are. */
export async function retryDead(queue: Queue, name: string): Promise<number> {
  return await queue.transaction(async (boss, db) => {
    const { queueName, ids } = await idsOf(db, name, "state = 'failed'");
    if (ids.length > 0) await boss.retry(queueName, ids, { db });
    return ids.length;
  });
}

/**
 * Cancels what of a sweep is not done and belongs to no other; workers end the processes. Answers how
 * many jobs that are.
 */
export async function cancelSweep(queue: Queue, name: string): Promise<number> {
  return await queue.transaction(async (boss, db) => {
    await db.executeSql("SELECT pg_advisory_xact_lock(hashtext('p2p_sweep'))");
    await db.executeSql("UPDATE p2p_sweep.sweep SET cancelled = true WHERE name = $1", [name]);
    const { queueName, ids } = await idsOf(
      db,
      name,
      `state < 'completed' AND NOT EXISTS (
         SELECT FROM p2p_sweep.sweep_job o JOIN p2p_sweep.sweep t ON t.name = o.sweep
         WHERE o.job = j.job AND NOT t.cancelled
       )`,
    );
    if (ids.length > 0) await boss.cancel(queueName, ids, { db });
    return ids.length;
  });
}

/** Jobs of other code than this that wait, by the commit they are for. */
export async function foreignJobs(
  queue: Queue,
  own: string,
): Promise<readonly { readonly commit: string; readonly deno: string; readonly jobs: number }[]> {
  const rows = await queue.rows(
    `SELECT c.commit, c.deno, count(*)::int AS jobs
     FROM pgboss.job b JOIN p2p_sweep.code c ON c.queue = b.name
     WHERE b.name <> $1 AND state < 'active' GROUP BY c.commit, c.deno ORDER BY jobs DESC`,
    [own],
  );
  return rows as unknown as { commit: string; deno: string; jobs: number }[];
}

/** How many jobs of a queue wait or are at work. */
export async function openJobs(queue: Queue, queueName: string): Promise<number> {
  const [{ jobs }] = await queue.rows(
    "SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = $1 AND state < 'completed'",
    [queueName],
  );
  return jobs as number;
}

const JOBS = `FROM p2p_sweep.sweep s
  JOIN p2p_sweep.sweep_job j ON j.sweep = s.name
  JOIN p2p_sweep.sweep_configuration c ON c.sweep = s.name AND c.place = j.place
  JOIN pgboss.job b ON b.name = s.queue AND b.id = j.job`;

async function idsOf(
  db: {
    executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  },
  name: string,
  condition: string,
): Promise<{ readonly queueName: string; readonly ids: string[] }> {
  const { rows } = await db.executeSql(
    `SELECT DISTINCT s.queue, j.job ${JOBS} WHERE s.name = $1 AND ${condition}`,
    [name],
  );
  return {
    queueName: String(rows[0]?.queue ?? ""),
    ids: rows.map(({ job }) => String(job)).sort(),
  };
}
