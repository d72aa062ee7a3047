/**
 * What every prosumer pays, and how it compares with being alone on the grid: a community is only
 * worth joining if nobody loses.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { HOURS_PER_DAY } from "../units.ts";
import type { CostRecords, Records } from "./records.ts";

/** One row of `prosumers.csv`. */
export interface ProsumerBill {
  /** The policy. */
  readonly policy: string;
  /** The household. */
  readonly prosumer: string;
  /** What it pays to grid and peers, less what it gets back of network fees. [currency/d] */
  readonly billPerDay: number;
  /** Its bill − its bill under `grid-only` on the same days. [currency/d] */
  readonly billChangePerDay: number;
  /** Everything that it is charged: with CO2, wear, unserved load and final energy. [currency/d] */
  readonly costPerDay: number;
  /** Its cost − its cost under `grid-only` on the same days. [currency/d] */
  readonly costChangePerDay: number;
}

/** Bills in the order of the community. */
export function prosumerBills(
  records: Records,
  reference: CostRecords,
  { community, profiles }: Dataset,
): ProsumerBill[] {
  const slots = records.firstSlots.length * records.slotsPerEpisode;
  const days = (slots * profiles.grid.dtHours) / HOURS_PER_DAY;
  const [bills, billsAlone] = [records, reference].map((each) => {
    const refunds = prosumerSums(each, "feeRefund");
    return prosumerSums(each, "bill").map((bill, i) => bill - refunds[i]);
  });
  const [costs, costsAlone] = [records, reference].map(prosumerCosts);
  return community.prosumers.map(({ id }, i) => ({
    policy: records.policy,
    prosumer: id,
    billPerDay: bills[i] / days,
    billChangePerDay: (bills[i] - billsAlone[i]) / days,
    costPerDay: costs[i] / days,
    costChangePerDay: (costs[i] - costsAlone[i]) / days,
  }));
}

/** Cost of every prosumer over all episodes. [currency] */
export function prosumerCosts(records: CostRecords): number[] {
  return prosumerSums(records, "cost");
}

/** Cost of all prosumers together over all episodes. [currency] */
export function communityCost(records: CostRecords): number {
  return prosumerCosts(records).reduce((sum, cost) => sum + cost, 0);
}

function prosumerSums({ home, homes }: CostRecords, column: keyof CostRecords["home"]): number[] {
  const sums = new Array<number>(homes).fill(0);
  home[column].forEach((value, row) => sums[row % homes] += value);
  return sums;
}

/**
 * Gini coefficient: 0 where all have the same, near 1 where one has everything; above 1 only where
 * some have less than nothing. `null` where the sum is not positive, as shares mean nothing there.
 *
 *     G = Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n Σ x)
 *
 * @example
 * ```ts
 * import { gini } from "./prosumer_bills.ts";
 * if (gini([2, 2]) !== 0 || gini([0, 4]) !== 0.5) throw new Error("alike, and one of two");
 * ```
 */
export function gini(values: readonly number[]): number | null {
  const total = values.reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return null;
  // With values in rising order, value k stands above k others and below n − 1 − k.
  const n = values.length;
  const weighted = values.toSorted((a, b) => a - b)
    .reduce((sum, x, k) => sum + (2 * k + 1 - n) * x, 0);
  return weighted / (n * total);
}
