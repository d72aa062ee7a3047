/**
 * The trackers that a training is told to log to. One that is away, or breaks, costs a line and is told
 * nothing more; the training goes on.
 *
 * @module
 */

import { inPlainWords } from "../cli/refusal.ts";
import { oneOf } from "../text/nearest.ts";
import { quoted, shown } from "../text/shown.ts";
import { mlflow } from "./mlflow.ts";
import { tensorboard } from "./tensorboard.ts";
import type { TrackedRun, Tracker } from "./tracker.ts";
import { wandbOffline } from "./wandb.ts";

/** Names of trackers. */
export const trackerNames: readonly ["tensorboard", "mlflow", "wandb-offline"] = [
  "tensorboard",
  "mlflow",
  "wandb-offline",
];

/** Where MLflow is looked for. */
export const MLFLOW_ADDRESS = "http://127.0.0.1:5000";

/** How to track. */
export interface TrackerOptions {
  /** Names of trackers. */
  readonly names: readonly string[];
  /** Address of an MLflow server. */
  readonly mlflowAddress: string;
  /** Says what went wrong. */
  readonly warn: (line: string) => void;
}

/**
 * The names in a list such as `tensorboard,mlflow`.
 *
 * @throws {RangeError} If one is none.
 */
export function parseTrackers(list: string): string[] {
  return [...new Set(list.split(",").map((name) => oneOf("--log", name.trim(), trackerNames)))];
}

/**
 * The address of an MLflow server.
 *
 * @throws {RangeError} If it is none.
 */
export function parseMlflowAddress(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text)) return text;
  throw new RangeError(
    `--mlflow must be an address such as ${MLFLOW_ADDRESS}, got ${quoted(text)}`,
  );
}

/** Begins on all trackers that are there; together they are one that never throws. */
export async function openTrackers(
  run: TrackedRun,
  { names, mlflowAddress, warn }: TrackerOptions,
): Promise<Tracker> {
  const open = {
    "tensorboard": () => tensorboard(run),
    "mlflow": () => mlflow(run, mlflowAddress),
    "wandb-offline": () => wandbOffline(run),
  };
  const going = new Map<string, Tracker>();
  const attempt = async (name: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      going.delete(name);
      const reason = shown(inPlainWords((error as Error).message).split("\n")[0], 300);
      warn(`warning: ${name} is left out from here on: ${reason}`);
    }
  };
  const all = async (work: (tracker: Tracker) => Promise<void>) => {
    for (const [name, tracker] of [...going]) await attempt(name, () => work(tracker));
  };
  for (const name of names) {
    await attempt(name, async () => {
      going.set(name, await open[name as keyof typeof open]());
    });
  }
  return {
    log: (timesteps, metrics) => all((tracker) => tracker.log(timesteps, metrics)),
    judge: (timesteps, policies) => all((tracker) => tracker.judge(timesteps, policies)),
    end: (outcome) => all((tracker) => tracker.end(outcome)),
  };
}
