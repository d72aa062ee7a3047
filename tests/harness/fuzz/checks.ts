/**
 * What is checked of a case, and how a fault is told.
 *
 * @module
 */

import type { Dataset } from "../../../lib/data/profiles.ts";
import type { EnvironmentConfig } from "../../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../../lib/env/energy_market_env.ts";
import { clearOrders } from "../../../lib/market/auction.ts";
import { within } from "../../../lib/env/reasons.ts";

/** Kinds of cases. */
export const caseKinds = {
  slot: "one slot of one community in the environment",
  book: "one book of limit orders in the auction",
  store: "one slot of one store",
  refusal: "one impossible world, which must be refused",
} as const;

/** Kinds of checks. */
export const checkKinds = {
  violations: "the audit, which shares no code with the environment, finds none",
  energy: "in the community, trades sum to 0 and flows to what the grid gives, to 1e-9",
  reward: "the reward is the negative cost, bit for bit",
  finite: "observations, rewards and books are finite",
  stateless: "the same slot again, after another, comes to the same bits",
  limits: "what a store can do lies between nothing and its rating",
  bounds: "what is within the limits keeps the store within its bounds",
  flags: "what is no number is flagged, and only that",
  certificate: "the certificate of the clearing is valid",
  "same book": "inelastic orders clear as the auction does, bit for bit",
  "brute force": "a book of whole units clears as unit by unit",
  refused: "the error names field and value in one line",
} as const;

/** Kind of a check. */
export type CheckKind = keyof typeof checkKinds;

/** A check that failed; anything else that is thrown is an exception of the library. */
export class FailedCheck extends Error {
  /** Which of them. */
  readonly kind: CheckKind;

  constructor(kind: CheckKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What is attacked; the tests of the fuzzer put faulty parts in their place. */
export interface Subjects {
  readonly cut: (requestKw: number, leastKw: number, mostKw: number) => number;
  readonly clear: typeof clearOrders;
  readonly createEnv: (
    dataset: Dataset,
    config: EnvironmentConfig,
    communities: number,
  ) => EnergyMarketEnv;
}

/** The library's own parts. */
export const ownSubjects: Subjects = {
  cut: within,
  clear: clearOrders,
  createEnv: (dataset, config, communities) => new EnergyMarketEnv(dataset, config, communities),
};

/** Cases and checks by kind. */
export interface Tally {
  readonly cases: Record<keyof typeof caseKinds, number>;
  readonly checks: Record<CheckKind, number>;
}

/** An empty tally. */
export function createTally(): Tally {
  const zeros = <K extends string>(kinds: Record<K, string>) =>
    Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0])) as Record<K, number>;
  return { cases: zeros(caseKinds), checks: zeros(checkKinds) };
}

/** Number of cases of all kinds. */
export function countCases({ cases }: Tally): number {
  return Object.values(cases).reduce((sum, count) => sum + count, 0);
}

/**
 * Counts a check.
 *
 * @param message Says what is wrong, if something is.
 * @throws {FailedCheck} If it does not hold.
 */
export function check(tally: Tally, kind: CheckKind, holds: boolean, message: () => string): void {
  tally.checks[kind]++;
  if (!holds) throw new FailedCheck(kind, message());
}

/** Whether two amounts are alike to 1e-9 of what they are made of, of 1 at least. */
export function alike(a: number, b: number, size: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, size);
}
