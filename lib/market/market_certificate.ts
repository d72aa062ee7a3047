/**
 * Certificate of a slot that was cleared at one price: what the market promises, checked from the
 * book's inputs and outcome by code of its own.
 *
 * The dispatch has the least cost of the one-slot program
 *
 *     C·Σm − f·Σx + φ'·Σ|traded| + δ·discharge + ν·shed − Σ∫w de
 *
 * (m and x the parts of a meter's energy with the grid, −X ≤ Σ(m − x) ≤ M) because it costs no more
 * than the bound that the prices themselves give: at P and μ no home, were it to choose anew, could
 * do better, and the connection is used as μ says (strong duality of linear programs). Cost O(n).
 *
 * Where the response of a home is not convex, or a connection rations homes that may not trade, the
 * least cost is not promised.
 *
 * @module
 */

import { type HomeCurve, homeCurve, type Piece, rounded, tariffsAt } from "./certified_curves.ts";
import {
  commonPromises,
  energyRights,
  promise,
  rowsOf,
  type Scales,
  scalesOf,
  stepCostOf,
  sumOver,
} from "./common_promises.ts";
import { DUST_KWH } from "../units.ts";
import { unfairness } from "./fair_ties.ts";
import { type MarketBook, SLOT_FLAGS } from "./market_book.ts";
import type { Kept, MarketCertificate } from "./mechanism.ts";

/** What rounding makes of a sum, as a share of its terms. */
const RELATIVE_ROUNDING = 1e-14;

/** A cleared community, as the certificate sees it. */
export interface ClearedSlot {
  /** The book. */
  readonly book: MarketBook;
  /** The community. */
  readonly c: number;
  /** Its rows. */
  readonly rows: readonly number[];
  /** Curves of the rows. */
  readonly curves: readonly HomeCurve[];
  /** P. [currency/kWh] */
  readonly price: number;
  /** μ. [currency/kWh] */
  readonly premium: number;
  /** φ'. [currency/kWh] */
  readonly fee: number;
  /** Whether the homes cannot trade. */
  readonly alone: boolean;
}

/** Checks community `c` of a book that was cleared, and all is paid for, at one price. */
export function certifyUniformPrice(book: MarketBook, c: number): MarketCertificate {
  const { slot, scales, promises } = marginPromises(book, c);
  return certificateOf({ ...promises, paidAtPrice: paidAtPrice(slot, scales) });
}

/** A certificate of promises. */
export function certificateOf(promises: Record<string, Kept>): MarketCertificate {
  return { valid: Object.values(promises).every(({ holds }) => holds), promises };
}

/** The promises of any mechanism that clears at the margin, however trades are paid for. */
export function marginPromises(
  book: MarketBook,
  c: number,
): { slot: ClearedSlot; scales: Scales; promises: Record<string, Kept> } {
  const slot = clearedSlot(book, c);
  const scales = scalesOf(book, c);
  const promises: Record<string, Kept> = {
    ...commonPromises(book, c, scales),
    leastCost: leastCost(slot, scales),
    priceSupports: priceSupports(slot, scales),
    priceInBounds: priceInBounds(slot),
    rentGoesBack: rentGoesBack(slot, scales),
    tiesFair: promise(unfairness(slot, scales), 1e-6),
  };
  return { slot, scales, promises };
}

/** Community `c` of a book as the certificate sees it. */
export function clearedSlot(book: MarketBook, c: number): ClearedSlot {
  const rows = rowsOf(book, c);
  const [ceiling, feedIn] = [rounded(book.ceilingPerKwh[c]), rounded(book.feedInPerKwh[c])];
  const binds = (book.slotFlags[c] & (SLOT_FLAGS.importBinds | SLOT_FLAGS.exportBinds)) !== 0;
  const inverted = rows.some((row) => {
    const [buyAt, sellAt] = tariffsAt(book, c, row);
    return buyAt < sellAt;
  });
  return {
    book,
    c,
    rows,
    curves: rows.map((row) => homeCurve(book, c, row)),
    price: book.pricePerKwh[c],
    premium: book.premiumPerKwh[c],
    fee: Math.max(0, Math.min(rounded(book.networkFeePerKwh[c]), (ceiling - feedIn) / 2)),
    alone: book.ownTariffs ? inverted && binds : inverted,
  };
}

