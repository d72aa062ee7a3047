/**
 * Months as they are billed: calendar months in an episode that is at least one long, and the whole
 * episode as a part of a month where it is shorter, days / 30.4.
 *
 * A month of which an episode holds a part only, at its beginning or end, counts by its days as well.
 *
 * @module
 */

import { HOURS_PER_DAY, timestamp } from "../units.ts";
import type { TimeGrid } from "../units.ts";
import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "./config.ts";
import type { World } from "./world.ts";

/** Days of a mean month, as charges are prorated. [d] */
export const DAYS_PER_MONTH = 30.4;

/** A stretch of slots that is billed at once. */
export interface BillingPeriod {
  /** Its first slot. */
  readonly first: number;
  /** The slot behind its last. */
  readonly end: number;
  /** What part of a month it is charged for, at most 1. */
  readonly months: number;
}

/**
 * Periods of an episode, in order.
 *
 * @example
 * ```ts
 * import { billingPeriods } from "./billing.ts";
 * const startMs = Date.UTC(2025, 0, 1);
 * const grid = { startMs, utcOffsetMinutes: 0, dtHours: 1, slots: 59 * 24 };
 * const [january, february] = billingPeriods(grid, 0, 59 * 24);
 * if (january.end !== 31 * 24 || january.months !== 1 || february.months !== 1) throw new Error();
 * const [week] = billingPeriods(grid, 0, 7 * 24);
 * if (week.months !== 7 / 30.4) throw new Error("a week is a part of a month");
 * ```
 */
export function billingPeriods(
  grid: TimeGrid,
  firstSlot: number,
  slots: number,
): readonly BillingPeriod[] {
  const end = firstSlot + slots;
  const daysOf = (count: number) => count * grid.dtHours / HOURS_PER_DAY;
  if (daysOf(slots) < DAYS_PER_MONTH) {
    return [{ first: firstSlot, end, months: daysOf(slots) / DAYS_PER_MONTH }];
  }
  const monthOf = (slot: number) => timestamp(grid, slot).slice(0, 7);
  const starts = [firstSlot];
  for (let slot = firstSlot + 1, before = monthOf(firstSlot); slot < end; slot++) {
    const month = monthOf(slot);
    if (month !== before) starts.push(slot);
    before = month;
  }
  return starts.map((first, k) => {
    const last = starts[k + 1] ?? end;
    // Labels go on beyond the data, so that a month is known to be whole at their ends too.
    const isWhole = monthOf(first - 1) !== monthOf(first) && monthOf(last - 1) !== monthOf(last);
    return {
      first,
      end: last,
      months: isWhole ? 1 : Math.min(1, daysOf(last - first) / DAYS_PER_MONTH),
    };
  });
}

/** The period of an episode, by its first slot, in which a slot lies. */
export type BillingCalendar = (episodeFirstSlot: number, slot: number) => BillingPeriod;

/** Periods of episodes of one length, each worked out once. */
export function createBillingCalendar(grid: TimeGrid, slotsPerEpisode: number): BillingCalendar {
  const known = new Map<number, readonly BillingPeriod[]>();
  return (episodeFirstSlot, slot) => {
    let periods = known.get(episodeFirstSlot);
    if (periods === undefined) {
      periods = billingPeriods(grid, episodeFirstSlot, slotsPerEpisode);
      known.set(episodeFirstSlot, periods);
    }
    let k = 0;
    while (k < periods.length - 1 && slot >= periods[k].end) k++;
    return periods[k];
  };
}

/** Whether homes are charged for the highest import through their own meter. */
export function hasOwnPeaks({ charges }: Dataset): boolean {
  return charges?.capacityPerKwMonth.some((price) => price > 0) ?? false;
}

/** Whether the community is charged for its highest import. */
export function hasCommunityPeak({ charges }: Dataset, { cost }: EnvironmentConfig): boolean {
  return cost.peakPricePerKw > 0 || (charges?.communityCapacityPerKwMonth ?? 0) > 0;
}

/** What a new highest import of community `c` costs in a slot. [currency/kW] */
export function communityPeakPrice(
  { config, dataset: { charges }, billing, state }: PricedWorld,
  c: number,
  slot: number,
): number {
  const { peakPricePerKw } = config.cost;
  if (charges === undefined || charges.communityCapacityPerKwMonth === 0) return peakPricePerKw;
  return charges.communityCapacityPerKwMonth * billing(state.firstSlot[c], slot).months;
}

/** What a new highest import of home `i` of community `c` costs in a slot. [currency/kW] */
export function homePeakPrice(
  { dataset: { charges }, billing, state }: PricedWorld,
  c: number,
  i: number,
  slot: number,
): number {
  if (charges === undefined) return 0;
  return charges.capacityPerKwMonth[i] * billing(state.firstSlot[c], slot).months;
}

/** Forgets the peaks of the month before, where a month begins whose peaks are charged. */
export function beginPeriod(world: PricedWorld, c: number, slot: number): void {
  const { dataset: { charges }, billing, state, homes } = world;
  if (charges === undefined || billing(state.firstSlot[c], slot).first !== slot) return;
  if (charges.communityCapacityPerKwMonth > 0) state.peakKw[c] = 0;
  state.homePeakKw.fill(0, c * homes, (c + 1) * homes);
}

/** Charges the homes of community `c` by the month, and for what they take more than ever in it. */
export function chargeByMonth(world: PricedWorld, c: number, slot: number): void {
  const { dataset: { charges, profiles: { grid: { dtHours } } }, homes, state, ledger } = world;
  if (charges === undefined) return;
  const period = world.billing(state.firstSlot[c], slot);
  for (let i = 0, row = c * homes; i < homes; i++, row++) {
    const riseKw = Math.max(0, ledger.netKwh[row] / dtHours - state.homePeakKw[row]);
    state.homePeakKw[row] += riseKw;
    let charge = period.first === slot ? charges.standingPerMonth[i] * period.months : 0;
    // In a market of curves the peak is a step of the home's curve, and in its bill already.
    if (world.config.market.orders === "inelastic") {
      charge += charges.capacityPerKwMonth[i] * period.months * riseKw;
    }
    ledger.bill[row] += charge;
    ledger.charges[row] += charge;
  }
}

/** What billing reads and writes of a world. */
export type PricedWorld = Pick<
  World,
  "config" | "dataset" | "billing" | "state" | "homes" | "ledger"
>;
