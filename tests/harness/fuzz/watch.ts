/**
 * Watches over the fuzzer: an attack may make the library go round forever, which nothing but another
 * thread can notice. The trial then counts as failed, and the next one goes on.
 *
 * @module
 */

import { addTally, countCases, createTally } from "./checks.ts";
import { drawTrial, type Failure, type FuzzOptions, type FuzzReport } from "./fuzz.ts";

/** What the Worker is told. */
export interface FuzzOrder extends Pick<FuzzOptions, "seed" | "cases" | "failures"> {
  readonly firstTrial: number;
  /** Where it notes the trial at work, -1 before the first; shared. */
  readonly trial: Float64Array;
}

/** What the Worker tells. */
export interface FuzzNews {
  readonly report: FuzzReport;
  readonly done: boolean;
}

/** What to attack, and how patiently. */
export interface WatchOptions extends Pick<FuzzOptions, "seed" | "cases" | "failures"> {
  readonly firstTrial: number;
  /** How long a trial may take, shrinking included. [ms] */
  readonly patienceMs: number;
  /** Told now and then what came out so far. */
  readonly onNews?: (report: FuzzReport) => void;
  /** The Worker's module. */
  readonly worker?: URL;
}

/** Attacks until there are enough cases or failures. */
export async function watchFuzz(options: WatchOptions): Promise<FuzzReport> {
  const { cases, failures: enough } = options;
  const tally = createTally();
  const failures: Failure[] = [];
  let trials = 0, firstTrial = options.firstTrial;
  while (countCases(tally) < cases && failures.length < enough) {
    const before = { tally: structuredClone(tally), failures: [...failures], trials };
    const part = await attack(
      {
        ...options,
        firstTrial,
        cases: cases - countCases(tally),
        failures: enough - failures.length,
      },
      (report) => options.onNews?.(together(before, report)),
    );
    addTally(tally, part.report.tally);
    failures.push(...together(before, part.report).failures.slice(failures.length));
    trials += part.report.trials;
    if (part.stuckAt === null) break;
    failures.push(hang(options, part.stuckAt, countCases(tally)));
    firstTrial = part.stuckAt + 1;
  }
  return { tally, failures, trials };
}

function together(before: FuzzReport, after: FuzzReport): FuzzReport {
  const tally = structuredClone(before.tally);
  addTally(tally, after.tally);
  const done = countCases(before.tally);
  const later = after.failures.map((each) => ({ ...each, afterCases: done + each.afterCases }));
  return {
    tally,
    failures: [...before.failures, ...later],
    trials: before.trials + after.trials,
  };
}

/** Lets a Worker attack until it is done or stuck in a trial. */
function attack(
  { seed, cases, failures, firstTrial, patienceMs, worker: module }: WatchOptions,
  onNews: (report: FuzzReport) => void,
): Promise<{ report: FuzzReport; stuckAt: number | null }> {
  const trial = new Float64Array(new SharedArrayBuffer(8)).fill(-1);
  const worker = new Worker(module ?? new URL("./worker.ts", import.meta.url), { type: "module" });
  let latest: FuzzReport = { tally: createTally(), failures: [], trials: 0 };
  return new Promise((resolve, reject) => {
    let seen = -1, since = performance.now();
    const timer = setInterval(() => {
      if (trial[0] !== seen) [seen, since] = [trial[0], performance.now()];
      else if (seen >= 0 && performance.now() - since > patienceMs) end(seen);
    }, patienceMs / 20);
    const end = (stuckAt: number | null) => {
      clearInterval(timer);
      worker.terminate();
      resolve({ report: latest, stuckAt });
    };
    worker.onmessage = ({ data }: MessageEvent<FuzzNews>) => {
      latest = data.report;
      onNews(latest);
      if (data.done) end(null);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      clearInterval(timer);
      worker.terminate();
      reject(new Error(`the fuzzer itself failed in trial ${trial[0]}: ${event.message}`));
    };
    const order: FuzzOrder = { seed, cases, failures, firstTrial, trial };
    worker.postMessage(order);
  });
}

function hang({ seed, patienceMs }: WatchOptions, trial: number, afterCases: number): Failure {
  return {
    trial,
    kind: "hang",
    message: `no end after ${patienceMs / 1000} s; not shrunk`,
    shrunk: drawTrial(seed, trial),
    afterCases,
  };
}
