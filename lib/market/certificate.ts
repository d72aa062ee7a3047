/**
 * Certificate of a clearing: what an auction promises, checked from the orders and the outcome.
 *
 * It shares no code with the clearing and asks what an outcome must be, not how to find it: the
 * largest volume is `max over p of min(demand(p), supply(p))`, and the set of clearing prices is
 * read off the fills. O(n log n).
 *
 * Energies are equal that differ by no more than dust, as the auction defines it. Prices are
 * compared without tolerance. Some promises imply others: a price above a filled bid is also
 * outside the clearing set, and energy that is not conserved is not paid for unless its price is 0.
 *
 * @module
 */

import { DUST_KWH } from "../units.ts";
import type { AuctionOptions, Clearing, Order, Orders } from "./auction.ts";
import {
  clearingSet,
  type FilledLevel,
  type FilledOrder,
  isFilled,
  largestVolume,
  levelsOf,
} from "./filled_levels.ts";

/** One promise. */
export interface Check {
  /** Whether it is kept. */
  readonly holds: boolean;
  /** By how much it is missed; `Infinity` where that cannot be measured. */
  readonly residual: number;
}

/** Every promise of an auction. */
export interface Certificate {
  /** Whether all the promises are kept. */
  readonly valid: boolean;
  /** No other price could trade more. Residual: volume that is missing. [kWh] */
  readonly volumeMaximal: Check;
  /**
   * The interval is the set of clearing prices and holds the price; both are absent without trade.
   * Residual: distance of the farthest of them. [currency/kWh]
   */
  readonly priceInClearingSet: Check;
  /** Buyers pay what sellers receive, to 1e-12 of it. Residual: the difference. [currency] */
  readonly budgetBalanced: Check;
  /** Nobody trades beyond the own limit. Residual: the largest excess. [currency/kWh] */
  readonly individuallyRational: Check;
  /**
   * Bought, sold and traded energy are one; no fill is negative or above its order; dust and
   * strangers get none. Residual: the largest difference. [kWh]
   */
  readonly energyConserving: Check;
  /**
   * Orders of equal price are filled by the same share, and the price divides the interval by the
   * price weight. Residual: the largest deviation from these shares. [1]
   */
  readonly marginSharedFairly: Check;
}

/** Relative rounding of the shorter side's quantity: below it energy is dust. */
const ENERGY_ROUNDING = 16 * Number.EPSILON;
/** Relative rounding that is allowed to a sum of payments and to the price. */
const MONEY_ROUNDING = 1e-12;
/** Payments this small are stored with fewer digits. [currency] */
const NO_MONEY = 1e-290;
/** Rounding that is allowed to a share. */
const SHARE_ROUNDING = 1e-9;

/**
 * Checks a clearing, whoever made it.
 *
 * @example
 * ```ts
 * import { clearOrders } from "./auction.ts";
 * import { certify } from "./certificate.ts";
 * const orders = {
 *   bids: [{ id: "ann", quantityKwh: 2, pricePerKwh: 0.3 }],
 *   asks: [{ id: "bob", quantityKwh: 2, pricePerKwh: 0.1 }],
 * };
 * const clearing = clearOrders(orders);
 * if (!certify(orders, clearing).valid) throw new Error("the auction keeps its promises");
 * const overpriced = certify(orders, { ...clearing, clearingPrice: 0.35 });
 * if (overpriced.individuallyRational.holds) throw new Error("ann would pay above her limit");
 * ```
 */
export function certify(
  orders: Orders,
  clearing: Clearing,
  options: AuctionOptions = {},
): Certificate {
  const outcome = outcomeOf(orders, clearing);
  const checks = {
    volumeMaximal: volumeMaximal(outcome),
    priceInClearingSet: priceInClearingSet(outcome),
    budgetBalanced: budgetBalanced(outcome),
    individuallyRational: individuallyRational(outcome),
    energyConserving: energyConserving(outcome),
    marginSharedFairly: marginSharedFairly(outcome, options.priceWeight ?? 0.5),
  };
  return { valid: Object.values(checks).every(({ holds }) => holds), ...checks };
}

/** A clearing together with its orders. */
interface Outcome {
  readonly clearing: Clearing;
  readonly bids: readonly FilledOrder[];
  readonly asks: readonly FilledOrder[];
  readonly bidLevels: readonly FilledLevel[];
  readonly askLevels: readonly FilledLevel[];
  readonly boughtKwh: number;
  readonly soldKwh: number;
  /** What counts as traded where bought and sold differ. */
  readonly tradedKwh: number;
  /** What is less than this is nothing. */
  readonly dustKwh: number;
  /** Without trade any price will do; with trade a missing price is NaN and fails every check. */
  readonly price: number;
}

