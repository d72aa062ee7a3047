/**
 * What it is worth in a year that a car, a heat pump or an appliance waits: the community's cost where all
 * devices of a kind charge at once, less its cost where the policy decides for them too, on the same weeks
 * with the same forecasts, by device. Pairs of weeks are drawn anew for the interval, so that it holds what
 * other weeks of these may do, and nothing of other years or prices.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { chargingAtOnce } from "../policies/at_once.ts";
import { waits } from "../policies/charging_rules.ts";
import type { Policy } from "../policies/policy.ts";
import { storesOf } from "../stores/stores.ts";
import { HOURS_PER_DAY } from "../units.ts";
import { episodeCosts } from "./kpis.ts";
import { play, type PlayOptions, type Records } from "./records.ts";
import { pairedDifference } from "./statistics.ts";
import { DAYS_PER_YEAR } from "./yearly_savings.ts";

/** One row of `flexibility.csv`. */
export interface FlexibilityWorth {
  /** The policy that decides. */
  readonly policy: string;
  /** Kind of the devices. */
  readonly kind: string;
  /** How many there are. */
  readonly devices: number;
  /** Episodes that were compared. */
  readonly episodes: number;
  /** What the mean device saves the community in a year. [currency/a] */
  readonly worthPerDeviceAndYear: number;
  /** Lower end of its 95 % interval; `null` of a single episode. [currency/a] */
  readonly low: number | null;
  /** Upper end. [currency/a] */
  readonly high: number | null;
}

/** Kinds of devices that wait in a data set, with how many there are of each. */
export function waitingKinds(dataset: Dataset): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const store of storesOf(dataset)) {
    if (waits(store)) counts.set(store.kind, (counts.get(store.kind) ?? 0) + 1);
  }
  return counts;
}

/**
 * Worth of every kind of device under a policy, each kind by itself.
 *
 * @param flexible The policy's books of these episodes.
 */
export async function flexibilityWorth(
  options: PlayOptions,
  policy: Policy,
  flexible: Records,
): Promise<FlexibilityWorth[]> {
  const { dataset, firstSlots } = options;
  const days = flexible.slotsPerEpisode * dataset.profiles.grid.dtHours / HOURS_PER_DAY;
  const found: FlexibilityWorth[] = [];
  for (const [kind, devices] of waitingKinds(dataset)) {
    const rigid = await play(options, chargingAtOnce(policy, kind));
    const perYear = (records: Records) =>
      episodeCosts(records).map((cost) => cost * DAYS_PER_YEAR / (days * devices));
    const { estimate, low, high } = pairedDifference([perYear(rigid)], [perYear(flexible)]);
    const hasInterval = firstSlots.length > 1;
    found.push({
      policy: policy.name,
      kind,
      devices,
      episodes: firstSlots.length,
      worthPerDeviceAndYear: estimate,
      low: hasInterval ? low : null,
      high: hasInterval ? high : null,
    });
  }
  return found;
}
