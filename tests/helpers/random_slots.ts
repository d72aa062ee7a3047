/**
 * Random slots of small communities, for the market: many ties, fees, limits, negative prices, homes
 * with several stores, what must be charged, steps and affine curves.
 *
 * @module
 */

import { createMarketBook, type MarketBook } from "../../lib/market/market_book.ts";
import { type Stream, stream } from "../../lib/random.ts";

/** What may occur in a random slot. */
export interface SlotKinds {
  /** Tariffs of each home. */
  readonly ownTariffs?: boolean;
  /** Homes may pay more for what they take beyond a step; with tariffs of each home. */
  readonly homeSteps?: boolean;
  /** Import may cost less than export earns. */
  readonly inverted?: boolean;
  /** Most homes. */
  readonly homes?: number;
  /** The operator may set a cap. */
  readonly caps?: boolean;
  /** Meters may have limits of their own. */
  readonly meterLimits?: boolean;
}

/** Slot `k`: the same for the same numbers. */
export function randomSlot(seed: number, k: number, kinds: SlotKinds = {}): MarketBook {
  const random = stream(seed, "slot", k);
  const chance = (p: number) => random.uniform() < p;
  const homes = 1 + random.below(kinds.homes ?? 6);
  const owners: number[] = [];
  for (let i = 0; i < homes; i++) {
    for (let s = [0, 1, 1, 1, 2, 3][random.below(6)]; s > 0; s--) owners.push(i);
  }
  const gridSteps = chance(0.15) && !kinds.ownTariffs ? 1 + random.below(2) : 0;
  const book = createMarketBook({
    homes,
    owners,
    steps: 6,
    gridSteps,
    ownTariffs: kinds.ownTariffs ?? false,
    meterLimits: kinds.meterLimits ?? false,
    homeSteps: kinds.homeSteps ?? false,
  });
  // On a coarse grid of prices and energies ties are common.
  const coarse = chance(0.4);
  const price = (low: number, high: number) => {
    const value = low + (high - low) * random.uniform();
    return coarse ? Math.round(value * 20) / 20 : value;
  };
  const energy = (most: number) => {
    const value = most * random.uniform();
    return coarse ? Math.round(value * 2) / 2 : value;
  };
  const negative = chance(0.2);
  const [one, other] = [price(negative ? -0.3 : 0, 0.4), price(negative ? -0.3 : 0, 0.4)];
  const inverted = (kinds.inverted ?? false) && chance(0.7);
  book.ceilingPerKwh[0] = inverted ? Math.min(one, other) : Math.max(one, other);
  book.feedInPerKwh[0] = inverted ? Math.max(one, other) : Math.min(one, other);
  book.networkFeePerKwh[0] = chance(0.5) ? 0 : price(0, 0.1);
  book.lostLoadPerKwh[0] = chance(0.1) ? price(0.1, 0.5) : [1, 5, 10][random.below(3)];
  book.curtailmentPerKwh[0] = chance(0.1) ? price(-0.1, 0.1) : 0;
  if (kinds.caps && chance(0.5)) book.priceCapPerKwh[0] = book.ceilingPerKwh[0] + price(0, 0.3);
  const limit = () => chance(0.5) ? Infinity : chance(0.3) ? 0 : energy(2 * homes);
  book.importLimitKwh[0] = limit();
  book.exportLimitKwh[0] = limit();
  let from = 0;
  let surcharge = 0;
  for (let g = 0; g < gridSteps; g++) {
    book.gridStepFromKwh[g] = from += energy(homes);
    book.gridStepPerKwh[g] = surcharge += price(0, 0.2);
  }
  for (let i = 0; i < homes; i++) {
    book.loadKwh[i] = chance(0.1) ? 0 : energy(3);
    book.sunKwh[i] = chance(0.4) ? 0 : energy(5);
    if (!kinds.ownTariffs) continue;
    const mean = (book.ceilingPerKwh[0] + book.feedInPerKwh[0]) / 2;
    book.rowCeilingPerKwh[i] = Math.max(mean, book.ceilingPerKwh[0] + price(-0.1, 0.1));
    book.rowFeedInPerKwh[i] = Math.min(mean, book.feedInPerKwh[0] + price(-0.05, 0.05));
  }
  for (let s = 0; s < owners.length; s++) fillStore(book, s, random, price, energy, chance);
  if (kinds.meterLimits) limitMeters(book, random, chance);
  for (let i = 0; i < homes && kinds.homeSteps; i++) {
    book.rowStepFromKwh[i] = chance(0.2) ? 0 : energy(3);
    book.rowStepPerKwh[i] = chance(0.2) ? 0 : price(0, chance(0.5) ? 0.2 : 2);
  }
  return book;
}

/** Limits within what each home can do; where none must take or give, the connection may bind too. */
function limitMeters(book: MarketBook, random: Stream, chance: (p: number) => boolean): void {
  const mayNothing = chance(0.5);
  if (!mayNothing) book.importLimitKwh[0] = book.exportLimitKwh[0] = Infinity;
  for (let i = 0; i < book.homes; i++) {
    if (chance(0.2)) continue;
    let least = -book.sunKwh[i], most = book.loadKwh[i];
    for (let s = book.firstStore[i]; s < book.firstStore[i + 1]; s++) {
      most += book.chargeMostKwh[s];
      if (book.chargeLeastKwh[s] === 0) least -= book.dischargeMostKwh[s];
    }
    const [a, b] = [0, 1].map(() => least + random.uniform() * (most - least));
    if (chance(0.8)) book.meterLeastKwh[i] = Math.min(a, b, mayNothing ? 0 : Infinity);
    if (chance(0.8)) book.meterMostKwh[i] = Math.max(a, b, mayNothing ? 0 : -Infinity);
  }
}

function fillStore(
  book: MarketBook,
  s: number,
  random: Stream,
  price: (low: number, high: number) => number,
  energy: (most: number) => number,
  chance: (p: number) => boolean,
): void {
  book.energyKwh[s] = energy(8);
  book.chargeMostKwh[s] = chance(0.1) ? 0 : energy(4);
  book.dischargeMostKwh[s] = chance(0.2) ? 0 : energy(4);
  if (chance(0.1)) book.chargeLeastKwh[s] = book.chargeMostKwh[s] * random.uniform();
  book.storedPerKwh[s] = chance(0.3) ? 1 : chance(0.1) ? 3.1 : 0.95;
  book.drawnPerKwh[s] = chance(0.3) ? 1 : 1 / 0.95;
  book.wearPerKwh[s] = chance(0.5) ? 0 : price(0, 0.05);
  book.unmetPerKwh[s] = price(0.3, 0.8);
  if (chance(0.6)) {
    book.valuePerKwh[s] = price(-0.1, 0.5);
    book.fallPerKwh[s] = chance(0.2) ? 0 : 0.05 * random.uniform();
    return;
  }
  const count = book.stepCount[s] = 1 + random.below(6);
  let value = price(0, 0.6);
  for (let k = 0; k < count; k++) {
    book.stepFromKwh[s * book.steps + k] = k === 0 ? 0 : 8 * k / count;
    book.stepValuePerKwh[s * book.steps + k] = value;
    value -= chance(0.3) ? 0 : price(0, 0.2);
  }
}
