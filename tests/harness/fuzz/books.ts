/**
 * Cases of one order book: cleared, certified, and compared with brute force where it has whole
 * units.
 *
 * @module
 */

import fc from "fast-check";
import { type Clearing, ORDER_LIMIT, type Orders, welfare } from "../../../lib/market/auction.ts";
import { type Certificate, certify } from "../../../lib/market/certificate.ts";
import { check, type Subjects, type Tally } from "./checks.ts";
import { between } from "../../helpers/worlds.ts";
import {
  arbitraryOrders,
  booksOf,
  clearUnits,
  longOrders,
  tiedOrders,
  unitOrders,
} from "../../helpers/order_books.ts";

/** Prices and quantities as small, as large and as close to each other as they may be. */
const extremeOrders = booksOf(
  fc.oneof(
    fc.constantFrom(0, -0, 5e-324, 1e-310, 0.1, 0.1 + 2 ** -56, -ORDER_LIMIT, ORDER_LIMIT),
    fc.double({ min: -ORDER_LIMIT, max: ORDER_LIMIT, noNaN: true }),
  ),
  fc.oneof(
    fc.constantFrom(0, 5e-324, 1e-310, 1e-9, 2e-9, 1, 1 + 2 ** -52, ORDER_LIMIT),
    fc.double({ min: 0, max: ORDER_LIMIT, noNaN: true }),
  ),
  9,
);

/** A book and the rule that places its price. */
export interface BookCase {
  readonly orders: Orders;
  readonly priceWeight: number;
  /** Whether all quantities are small whole numbers, which brute force can clear. */
  readonly wholeUnits: boolean;
}

/** Books of all kinds. */
export const bookCase: fc.Arbitrary<BookCase> = fc.oneof(
  ...([
    [3, unitOrders(8), true],
    [1, unitOrders(40), true],
    [2, arbitraryOrders, false],
    [2, extremeOrders, false],
    [1, tiedOrders, false],
    [1, longOrders, false],
  ] as const).map(([weight, orders, wholeUnits]) => ({
    weight,
    arbitrary: fc.record({ orders, wholeUnits: fc.constant(wholeUnits) }),
  })),
).chain((book) => between(0, 1).map((priceWeight) => ({ ...book, priceWeight })));

/** Clears the book and checks what comes out. */
export function checkBook(
  { orders, priceWeight, wholeUnits }: BookCase,
  { clear }: Subjects,
  tally: Tally,
): void {
  tally.cases.book++;
  const clearing = clear(orders, { priceWeight });
  checkCertificate(orders, clearing, priceWeight, tally);
  if (wholeUnits) checkUnits(orders, clearing, tally);
}

/** Demands that a clearing keeps all its promises. */
export function checkCertificate(
  orders: Orders,
  clearing: Clearing,
  priceWeight: number,
  tally: Tally,
): void {
  const certificate = certify(orders, clearing, { priceWeight });
  check(tally, "certificate", certificate.valid, () => {
    const { valid: _, ...promises } = certificate;
    const broken = (Object.keys(promises) as (keyof typeof promises)[])
      .filter((name) => !promises[name].holds);
    const text = (name: Exclude<keyof Certificate, "valid">) =>
      `${name}, missed by ${certificate[name].residual}`;
    return `the clearing breaks ${broken.map(text).join("; ")}`;
  });
}

function checkUnits(orders: Orders, clearing: Clearing, tally: Tally): void {
  const expected = clearUnits(orders);
  const worth = welfare(orders, clearing.fills);
  const same = clearing.volumeKwh === expected.volumeKwh &&
    String(clearing.clearingInterval) === String(expected.clearingInterval) &&
    Math.abs(worth - expected.worth) <= 1e-9 * (1 + expected.volumeKwh);
  check(
    tally,
    "brute force",
    same,
    () =>
      `got ${clearing.volumeKwh} kWh in [${clearing.clearingInterval}] worth ${worth}, unit by unit ` +
      `${expected.volumeKwh} kWh in [${expected.clearingInterval}] worth ${expected.worth}`,
  );
}
