/**
 * Lets a Worker attack and watches it: an attack may make the library go round forever, which nothing
 * but another thread can notice.
 *
 * @module
 */

import type { AttackOptions, Report } from "./attack.ts";

/** What the Worker is told. */
export interface Order extends Pick<AttackOptions, "seed" | "cases" | "failures"> {
  readonly firstTrial: number;
  /** Where it notes the trial at work, -1 before the first; shared. */
  readonly trial: Float64Array;
}

/** What the Worker tells. */
export interface News {
  readonly report: Report;
  readonly done: boolean;
}

/**
 * Attacks until there are enough cases or failures, or a trial takes longer than `patienceMs`, which
 * fails as a `hang`.
 *
 * @param onNews Told now and then what came out so far.
 */
export function watchAttack(
  order: Omit<Order, "trial">,
  patienceMs: number,
  onNews: (report: Report) => void = () => {},
  module: URL = new URL("./worker.ts", import.meta.url),
): Promise<Report> {
  const trial = new Float64Array(new SharedArrayBuffer(8)).fill(-1);
  const worker = new Worker(module, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Report>();
  let latest: Report | null = null, seen = -1, since = performance.now();
  const timer = setInterval(() => {
    if (trial[0] !== seen) [seen, since] = [trial[0], performance.now()];
    else if (seen >= 0 && performance.now() - since > patienceMs) {
      const message = `no end after ${patienceMs / 1000} s`;
      const hang = { trial: seen, kind: "hang", message, shrunk: "not shrunk" };
      resolve({ ...latest!, failures: [...latest!.failures, hang] });
    }
  }, patienceMs / 20);
  worker.onmessage = ({ data }: MessageEvent<News>) => {
    latest = data.report;
    onNews(latest);
    if (data.done) resolve(latest);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`the fuzzer itself failed in trial ${trial[0]}: ${event.message}`));
  };
  worker.postMessage({ ...order, trial } satisfies Order);
  return promise.finally(() => {
    clearInterval(timer);
    worker.terminate();
  });
}
