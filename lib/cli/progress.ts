/**
 * A progress line for long work, on standard error: a bar that moves on a terminal, a line now and
 * then elsewhere.
 *
 * @module
 */

import { cellWidth, cutToCells } from "../text/width.ts";
import { widthOf } from "./terminal.ts";

/** Shows how far the work is; disposing of it ends the line. */
export interface Progress extends Disposable {
  /** Reports the amount done and a note such as a rate. */
  update(done: number, note: string): void;
  /** Ends the line. */
  stop(): void;
}

/** How far the work is. */
export interface Reached {
  /** Units done. */
  readonly done: number;
  /** Units in all. */
  readonly total: number;
  /** What is counted, such as `steps`. */
  readonly unit: string;
  /** What else there is to say, such as a rate. */
  readonly note: string;
  /** Time that is left; `null` if that is not known. [s] */
  readonly leftSeconds: number | null;
}

/** Between two lines. [ms] */
const PAUSE_MS = { terminal: 100, elsewhere: 5_000 } as const;

const WIDEST_BAR = 24;
const NARROWEST_BAR = 6;
const FREE_CELLS = 3;

/** Starts a progress line of `total` units that counts on from `begin`. */
export function startProgress(total: number, unit: string, begin: number = 0): Progress {
  const isTerminal = Deno.stderr.isTerminal();
  const pauseMs = isTerminal ? PAUSE_MS.terminal : PAUSE_MS.elsewhere;
  const startMs = performance.now();
  let shownMs = isTerminal ? -Infinity : startMs;
  let reached = { done: Math.min(begin, total), note: "starting" };
  let isStopped = false;
  const show = () => {
    shownMs = performance.now();
    const { done, note } = reached;
    const rate = (done - begin) / (shownMs - startMs);
    const leftSeconds = rate > 0 ? (total - done) / rate / 1000 : null;
    write(progressLine({ done, total, unit, note, leftSeconds }, widthOf("stderr")), isTerminal);
  };
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    show();
    if (isTerminal) write("\n", false);
  };
  if (isTerminal) show();
  return {
    update(done, note) {
      reached = { done: Math.min(done, total), note };
      if (!isStopped && performance.now() - shownMs >= pauseMs) show();
    },
    stop,
    [Symbol.dispose]: stop,
  };
}

/** A line in so many cells; the last ones stay free, for the cursor and the ^C that is typed. */
export function progressLine(
  { done, total, unit, note, leftSeconds }: Reached,
  cells: number,
): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
  const left = leftSeconds === null || done >= total ? "" : `, ${timeOf(leftSeconds)} left`;
  const text = ` ${Math.floor(100 * share)} % of ${total} ${unit}${left} | ${note}`;
  const bar = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, cells - FREE_CELLS - cellWidth(text)));
  const full = Math.floor(share * bar);
  return cutToCells(`${"█".repeat(full)}${"░".repeat(bar - full)}${text}`, cells - FREE_CELLS);
}

function timeOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.ceil(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function write(line: string, inPlace: boolean): void {
  if (!Deno.stderr.isTerminal()) return console.error(line);
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(inPlace ? `\r\u001b[2K${line}` : line));
  } catch {
    // The terminal is gone; the work goes on.
  }
}
