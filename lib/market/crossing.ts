/**
 * The crossing of demand and supply, in exact sums that do not depend on the order of the orders: every
 * quantity is cut at two binary digits of its side of the book into parts whose sums have no rounding
 * (S. M. Rump, T. Ogita and S. Oishi, "Accurate floating-point summation", SIAM J. Sci. Comput. 31(1),
 * 2008).
 *
 * @module
 */

/** Numbers whose sum with a quantity rounds it to the last digit of its high, or middle, part. */
export interface Cuts {
  bidHigh: number;
  bidMiddle: number;
  askHigh: number;
  askMiddle: number;
}

/** The crossing, as it is found. Energies are in kWh, prices in currency/kWh. */
export interface Crossing {
  /** Where quantities are cut; set before. */
  readonly cuts: Cuts;
  /** Highest bid that is no dust; set before. */
  highest: number;
  /** Lowest ask that is no dust; set before. */
  lowest: number;
  /** The price. */
  price: number;
  /** High parts of the bids above the price. */
  boughtHigh: number;
  /** Their middle parts. */
  boughtMiddle: number;
  /** High parts of the asks below the price. */
  soldHigh: number;
  /** Their middle parts. */
  soldMiddle: number;
  /** Bids at the price. */
  tiedDemand: number;
  /** Asks at the price. */
  tiedSupply: number;
}

/** One at a time. */
export const crossing: Crossing = {
  cuts: { bidHigh: 0, bidMiddle: 0, askHigh: 0, askMiddle: 0 },
  highest: 0,
  lowest: 0,
  price: 0,
  boughtHigh: 0,
  boughtMiddle: 0,
  soldHigh: 0,
  soldMiddle: 0,
  tiedDemand: 0,
  tiedSupply: 0,
};

const number = new Float64Array(1);
/** Its halves, that with the exponent behind. */
const bits = new Uint32Array(number.buffer);

/** 1.5·2ᵏ, 2ᵏ over four times the sum: multiples of its last digit add up to it without rounding. */
export function cutOf(sum: number): number {
  number[0] = sum > 1e-270 ? sum : 1e-270;
  bits[0] = 0;
  bits[1] = (bits[1] & 0x7ff00000) + 0x00380000;
  return number[0];
}

/** Cuts for sides of so many orders and so much energy. [kWh] */
export function setCuts(
  cuts: Cuts,
  bidCount: number,
  bidsKwh: number,
  askCount: number,
  asksKwh: number,
): void {
  cuts.bidHigh = cutOf(bidsKwh);
  cuts.bidMiddle = middleCutOf(cuts.bidHigh, bidCount);
  cuts.askHigh = cutOf(asksKwh);
  cuts.askMiddle = middleCutOf(cuts.askHigh, askCount);
}

/** Cut of what is left of `count` quantities by a first cut. */
export function middleCutOf(cut: number, count: number): number {
  return cutOf((count + 1) * cut * Number.EPSILON);
}

/** High part of a quantity, which is negative for asks. */
export function highPart(cuts: Cuts, quantity: number): number {
  const cut = quantity > 0 ? cuts.bidHigh : cuts.askHigh;
  return (quantity + cut) - cut;
}

/** Middle part of what the high part leaves of a quantity. */
export function middlePart(cuts: Cuts, rest: number, quantity: number): number {
  const cut = quantity > 0 ? cuts.bidMiddle : cuts.askMiddle;
  return (rest + cut) - cut;
}
