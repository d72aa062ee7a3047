/**
 * A training as its trackers see it: the learning curve, the configuration, and how good it is.
 *
 * @module
 */

import { basename } from "node:path";
import { say } from "../cli/terminal.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import { numbersOf, type Outcome, type Tracker } from "../trackers/tracker.ts";
import { openTrackers } from "../trackers/trackers.ts";
import type { TrainingRun, Watch } from "./training_run.ts";

/** Told of a training; disposing of it lets go of the trackers. */
export class TrackedTraining implements AsyncDisposable {
  /** How the training ended, as far as is known. */
  outcome: Outcome = "failed";
  readonly #tracker: Tracker;
  #timesteps: number;

  private constructor(tracker: Tracker, timesteps: number) {
    this.#tracker = tracker;
    this.#timesteps = timesteps;
  }

  /** Begins on trackers; those that are away are named in a line. */
  static async begin(
    { folder, description, trainer }: TrainingRun,
    names: readonly string[],
    mlflowAddress: string,
  ): Promise<TrackedTraining> {
    const { config, source, seed, datasetHash } = description;
    const from = trainer.timesteps;
    const tracker = await openTrackers(
      {
        folder,
        name: basename(folder),
        configuration: { ...config, source, seed, datasetHash },
        from,
        now: () => performance.timeOrigin + performance.now(),
      },
      { names, mlflowAddress, warn: (line) => say(line, "stderr") },
    );
    return new TrackedTraining(tracker, from);
  }

  /** Takes a row of the learning curve. */
  log: Watch = async (timesteps, row) => {
    this.#timesteps = timesteps;
    await this.#tracker.log(timesteps, numbersOf(row));
  };

  /** Takes what came of the test; the training is then finished. */
  async judge(summary: readonly Kpis[]): Promise<void> {
    const policies = summary.map((kpis) => [kpis.policy, numbersOf(kpis)] as const);
    await this.#tracker.judge(this.#timesteps, Object.fromEntries(policies));
    this.outcome = "finished";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tracker.end(this.outcome);
  }
}
