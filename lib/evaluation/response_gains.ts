/**
 * What a home gains by deciding otherwise than the truthful policy, on the same weeks with the same
 * forecasts, with intervals over seeds and weeks.
 *
 * @module
 */

import { HOURS_PER_DAY } from "../units.ts";
import type { CostRecords, Records } from "./records.ts";
import { type BootstrapOptions, type Interval, pairedDifference } from "./statistics.ts";

/** What a home gains. */
export interface ResponseGain {
  /** Cost when truthful − cost, mean over seeds and days. [currency/d] */
  readonly perDay: Interval;
  /** What the home saves against `grid-only` when it is truthful. [currency/d] */
  readonly savingPerDay: number;
  /** Gain ÷ saving; `null` where it saves nothing. */
  readonly ofSaving: Interval | null;
}

/** Books of a home's deviation, a run per training seed, beside those of truth and of `grid-only`. */
export interface Deviation {
  /** Index of the home; all homes together if absent. */
  readonly home?: number;
  /** Books of its deviation. */
  readonly runs: readonly Records[];
  /** Books of everybody truthful. */
  readonly truthful: Records;
  /** What `grid-only` cost. */
  readonly alone: CostRecords;
  /** Length of a slot. [h] */
  readonly dtHours: number;
}

/** Gain of a home, or loss of all where it is negative. */
export function responseGain(
  { home, runs, truthful, alone, dtHours }: Deviation,
  options: BootstrapOptions = {},
): ResponseGain {
  const days = truthful.slotsPerEpisode * dtHours / HOURS_PER_DAY;
  const costs = (records: CostRecords) => homeCosts(records, home).map((cost) => cost / days);
  const honest = costs(truthful);
  const saving = sum(costs(alone)) - sum(honest);
  const perDay = pairedDifference([honest], runs.map(costs), options);
  const savingPerDay = saving / honest.length;
  const share = (gain: number) => gain / savingPerDay;
  return {
    perDay,
    savingPerDay,
    ofSaving: savingPerDay > 0
      ? {
        estimate: share(perDay.estimate),
        low: share(perDay.low),
        high: share(perDay.high),
      }
      : null,
  };
}

/** Cost of a home, or of all, in every episode. [currency] */
export function homeCosts(
  { home: { cost }, homes, slotsPerEpisode, firstSlots }: CostRecords,
  home?: number,
): number[] {
  const perEpisode = slotsPerEpisode * homes;
  return firstSlots.map((_, episode) => {
    let total = 0;
    for (let at = episode * perEpisode; at < (episode + 1) * perEpisode; at++) {
      if (home === undefined || at % homes === home) total += cost[at];
    }
    return total;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Cost of a home over all episodes. [currency] */
export function homeCost(records: CostRecords, home: number): number {
  return sum(homeCosts(records, home));
}
