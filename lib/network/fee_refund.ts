/**
 * Network fees by electrical distance: what homes get back of the flat fee after clearing, because the
 * energy that they traded used little of the network.
 *
 * Local-market pilots and reduced tariffs for energy communities lower the fee for energy that stays
 * close. Price and dispatch know the flat fee; who was close to whom is settled afterwards. Of what a home
 * bought, that counts as from its own branch which homes there sold, as far as it goes, each buyer and
 * seller by its share; what is left likewise from its feeder, and the rest from beyond.
 *
 * - A *branch* are the homes at one joint: at the node itself, or at the end of service lines from it.
 * - A *feeder* is all behind one line from the first node, the one behind the transformer.
 *
 * @module
 */

import type { Feeder } from "./feeder.ts";

/** Shares of the flat fee that are given back, by distance. */
export interface FeeRefund {
  /** For energy from the same branch, 0 to 1. */
  readonly sameBranch: number;
  /** For energy from the same feeder, beyond the branch. */
  readonly sameFeeder: number;
  /** For energy from beyond, through the first node. */
  readonly beyond: number;
}

/** Branch and feeder of each home, as numbers; a feeder is a whole number of branches. */
export interface HomeDistances {
  /** `[homes]` */
  readonly branch: Int32Array;
  /** `[homes]` */
  readonly feeder: Int32Array;
}

/** Where homes are on a feeder. */
export function homeDistances({ parent, nodeOf }: Feeder): HomeDistances {
  const isFed = new Uint8Array(parent.length);
  for (const node of parent) if (node >= 0) isFed[node] = 1;
  const branch = nodeOf.map((node) => isFed[node] === 1 || parent[node] <= 0 ? node : parent[node]);
  const feeder = nodeOf.map((node) => {
    let at = node;
    while (parent[at] > 0) at = parent[at];
    return at;
  });
  return { branch, feeder };
}

/**
 * Writes what each home gets back.
 *
 * @param traded Energy from other homes, to them < 0. [kWh]
 * @param feePerKwh The flat fee of either side. [currency/kWh]
 * @param from Where the homes begin in `traded` and `refund`.
 * @param refund Receives it, ≥ 0. [currency]
 */
export function refundFees(
  { branch, feeder }: HomeDistances,
  { sameBranch, sameFeeder, beyond }: FeeRefund,
  traded: Float64Array,
  feePerKwh: number,
  from: number,
  refund: Float64Array,
): void {
  const homes = branch.length, end = from + homes;
  const left = traded.slice(from, end);
  refund.fill(0, from, end);
  for (const [group, share] of [[branch, sameBranch], [feeder, sameFeeder]] as const) {
    const bought = new Map<number, number>(), sold = new Map<number, number>();
    for (let i = 0; i < homes; i++) {
      const into = left[i] > 0 ? bought : sold;
      into.set(group[i], (into.get(group[i]) ?? 0) + Math.abs(left[i]));
    }
    for (let i = 0; i < homes; i++) {
      const buys = bought.get(group[i]) ?? 0, sells = sold.get(group[i]) ?? 0;
      const own = left[i] > 0 ? buys : sells;
      if (!(own > 0)) continue;
      const matched = left[i] * Math.min(buys, sells) / own;
      refund[from + i] += share * feePerKwh * Math.abs(matched);
      left[i] -= matched;
    }
  }
  for (let i = 0; i < homes; i++) refund[from + i] += beyond * feePerKwh * Math.abs(left[i]);
}
