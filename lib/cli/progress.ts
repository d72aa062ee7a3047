/**
 * A progress line for long work: a bar on a terminal, a line now and then elsewhere.
 *
 * @module
 */

// @ts-types="npm:@types/cli-progress@3.11.6"
import cliProgress from "cli-progress";

/** Shows how far the work is; disposing of it ends the line. */
export interface Progress extends Disposable {
  /** Reports the amount done and a note such as a rate. */
  update(done: number, note: string): void;
  /** Ends the line. */
  stop(): void;
}

/** Starts a progress line of `total` units that counts on from `done`. */
export function startProgress(total: number, unit: string, done: number = 0): Progress {
  const bar = new cliProgress.SingleBar({
    format: `{bar} {percentage}% | {value}/{total} ${unit} | {note} | {eta_formatted} left`,
    barsize: 24,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    etaBuffer: 20,
  }, cliProgress.Presets.shades_classic);
  bar.start(total, Math.min(done, total), { note: "starting" });
  return {
    update: (value, note) => bar.update(Math.min(value, total), { note }),
    stop: () => bar.stop(),
    [Symbol.dispose]: () => bar.stop(),
  };
}