function outcomeOf(orders: Orders, clearing: Clearing): Outcome {
  const withFills = (side: readonly Order[]) =>
    side.map(({ id, quantityKwh, pricePerKwh }) => (
      { quantityKwh, pricePerKwh, fillKwh: clearing.fills.get(id) ?? NaN }
    ));
  const bids = withFills(orders.bids);
  const asks = withFills(orders.asks);
  const boughtKwh = Math.sumPrecise(bids.map(({ fillKwh }) => fillKwh));
  const soldKwh = Math.sumPrecise(asks.map(({ fillKwh }) => fillKwh));
  const total = (side: readonly FilledOrder[]) =>
    Math.sumPrecise(side.map(({ quantityKwh }) => quantityKwh));
  const dustKwh = Math.max(DUST_KWH, ENERGY_ROUNDING * Math.min(total(bids), total(asks)));
  return {
    clearing,
    bids,
    asks,
    bidLevels: levelsOf(bids, dustKwh),
    askLevels: levelsOf(asks, dustKwh),
    boughtKwh,
    soldKwh,
    tradedKwh: Math.min(boughtKwh, soldKwh),
    dustKwh,
    price: clearing.clearingPrice ?? (boughtKwh === 0 && soldKwh === 0 ? 0 : NaN),
  };
}

function volumeMaximal({ bidLevels, askLevels, tradedKwh, dustKwh }: Outcome): Check {
  const missing = Math.max(0, largestVolume(bidLevels, askLevels) - tradedKwh);
  return check(missing, 2 * dustKwh);
}

function priceInClearingSet(outcome: Outcome): Check {
  const { bidLevels, askLevels, boughtKwh, soldKwh, dustKwh } = outcome;
  const { clearingPrice, clearingInterval } = outcome.clearing;
  if (clearingPrice === null || clearingInterval === null) {
    const absent = clearingPrice === clearingInterval && boughtKwh === 0 && soldKwh === 0;
    return check(absent ? 0 : Infinity, 0);
  }
  if (boughtKwh === 0 && soldKwh === 0) return check(Infinity, 0);
  const [low, high] = clearingInterval;
  // A remainder that is just about negligible may or may not have been counted as rejected.
  const [innerLow, innerHigh] = clearingSet(bidLevels, askLevels, dustKwh / 2);
  const [outerLow, outerHigh] = clearingSet(bidLevels, askLevels, dustKwh * 2);
  const ends = [outerLow - low, low - innerLow, innerHigh - high, high - outerHigh];
  return check(Math.max(0, ...ends, low - clearingPrice, clearingPrice - high), 0);
}

function budgetBalanced({ bids, asks, price }: Outcome): Check {
  const paid = Math.sumPrecise(bids.map(({ fillKwh }) => price * fillKwh));
  const received = Math.sumPrecise(asks.map(({ fillKwh }) => price * fillKwh));
  return check(Math.abs(paid - received), Math.max(NO_MONEY, MONEY_ROUNDING * Math.abs(paid)));
}

function individuallyRational({ bids, asks, price }: Outcome): Check {
  const excess = Math.max(
    largest(bids.filter(isFilled), (bid) => price - bid.pricePerKwh),
    largest(asks.filter(isFilled), (ask) => ask.pricePerKwh - price),
  );
  return check(excess, 0);
}

function energyConserving(outcome: Outcome): Check {
  const { clearing, bids, asks, boughtKwh, soldKwh, dustKwh } = outcome;
  const strangers = clearing.fills.size - bids.length - asks.length;
  // How far a fill is below 0 or above its order.
  const misfillOf = ({ quantityKwh, fillKwh }: FilledOrder) =>
    Math.max(-fillKwh, fillKwh - (quantityKwh >= dustKwh ? quantityKwh : 0));
  const misfill = strangers === 0 ? largest([...bids, ...asks], misfillOf) : Infinity;
  const imbalance = Math.max(
    Math.abs(boughtKwh - soldKwh),
    Math.abs(boughtKwh - clearing.volumeKwh),
    Math.abs(soldKwh - clearing.volumeKwh),
  );
  // Sums are rounded; the bounds of a single fill are not.
  return check(Math.max(misfill, imbalance), misfill === 0 ? dustKwh : 0);
}

function marginSharedFairly(outcome: Outcome, priceWeight: number): Check {
  const { bidLevels, askLevels, clearing } = outcome;
  const uneven = largest([...bidLevels, ...askLevels], unevenness);
  return check(Math.max(uneven, weightError(clearing, priceWeight)), SHARE_ROUNDING);
}

/** Largest deviation of an order's filled share from its level's. */
function unevenness({ quantityKwh, fillKwh, orders }: FilledLevel): number {
  const share = fillKwh / quantityKwh;
  return largest(orders, (order) => Math.abs(order.fillKwh / order.quantityKwh - share));
}

/** Deviation of the price's place in its interval from the price weight. */
function weightError({ clearingPrice, clearingInterval }: Clearing, priceWeight: number): number {
  if (clearingPrice === null || clearingInterval === null) return 0;
  const [low, high] = clearingInterval;
  const rounding = MONEY_ROUNDING * Math.max(Math.abs(low), Math.abs(high));
  const distance = Math.abs(clearingPrice - (low + priceWeight * (high - low)));
  return high > low ? Math.max(0, distance - rounding) / (high - low) : 0;
}

function check(residual: number, tolerance: number): Check {
  return {
    holds: residual <= tolerance,
    residual: Number.isNaN(residual) ? Infinity : residual,
  };
}

/** Largest of 0 and the values of `measure`; NaN if any is. */
function largest<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((most, item) => Math.max(most, measure(item)), 0);
}