/** Prices at which row `k` of the slot buys and sells, by the better of market and grid. */
function pricesOf({ book, c, rows, price, premium, fee, alone }: ClearedSlot, k: number) {
  const [ceiling, feedIn] = tariffsAt(book, c, rows[k]);
  if (alone || ceiling < feedIn) return [ceiling, feedIn];
  return [Math.min(price + fee, ceiling + premium), Math.max(price - fee, feedIn + premium)];
}

/**
 * Least cost of a home that buys and sells at these prices, beyond what all that it can give costs.
 * A home that sells for more than it pays does either of the two.
 */
export function leastCostOf(
  { pieces, leastKwh }: HomeCurve,
  buyAt: number,
  sellAt: number,
): number {
  let net = leastKwh;
  let cost = (leastKwh > 0 ? buyAt : sellAt) * leastKwh;
  let selling = cost;
  let buying = cost;
  for (const { pricePerKwh, kwh } of pieces) {
    const below = Math.max(0, Math.min(kwh, -net));
    const kept = (pricePerKwh - sellAt) * below;
    const bought = Math.max(0, pricePerKwh - buyAt) * (kwh - below);
    cost -= Math.max(0, kept) + bought;
    selling -= Math.max(0, kept);
    buying -= kept + bought;
    net += kwh;
  }
  return buyAt < sellAt ? Math.min(selling, buying) : cost;
}

/** What the outcome of a row costs beyond what all it can give costs, energy at these prices. */
function costOf({ pieces }: HomeCurve, meterKwh: number, buyAt: number, sellAt: number): number {
  const worth = pieces.reduce((sum, { pricePerKwh, onKwh }) => sum + pricePerKwh * onKwh, 0);
  return (meterKwh > 0 ? buyAt : sellAt) * meterKwh - worth;
}

function leastCost(slot: ClearedSlot, scales: Scales): Kept {
  const { book, c, rows, curves, fee } = slot;
  const paid = sumOver(rows, (row) => {
    const [ceiling, feedIn] = tariffsAt(book, c, row);
    const grid = book.gridKwh[row];
    return (grid > 0 ? ceiling : feedIn) * grid + fee * Math.abs(book.tradedKwh[row]);
  });
  const worth = curves.reduce(
    (sum, { pieces }) =>
      pieces.reduce((all, { pricePerKwh, onKwh }) => all + pricePerKwh * onKwh, sum),
    0,
  );
  const cost = paid + stepCostOf(book, c) - worth;
  const bound = curves.reduce((sum, curve, k) => {
    const [buyAt, sellAt] = pricesOf(slot, k);
    return sum + leastCostOf(curve, buyAt, sellAt);
  }, slot.alone ? 0 : connectionBound(slot));
  const promised = (book.slotFlags[c] & SLOT_FLAGS.notConvex) === 0 &&
    !(slot.alone && book.slotFlags[c] & (SLOT_FLAGS.importBinds | SLOT_FLAGS.exportBinds));
  const alonePaid = slot.alone ? stepCostOf(book, c) : 0;
  const excess = cost - alonePaid - bound - roundingOfWorth(curves);
  return promise(excess / scales.money, promised ? 1e-9 : Infinity);
}

/**
 * Rounding in what pieces are worth, which may be far more than all of the grid's energy; pieces of
 * less than dust the market counts to their neighbours.
 */
export function roundingOfWorth(curves: readonly HomeCurve[]): number {
  const rounding = (sum: number, { pricePerKwh, kwh }: Piece) =>
    sum + Math.abs(pricePerKwh * kwh) * (kwh <= DUST_KWH ? 1 : RELATIVE_ROUNDING);
  return curves.reduce((sum, { pieces }) => pieces.reduce(rounding, sum), 0);
}

