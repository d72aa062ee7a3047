/**
 * What a terminal shows of sweeps: tables and lines.
 *
 * @module
 */

import { NONE, table } from "../cli/table.ts";
import { laidOut } from "../cli/terminal.ts";
import { quoted } from "../text/shown.ts";
import { didYouMean } from "../text/nearest.ts";
import type { DeadJob, RunningJob, SweepStatus } from "./ask.ts";
import type { MeanRow } from "./results.ts";

/** Running jobs that are listed. */
const MOST_LISTED = 30;

/** How far sweeps are, a row each. */
export function statusTable(statuses: readonly SweepStatus[]): string {
  return table(
    ["sweep", "jobs", "done", "running", "waiting", "dead", "cancelled", "left"],
    statuses.map((status) => [
      status.name,
      ...[status.jobs, status.done, status.running, status.waiting, status.dead, status.cancelled],
      leftText(status),
    ]),
  );
}

/** What is at work, a row each. */
export function runningTable(jobs: readonly RunningJob[]): string {
  const more = jobs.length - MOST_LISTED;
  return [
    table(
      ["job", "seed", "part", "worker", "how far"],
      jobs.slice(0, MOST_LISTED).map((job) => [
        ...[job.label, job.seed, job.part, job.worker, job.note || "starting"],
      ]),
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join("\n");
}

/** What is dead and why, a row each. */
export function deadTable(jobs: readonly DeadJob[]): string {
  return table(
    ["job", "seed", "part", "tries", "error"],
    jobs.map(({ label, seed, part, attempts, error }) => [label, seed, part, attempts, error]),
  );
}

/**
 * The rows of one metric.
 *
 * @throws {RangeError} If there is no such metric; the message lists all.
 */
export function ofMetric(means: readonly MeanRow[], metric: string): MeanRow[] {
  const rows = means.filter((row) => row.metric === metric);
  if (rows.length > 0 || means.length === 0) return rows;
  const known = [...new Set(means.map((row) => row.metric))];
  throw new RangeError(
    `--metric must be one of ${known.join(", ")}, got ${quoted(metric)}${
      didYouMean(metric, known)
    }`,
  );
}

/** Mean and interval of one metric by configuration. */
export function meansTable(rows: readonly MeanRow[]): string {
  const number = (value: number | null) => value === null ? NONE : String(round(value));
  return [
    laidOut(`${rows[0].metric}, mean over seeds and its 95 % interval`),
    table(
      ["configuration", "seeds", "mean", "low", "high"],
      rows.map(({ label, seeds, mean, low, high }) => [
        ...[label, seeds, number(mean), number(low), number(high)],
      ]),
    ),
  ].join("\n\n");
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}

function leftText({ waiting, running, leftSeconds }: SweepStatus): string {
  if (waiting + running === 0) return "nothing";
  if (leftSeconds === null) return "unknown";
  const minutes = Math.round(leftSeconds / 60);
  if (minutes === 0) return `${Math.ceil(leftSeconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
