/**
 * The tasks that are interrupted, in small: what was there before, what is run, and how to go on.
 *
 * @module
 */

import { CHECKPOINT_FILE } from "../../../lib/ppo/checkpoint.ts";
import { exists } from "../../../lib/disk/exists.ts";
import { mustRun } from "./start.ts";

/** A task that is interrupted. */
export interface Subject {
  /** Its name. */
  readonly task: string;
  /** Fills a folder with what an earlier run left; a task without begins with nothing. */
  readonly before?: (out: string) => Promise<void>;
  /** What is run. */
  readonly args: (out: string) => string[];
  /** What goes on where that was interrupted; the same again if absent. */
  readonly again?: (out: string) => Promise<string[]>;
}

/** Names of the tasks that can be interrupted. */
export const SUBJECTS = ["data", "train", "evaluate", "benchmark", "report"] as const;

/**
 * The subjects, with a data set that they share, and a model for those that need one.
 *
 * @param folder Where those are made.
 */
export async function makeSubjects(folder: string): Promise<Readonly<Record<string, Subject>>> {
  const data = `${folder}/homes`, model = `${folder}/model`, config = `${folder}/config.json`;
  const homes = ["synthesize", "--prosumers", "3", "--days", "28", "--out"];
  const training = { training: { communities: 4, validationInterval: 2 } };
  await Deno.writeTextFile(config, JSON.stringify(training));
  await mustRun("data", [...homes, data]);
  const length = ["--timesteps", "3000", "--workers", "1"];
  const train = [...length, "--data", data, "--config", config, "--out"];
  const makeModel = async () => {
    if (!await exists(model)) await mustRun("train", [...train, model]);
  };

  const evaluate = ["--data", data, "--policies", "trade-only,self-consumption,learned", "--model"];
  const benchmark = ["--seeds", "1", "--timesteps", "3000", "--workers", "1", "--days"];
  return {
    data: {
      task: "data",
      before: (out) => mustRun("data", [...homes, out, "--seed", "2"]).then(() => {}),
      args: (out) => [...homes, out, "--format", "parquet"],
    },
    train: {
      task: "train",
      args: (out) => [...train, out, "--seed", "7"],
      again: async (out) =>
        await exists(`${out}/${CHECKPOINT_FILE}`)
          ? ["--resume", out, "--workers", "1"]
          : [...train, out, "--seed", "7"],
    },
    evaluate: {
      task: "evaluate",
      async before(out) {
        await makeModel();
        await mustRun("evaluate", ["--data", data, "--policies", "grid-only", "--out", out]);
      },
      args: (out) => [...evaluate, model, "--split", "train", "--out", out],
    },
    benchmark: {
      task: "benchmark",
      before: (out) => mustRun("benchmark", [...benchmark, "1", "--out", out]).then(() => {}),
      args: (out) => [...benchmark, "2", "--out", out],
    },
    report: {
      task: "report",
      async before(out) {
        await makeModel();
        await Deno.mkdir(out, { recursive: true });
        await Deno.writeTextFile(`${out}/run-model.html`, "<!doctype html><title>Before</title>");
      },
      args: (out) => ["--run", model, "--out", out],
    },
  };
}
