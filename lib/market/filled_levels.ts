/**
 * Filled orders by price level, and what they imply: the largest volume that any price could trade
 * and the set of clearing prices. For the certificate, hence written from the definitions and apart
 * from the clearing; sums are exact (`Math.sumPrecise`).
 *
 * @module
 */

/** An order and its fill. */
export interface FilledOrder {
  /** Limit. [currency/kWh] */
  readonly pricePerKwh: number;
  /** Wanted or offered. [kWh] */
  readonly quantityKwh: number;
  /** Traded. [kWh] */
  readonly fillKwh: number;
}

/** The orders of one side and one price together. */
export interface FilledLevel extends FilledOrder {
  /** The orders one by one. */
  readonly orders: readonly FilledOrder[];
}

/** Groups the orders of one side by price; those below `dustKwh` are left out. */
export function levelsOf(orders: readonly FilledOrder[], dustKwh: number): FilledLevel[] {
  const solid = orders.filter(({ quantityKwh }) => quantityKwh >= dustKwh);
  return [...Map.groupBy(solid, ({ pricePerKwh }) => pricePerKwh)].map(([pricePerKwh, orders]) => ({
    pricePerKwh,
    quantityKwh: Math.sumPrecise(orders.map(({ quantityKwh }) => quantityKwh)),
    fillKwh: Math.sumPrecise(orders.map(({ fillKwh }) => fillKwh)),
    orders,
  }));
}

/** Largest over all prices of `min(demand, supply)`, found where the two cross. [kWh] */
export function largestVolume(bids: readonly FilledLevel[], asks: readonly FilledLevel[]): number {
  const quantity = (levels: readonly FilledLevel[]) =>
    Math.sumPrecise(levels.map(({ quantityKwh }) => quantityKwh));
  const demand = (price: number) => quantity(bids.filter((bid) => bid.pricePerKwh >= price));
  const supply = (price: number) => quantity(asks.filter((ask) => ask.pricePerKwh <= price));
  const prices = Float64Array.from([...bids, ...asks], ({ pricePerKwh }) => pricePerKwh).sort();
  let from = 0;
  let to = prices.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (demand(prices[middle]) >= supply(prices[middle])) from = middle + 1;
    else to = middle;
  }
  const crossing = prices.subarray(Math.max(0, from - 1), from + 1);
  return Math.max(0, ...crossing.map((price) => Math.min(demand(price), supply(price))));
}

/**
 * The set of clearing prices: `max(last accepted ask, best rejected bid)` to `min(last accepted
 * bid, best rejected ask)`. [currency/kWh]
 *
 * @param bids Levels of the bids.
 * @param asks Levels of the asks.
 * @param negligibleKwh A level of which no more than this is left over is not rejected. [kWh]
 */
export function clearingSet(
  bids: readonly FilledLevel[],
  asks: readonly FilledLevel[],
  negligibleKwh: number,
): [low: number, high: number] {
  let [low, high] = [-Infinity, Infinity];
  const isRejected = (level: FilledLevel) => level.quantityKwh - level.fillKwh > negligibleKwh;
  for (const bid of bids) {
    if (isFilled(bid)) high = Math.min(high, bid.pricePerKwh);
    if (isRejected(bid)) low = Math.max(low, bid.pricePerKwh);
  }
  for (const ask of asks) {
    if (isFilled(ask)) low = Math.max(low, ask.pricePerKwh);
    if (isRejected(ask)) high = Math.min(high, ask.pricePerKwh);
  }
  return [low, high];
}

/** Whether any of it was traded. */
export function isFilled({ fillKwh }: FilledOrder): boolean {
  return fillKwh !== 0;
}
