/**
 * Mechanisms in which there is no price before dispatch: stores act on the grid's prices alone, and
 * what meters then give and take is shared by a rule and paid for at a price that is known before.
 *
 * A home takes part where it does not lose by it: what it would pay the others, fee included, is no
 * more than its ceiling, what it would earn no less than its feed-in tariff. What is not shared goes
 * to the grid or comes from it; of what sellers give, each gives the same part.
 *
 * @module
 */

import { writeBills } from "../bills.ts";
import { homeCurve, rounded, tariffsAt } from "../certified_curves.ts";
import { commonPromises, promise, rowsOf, scalesOf, sumOver } from "../common_promises.ts";
import { buildStoreCurves } from "../curves.ts";
import { type MarketBook, SLOT_FLAGS } from "../market_book.ts";
import { leastCostOf, roundingOfWorth } from "../market_certificate.ts";
import type { Mechanism } from "../mechanism.ts";
import { cutToMeters } from "../meter_limits.ts";
import { dispatchAlone } from "../self_dispatch.ts";
import { readTerms, type Terms, workspaceOf } from "../workspace.ts";

/** A rule of sharing. */
export interface SharingRule {
  /** Name of the mechanism. */
  readonly name: string;
  /** What it does, in a sentence. */
  readonly description: string;
  /** Price between homes, from C, f and φ', in whatever unit they have. */
  price(ceiling: number, feedIn: number, fee: number): number;
  /**
   * Energy that each taking meter gets of what is given.
   *
   * @param takenKwh What each takes, 0 for who gives or takes no part. `[homes]`
   * @param givenKwh What all together give.
   * @param coefficients Fixed shares of the homes. `[homes]`
   */
  share(
    takenKwh: readonly number[],
    givenKwh: number,
    coefficients: readonly number[],
  ): number[];
}

/** The mechanism of a rule. */
export function sharingMechanism(rule: SharingRule): Mechanism {
  return {
    name: rule.name,
    description: rule.description,
    clear(book, from = 0, to = book.communities) {
      const workspace = workspaceOf(book);
      for (let c = from; c < to; c++) {
        readTerms(book, c, workspace);
        buildStoreCurves(book, c, workspace.curves, workspace.terms.cap);
        cutToMeters(book, c, workspace);
        const { terms } = workspace;
        if (terms.ceiling < terms.feedIn) book.slotFlags[c] |= SLOT_FLAGS.inverted;
        dispatchAlone(book, c, workspace);
        const price = priceOf(rule, terms);
        shareEnergy(book, c, rule, price / 1e6, terms.fee / 1e6);
        writeBills(book, c, workspace, price, 0);
      }
    },
    certify: (book, c) => certifySharing(book, c, rule),
  };
}

/** Price between homes; where nobody trades the middle of the tariffs. [1e-6 currency/kWh] */
function priceOf(rule: SharingRule, { ceiling, feedIn, fee }: Terms): number {
  return ceiling < feedIn ? (ceiling + feedIn) / 2 : rule.price(ceiling, feedIn, fee);
}

/** Writes what each meter has with others and with the grid. */
function shareEnergy(
  book: MarketBook,
  c: number,
  rule: SharingRule,
  price: number,
  fee: number,
): void {
  const { meterKwh, tradedKwh, gridKwh } = book;
  const rows = rowsOf(book, c);
  const traded = sharesOf(book, c, rule, price, fee);
  rows.forEach((row, k) => {
    tradedKwh[row] = traded[k];
    gridKwh[row] = meterKwh[row] - traded[k];
  });
}

/** What each meter has with others by the rule. [kWh] */
function sharesOf(
  book: MarketBook,
  c: number,
  rule: SharingRule,
  price: number,
  fee: number,
): number[] {
  const rows = rowsOf(book, c);
  const inverted = rounded(book.ceilingPerKwh[c]) < rounded(book.feedInPerKwh[c]);
  const takesPart = rows.map((row) => {
    const [ceiling, feedIn] = tariffsAt(book, c, row);
    if (inverted || ceiling < feedIn) return false;
    // A unit of rounding decides nothing.
    return book.meterKwh[row] > 0 ? price + fee <= ceiling + 1e-9 : price - fee >= feedIn - 1e-9;
  });
  const taken = rows.map((row, k) => takesPart[k] ? Math.max(0, book.meterKwh[row]) : 0);
  const given = rows.map((row, k) => takesPart[k] ? Math.max(0, -book.meterKwh[row]) : 0);
  const all = given.reduce((sum, kwh) => sum + kwh, 0);
  const got = rule.share(taken, all, rows.map((row) => book.sharingCoefficient[row]))
    .map((kwh, k) => Math.max(0, Math.min(taken[k], kwh)) || 0);
  const shared = got.reduce((sum, kwh) => sum + kwh, 0);
  const part = all > 0 ? Math.min(1, shared / all) : 0;
  const scale = shared > all ? all / shared : 1;
  return got.map((kwh, k) => given[k] > 0 ? -part * given[k] : scale * kwh);
}

/** Checks dispatch, shares and payments of a community. */
function certifySharing(book: MarketBook, c: number, rule: SharingRule) {
  const rows = rowsOf(book, c);
  const scales = scalesOf(book, c);
  const [ceiling, feedIn] = [rounded(book.ceilingPerKwh[c]), rounded(book.feedInPerKwh[c])];
  const fee = Math.max(0, Math.min(rounded(book.networkFeePerKwh[c]), (ceiling - feedIn) / 2));
  const price = ceiling < feedIn ? (ceiling + feedIn) / 2 : rule.price(ceiling, feedIn, fee);
  const shares = sharesOf(book, c, rule, price, fee);
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
  const promises = {
    ...commonPromises(book, c, scales),
    bestAlone: bestAlone(book, c),
    sharedByRule: promise(
      most(rows.map((row, k) => Math.abs(book.tradedKwh[row] - shares[k]))) / scales.energyKwh,
    ),
    paidAtPrice: promise(
      (most(rows.map((row) => Math.abs(book.tradePayment[row] - price * book.tradedKwh[row]))) +
            most(rows.map((row) => Math.abs(book.rent[row])))) / scales.money +
        Math.abs(book.pricePerKwh[c] - price) + Math.abs(book.feePerKwh[c] - fee),
    ),
  };
  return { valid: Object.values(promises).every(({ holds }) => holds), promises };
}

/** Where no limit binds, every home does what costs it least with the grid alone. */
function bestAlone(book: MarketBook, c: number) {
  const binds = SLOT_FLAGS.importBinds | SLOT_FLAGS.exportBinds;
  const regret = sumOver(rowsOf(book, c), (row) => {
    const curve = homeCurve(book, c, row);
    const [ceiling, feedIn] = tariffsAt(book, c, row);
    const worth = curve.pieces.reduce((sum, piece) => sum + piece.pricePerKwh * piece.onKwh, 0);
    const q = book.meterKwh[row];
    return (q > 0 ? ceiling : feedIn) * q - worth - leastCostOf(curve, ceiling, feedIn) -
      roundingOfWorth([curve]);
  });
  return promise(
    regret / scalesOf(book, c).money,
    (book.slotFlags[c] & binds) === 0 ? undefined : Infinity,
  );
}
