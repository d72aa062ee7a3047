/**
 * What came of a sweep: mean and 95 % interval of every metric by configuration, from one query, and
 * every job's own row.
 *
 * The interval is Student's, over seeds: mean ± t · s/√n.
 *
 * @module
 */

import { rowsCsv } from "../text/csv.ts";
import { MEANS, RESULTS } from "./tables.ts";
import type { Queue } from "./queue.ts";

/** A metric of a configuration. */
export interface MeanRow {
  /** Place of the configuration in the specification. */
  readonly place: number;
  /** Names the configuration. */
  readonly label: string;
  /** Values of its parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The metric. */
  readonly metric: string;
  /** Seeds that are done. */
  readonly seeds: number;
  /** Mean over them. */
  readonly mean: number;
  /** Lower end of the interval; `null` with one seed. */
  readonly low: number | null;
  /** Upper end. */
  readonly high: number | null;
}

/** A job that is done. */
export interface ResultRow {
  /** Place of the configuration in the specification. */
  readonly place: number;
  /** Names the configuration. */
  readonly label: string;
  /** Seed. */
  readonly seed: number;
  /** Part. */
  readonly part: number;
  /** Identity. */
  readonly job: string;
  /** Digest of all that came of it. [hex] */
  readonly digest: string;
  /** Indicators. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What its process took. [s] */
  readonly seconds: number;
  /** Where its model is below the shared folder; `null` if it is in the table, or there is none. */
  readonly folder: string | null;
  /** Whether the table has its model. */
  readonly hasModel: boolean;
}

/** Student's t at 97.5 % by degrees of freedom, 1 to 30; above, the last errs on the wide side. */
const STUDENT = [
  ...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
  ...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
  ...[2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042],
];

/** Means and intervals of what is done. */
export async function meansOf(queue: Queue, name: string): Promise<MeanRow[]> {
  const rows = await queue.rows(MEANS, [name, STUDENT]);
  return rows.map(({ half, parameters, ...row }) => {
    const mean = row.mean as number;
    return {
      ...row,
      parameters: JSON.parse(parameters as string),
      low: half === null ? null : mean - (half as number),
      high: half === null ? null : mean + (half as number),
    } as unknown as MeanRow;
  });
}

/** The metric that a sweep shows unless another is asked for. */
export async function metricOf(queue: Queue, name: string): Promise<string> {
  const [{ metric }] = await queue.rows("SELECT metric FROM p2p_sweep.sweep WHERE name = $1", [
    name,
  ]);
  return metric as string;
}

/** Every job that is done. */
export async function resultsOf(queue: Queue, name: string): Promise<ResultRow[]> {
  const rows = await queue.rows(RESULTS, [name]);
  return rows.map((row) =>
    ({
      ...row,
      seed: Number(row.seed),
      metrics: JSON.parse(row.metrics as string),
    }) as unknown as ResultRow
  );
}

/** Results as files: a row per configuration and metric, and a row per job. */
export function resultFiles(
  means: readonly MeanRow[],
  results: readonly ResultRow[],
): Readonly<Record<string, string>> {
  const names = [...new Set(results.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  const paths = [...new Set(means.flatMap(({ parameters }) => Object.keys(parameters)))];
  const cell = (value: unknown) =>
    value === undefined
      ? null
      : typeof value === "number" || typeof value === "string"
      ? value
      : JSON.stringify(value);
  return {
    "results.csv": rowsCsv(means.map(({ place: _, parameters, ...row }) => ({
      configuration: row.label,
      ...Object.fromEntries(paths.map((path) => [path, cell(parameters[path])])),
      metric: row.metric,
      seeds: row.seeds,
      mean: row.mean,
      low: row.low,
      high: row.high,
    }))),
    "jobs.csv": rowsCsv(results.map(({ label, seed, part, job, digest, seconds, metrics }) => ({
      ...{ configuration: label, seed, part, job, digest, seconds },
      ...Object.fromEntries(names.map((name) => [name, metrics[name] ?? null])),
    }))),
  };
}
