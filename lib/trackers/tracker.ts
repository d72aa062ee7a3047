/**
 * What a tracker of experiments is told of a training.
 *
 * @module
 */

/** A training as a tracker sees it. */
export interface TrackedRun {
  /** Where its results are. */
  readonly folder: string;
  /** What it is called. */
  readonly name: string;
  /** Everything that it was made from. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Timesteps that were there already. */
  readonly from: number;
  /** The time. [ms since 1970] */
  now(): number;
}

/** Numbers by name. */
export type Numbers = Readonly<Record<string, number>>;

/** How a training ended. */
export type Outcome = "finished" | "stopped" | "failed";

/** A tracker of one training; whatever it throws is said in a line, and it is told nothing more. */
export interface Tracker {
  /** Takes a row of the learning curve. */
  log(timesteps: number, metrics: Numbers): Promise<void>;
  /** Takes the indicators of each policy on the test days; the last but {@linkcode Tracker.end}. */
  judge(timesteps: number, policies: Readonly<Record<string, Numbers>>): Promise<void>;
  /** Lets go of the training. */
  end(outcome: Outcome): Promise<void>;
}

/** What all trackers sort trainings under. */
export const PROJECT = "p2p-energy-lab";

/** The finite numbers among values. */
export function numbersOf(values: object): Numbers {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) =>
      typeof value === "number" && Number.isFinite(value)
    ),
  );
}

/**
 * The leaves of a configuration by their path.
 *
 * @example
 * ```ts
 * import { leavesOf } from "./tracker.ts";
 * const [[path, value]] = Object.entries(leavesOf({ market: { orders: "curves" } }));
 * if (path !== "market.orders" || value !== "curves") throw new Error(`${path} = ${value}`);
 * ```
 */
export function leavesOf(group: object, prefix: string = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(group).flatMap(([key, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(leavesOf(value, `${prefix}${key}.`))
        : [[`${prefix}${key}`, value]]
    ),
  );
}
