/**
 * Puts the jobs of a sweep into a queue: all of them or none, and those that are there already once.
 *
 * @module
 */

import type { InsertOptions, PgBoss } from "pg-boss";
import { digestOf, Identities, type JobCode, jobId, queueOf } from "./identity.ts";
import { headlineOf, partsOf } from "./content.ts";
import type { Queue } from "./queue.ts";
import type { Sweep } from "./spec.ts";

/** What became of a submission. */
export interface Submission {
  /** Jobs of the sweep. */
  readonly jobs: number;
  /** Those that no sweep had asked for before. */
  readonly added: number;
  /** Those that had been cancelled and wait again. */
  readonly resumed: number;
}

/** What a job's row in the queue says. */
export interface JobData {
  /** Its configuration. */
  readonly configuration: string;
  /** Its seed. */
  readonly seed: number;
  /** Its part. */
  readonly part: number;
}

/**
 * A worker that is silent for so long is taken for dead; it speaks up far more often. With the time
 * until somebody looks, and the pause before a retry, its jobs run again within a minute. [s]
 */
const HEARTBEAT_SECONDS = 30;
/** Before the first retry, doubling from there. [s] */
const RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 15;
/** No job takes so long, or waits for so long: heartbeats alone say that a worker is dead. [s] */
const FIFTY_YEARS = 50 * 365 * 86_400;
/** Jobs in a statement. */
const BATCH = 2_000;

/** Makes the queue of jobs that run through some code. */
export async function makeQueue(boss: PgBoss, code: JobCode): Promise<void> {
  await boss.createQueue(queueOf(code), {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    retryDelay: RETRY_SECONDS,
    retryBackoff: true,
    retryDelayMax: LONGEST_RETRY_SECONDS,
    deleteAfterSeconds: 0,
  });
}

/**
 * Submits a sweep.
 *
 * @throws {Error} If there is another sweep of this name, or its data cannot be loaded.
 */
export async function submit(queue: Queue, sweep: Sweep, code: JobCode): Promise<Submission> {
  const name = queueOf(code);
  const rows = await rowsOf(sweep, code);
  const digest = await digestOf([sweep.retries, sweep.metric, rows.configurations, sweep.seeds]);
  const jobs = [...new Map(rows.jobs.map((row) => [row.job, row])).values()];
  await queue.use((boss) => makeQueue(boss, code));
  return await queue.transaction(async (boss, db) => {
    const run = async (text: string, ...values: unknown[]) =>
      (await db.executeSql(text, values)).rows;
    await run("SELECT pg_advisory_xact_lock(hashtext('p2p_sweep'))");
    const [there] = await run("SELECT digest FROM p2p_sweep.sweep WHERE name = $1", sweep.name);
    if (there !== undefined && there.digest !== digest) {
      throw new Error(
        `there is a sweep ${sweep.name} of another specification, other data or other code; give ` +
          "this one another name: jobs that are the same are shared",
      );
    }
    await run(
      "INSERT INTO p2p_sweep.code VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      ...[name, code.commit, code.deno],
    );
    await run(
      `INSERT INTO p2p_sweep.sweep (name, digest, queue, metric) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET cancelled = false`,
      ...[sweep.name, digest, name, sweep.metric ?? headlineOf(sweep.configurations[0].content)],
    );
    if (there === undefined) await insertRows(run, sweep.name, rows);
    let added = 0;
    for (let at = 0; at < jobs.length; at += BATCH) {
      const inserted = await boss.insert(
        name,
        jobs.slice(at, at + BATCH).map(({ job, configuration, seed, part }) => ({
          id: job,
          data: { configuration, seed, part } satisfies JobData,
          retryLimit: sweep.retries,
          expireInSeconds: FIFTY_YEARS,
          retentionSeconds: FIFTY_YEARS,
        })),
        { db, returnId: true } as InsertOptions,
      );
      added += inserted?.length ?? 0;
    }
    const cancelled = await run(
      `SELECT DISTINCT id FROM pgboss.job JOIN p2p_sweep.sweep_job ON job = id
       WHERE sweep = $1 AND name = $2 AND state = 'cancelled'`,
      ...[sweep.name, name],
    );
    if (cancelled.length > 0) await boss.resume(name, cancelled.map(({ id }) => id), { db });
    return { jobs: jobs.length, added, resumed: cancelled.length };
  });
}

type Rows = Awaited<ReturnType<typeof rowsOf>>;

/** What goes into the tables. */
async function rowsOf({ configurations, seeds }: Sweep, code: JobCode) {
  const identities = new Identities(code);
  const rows = [];
  const jobs = [];
  for (const [place, { label, parameters, content }] of configurations.entries()) {
    const configuration = await identities.configuration(content);
    const data_hash = await identities.data(content);
    rows.push({ place, configuration, label, parameters, content, data_hash });
    const parts = partsOf(content), count = seeds.length * parts;
    for (let from = 0; from < count; from += BATCH) {
      // Digests are made by other threads, many at a time.
      const batch = Array.from({ length: Math.min(BATCH, count - from) }, async (_, k) => {
        const seed = seeds[Math.floor((from + k) / parts)], part = (from + k) % parts;
        return { place, configuration, seed, part, job: await jobId(configuration, seed, part) };
      });
      jobs.push(...await Promise.all(batch));
    }
  }
  return { configurations: rows, jobs };
}

async function insertRows(
  run: (text: string, ...values: unknown[]) => Promise<unknown>,
  sweep: string,
  { configurations, jobs }: Rows,
): Promise<void> {
  await run(
    `INSERT INTO p2p_sweep.configuration
     SELECT DISTINCT ON (x.configuration) x.configuration, x.content, x.data_hash
     FROM json_to_recordset($1::text::json) x(configuration text, content json, data_hash text)
     ON CONFLICT DO NOTHING`,
    JSON.stringify(configurations),
  );
  await run(
    `INSERT INTO p2p_sweep.sweep_configuration
     SELECT $1, x.place, x.configuration, x.label, x.parameters
     FROM json_to_recordset($2::text::json)
       x(place int, configuration text, label text, parameters json)`,
    ...[sweep, JSON.stringify(configurations)],
  );
  for (let at = 0; at < jobs.length; at += BATCH) {
    await run(
      `INSERT INTO p2p_sweep.sweep_job
       SELECT $1, x.place, x.seed, x.part, x.job
       FROM json_to_recordset($2::text::json) x(place int, seed bigint, part int, job uuid)`,
      ...[sweep, JSON.stringify(jobs.slice(at, at + BATCH))],
    );
  }
}