/** Least of what the connection's energy costs beyond the tariff, less the premium that it earns. */
function connectionBound({ book, c, premium }: ClearedSlot): number {
  const { gridSteps, gridStepFromKwh, gridStepPerKwh } = book;
  const limit = Math.max(0, book.importLimitKwh[c]);
  if (premium < 0) return premium * Math.max(0, book.exportLimitKwh[c]);
  let bound = 0;
  for (let g = -1; g < gridSteps; g++) {
    const at = c * gridSteps + g;
    const from = g < 0 ? 0 : Math.min(limit, gridStepFromKwh[at]);
    const to = g + 1 < gridSteps ? Math.min(limit, gridStepFromKwh[at + 1]) : limit;
    const step = (g < 0 ? 0 : rounded(gridStepPerKwh[at])) - premium;
    if (step < 0 && to > from) bound += step * (to - from);
  }
  return bound;
}

/** No home would rather do something else at the prices, nor deal with another. */
function priceSupports(slot: ClearedSlot, scales: Scales): Kept {
  const { book, c, rows, curves, price, premium, fee, alone } = slot;
  if (alone || book.slotFlags[c] & SLOT_FLAGS.notConvex) return promise(0);
  const dust = 1e-9 * scales.energyKwh;
  let worst = 0;
  rows.forEach((row, k) => {
    const [buyAt, sellAt] = pricesOf(slot, k);
    const cost = costOf(curves[k], book.meterKwh[row], buyAt, sellAt);
    const excess = cost - leastCostOf(curves[k], buyAt, sellAt) - roundingOfWorth([curves[k]]);
    worst = Math.max(worst, excess / scales.money);
    const [ceiling, feedIn] = tariffsAt(book, c, row);
    if (ceiling < feedIn) return;
    const [traded, grid] = [book.tradedKwh[row], book.gridKwh[row]];
    const beyond = [
      traded > dust ? price + fee - ceiling - premium : 0,
      traded < -dust ? feedIn + premium - price + fee : 0,
      grid > dust ? ceiling + premium - price - fee : 0,
      grid < -dust ? price - fee - feedIn - premium : 0,
    ];
    worst = Math.max(worst, ...beyond.map((excess) => excess / (1 + Math.abs(price))));
  });
  return promise(worst);
}

/** Where no limit binds the price lies within the tariffs less fees. */
function priceInBounds({ book, c, rows, price, premium, fee, alone }: ClearedSlot): Kept {
  if (alone) return promise(0);
  const tariffs = rows.map((row) => tariffsAt(book, c, row));
  tariffs.push([rounded(book.ceilingPerKwh[c]), rounded(book.feedInPerKwh[c])]);
  const high = Math.max(...tariffs.map(([ceiling]) => ceiling)) - fee;
  const low = Math.min(...tariffs.map(([, feedIn]) => feedIn)) + fee;
  const beyond = Math.max(
    premium <= 0 ? price - high : 0,
    premium >= 0 ? low - price : 0,
    book.ownTariffs ? 0 : premium > 0 ? Math.abs(price - high - premium) : 0,
    book.ownTariffs ? 0 : premium < 0 ? Math.abs(price - low - premium) : 0,
    Math.abs(fee - book.feePerKwh[c]),
  );
  return promise(beyond / (1 + Math.abs(price)));
}

function paidAtPrice({ book, rows, price }: ClearedSlot, scales: Scales): Kept {
  const off = rows.map((row) => Math.abs(book.tradePayment[row] - price * book.tradedKwh[row]));
  return promise(Math.max(...off) / scales.money);
}

/** The rent goes back by the exchange that each home would have had with the grid alone. */
function rentGoesBack({ book, c, rows, premium }: ClearedSlot, scales: Scales): Kept {
  const rights = energyRights(book, c, premium);
  const stepCost = premium === 0 ? 0 : stepCostOf(book, c);
  const imported = sumOver(rows, (row) => Math.max(0, book.gridKwh[row]));
  const off = rows.map((row, k) => {
    const steps = stepCost > 0 ? stepCost * Math.max(0, book.gridKwh[row]) / imported : 0;
    return Math.abs(book.rent[row] - premium * (rights[k] - book.gridKwh[row]) - steps);
  });
  return promise(
    premium === 0
      ? Math.max(...rows.map((row) => Math.abs(book.rent[row])))
      : Math.max(...off) / scales.money,
  );
}
