import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Clearing, clearOrders, type Order, type Orders } from "../../lib/market/auction.ts";
import { type Certificate, certify, type Check } from "../../lib/market/certificate.ts";
import { book, unitOrders } from "../helpers/order_books.ts";

/** What may be done to a right clearing. */
const faults = fc.record({
  unsold: fc.constantFrom("none", "none", "bids", "asks"),
  scale: fc.constantFrom(1, 1, 0, 0.5, -0.25, 1.5),
  at: fc.nat(),
  priceShift: fc.constantFrom(0, 0, 0.25, -0.5),
  lowShift: fc.constantFrom(0, 0, 0.25, -0.5),
  highShift: fc.constantFrom(0, 0, 0.25, -0.5),
  volumeShift: fc.constantFrom(0, 0, 1, -1),
  withoutPrice: fc.constantFrom(false, false, true),
  withoutInterval: fc.constantFrom(false, false, true),
  invented: fc.constantFrom(false, false, true),
});

/** A clearing in which somebody has put faults. */
function tampered(
  orders: Orders,
  fault: typeof faults extends fc.Arbitrary<infer F> ? F : never,
): Clearing {
  const clearing = clearOrders(orders);
  const { fills, volumeKwh } = clearing;
  const changed = new Map(fills);
  const ids = [...fills.keys()];
  if (ids.length > 0) {
    const id = ids[fault.at % ids.length];
    changed.set(id, fills.get(id)! * fault.scale);
  }
  for (const { id } of fault.unsold === "none" ? [] : orders[fault.unsold]) changed.set(id, 0);
  const price = clearing.clearingPrice ?? (fault.invented ? 0.5 : null);
  const [low, high] = clearing.clearingInterval ?? [0.5, 0.5];
  const hasInterval = clearing.clearingInterval !== null || fault.invented;
  return {
    fills: changed,
    volumeKwh: volumeKwh + fault.volumeShift,
    clearingPrice: price === null || fault.withoutPrice ? null : price + fault.priceShift,
    clearingInterval: hasInterval && !fault.withoutInterval
      ? [low + fault.lowShift, high + fault.highShift]
      : null,
  };
}

/** The book in which all that is bought is sold, at prices of the other sign. */
function mirrored({ bids, asks }: Orders, clearing: Clearing): [Orders, Clearing] {
  const turned = (side: readonly Order[]) =>
    side.map((order) => ({ ...order, pricePerKwh: -order.pricePerKwh }));
  const { clearingPrice, clearingInterval } = clearing;
  return [{ bids: turned(asks), asks: turned(bids) }, {
    ...clearing,
    clearingPrice: clearingPrice === null ? null : -clearingPrice,
    clearingInterval: clearingInterval && [-clearingInterval[1], -clearingInterval[0]],
  }];
}

const checks = ({ valid: _, ...rest }: Certificate) => Object.entries<Check>(rest);

Deno.test("certificate: it sees in a mirror what it sees, whatever is wrong and on whichever side", () => {
  // Quarters, so that no difference is one of rounding.
  const quarters = unitOrders(6).map(({ bids, asks }) => {
    const rounded = (side: readonly Order[]) =>
      side.map((order) => ({ ...order, pricePerKwh: Math.round(order.pricePerKwh * 10) / 4 }));
    return { bids: rounded(bids), asks: rounded(asks) };
  });
  fc.assert(
    fc.property(quarters, faults, (orders, fault) => {
      const clearing = tampered(orders, fault);
      const certificate = certify(orders, clearing);
      const other = new Map(checks(certify(...mirrored(orders, clearing))));
      for (const [name, { holds, residual }] of checks(certificate)) {
        assertEquals(other.get(name)!.holds, holds, name);
        assertAlmostEquals(other.get(name)!.residual, residual, 1e-12, name);
        assert(residual >= 0 && (holds || residual > 0), `${name} is missed by ${residual}`);
      }
    }),
    { numRuns: 10_000, seed: 5 },
  );
});

/** The right clearing of a book with other fills, certified. */
function withFills(orders: Orders, fills: Readonly<Record<string, number>>): Certificate {
  const clearing = clearOrders(orders);
  return certify(orders, {
    ...clearing,
    fills: new Map([...clearing.fills, ...Object.entries(fills)]),
  });
}

Deno.test("certificate: money that is paid to nobody is found, as is money that nobody paid", () => {
  const orders = book([[1e6, 1]], [[1e6, 1]]);
  for (const id of ["a0", "b0"]) {
    const { budgetBalanced } = withFills(orders, { [id]: 1 - 5e-10 });
    assertEquals(budgetBalanced.holds, false, id);
    assertAlmostEquals(budgetBalanced.residual, 5e-4, 1e-9);
  }
});

Deno.test("certificate: energy that only one side traded is found", () => {
  const orders = book([[0.2, 2]], [[0.2, 2]]);
  for (const id of ["a0", "b0"]) {
    const { energyConserving, volumeMaximal } = withFills(orders, { [id]: 1 });
    assertEquals(energyConserving, { holds: false, residual: 1 });
    assertEquals(volumeMaximal, { holds: false, residual: 1 }, "what one side did is no trade");
  }
});

Deno.test("certificate: a fill below zero is found, however small", () => {
  const orders = book([[0.2, 2], [0.1, 2]], [[0.2, 2]]);
  const { energyConserving } = withFills(orders, { b1: -5e-10 });
  assert(!energyConserving.holds);
  assertAlmostEquals(energyConserving.residual, 5e-10, 1e-15);
});

Deno.test("certificate: shares that differ by a ten-millionth are found, by the largest difference", () => {
  const equal = book([[0.2, 1], [0.2, 1], [0.2, 1]], [[0.1, 1.5]]);
  const slight = withFills(equal, { b0: 0.5 + 1e-7, b1: 0.5 - 1e-7 }).marginSharedFairly;
  assertEquals(slight.holds, false);
  assertAlmostEquals(slight.residual, 1e-7, 1e-15);
  const unserved = withFills(equal, { b0: 0, b1: 0.75, b2: 0.75 }).marginSharedFairly;
  assertEquals(unserved, { holds: false, residual: 0.5 });
});

Deno.test("certificate: a volume may be short by two dusts and no more, and is never too large", () => {
  const orders = book([[0.2, 2]], [[0.2, 2]]);
  const volume = (kwh: number) => withFills(orders, { b0: kwh, a0: kwh }).volumeMaximal;
  assert(volume(2 - 1.5e-9).holds);
  assert(!volume(2 - 2.5e-9).holds);
  assertEquals(volume(3), { holds: true, residual: 0 });
});

Deno.test("certificate: trade without a price or an interval misses them beyond measure", () => {
  const orders = book([[0.3, 1], [0.2, 1]], [[0.1, 1]]);
  const clearing = clearOrders(orders);
  for (const part of [{ clearingPrice: null }, { clearingInterval: null }]) {
    const { priceInClearingSet } = certify(orders, { ...clearing, ...part });
    assertEquals(priceInClearingSet, { holds: false, residual: Infinity });
  }
  const nothing = { ...clearing, clearingPrice: null, clearingInterval: null };
  for (const fills of [{ b0: 1, a0: 0 }, { b0: 0, a0: 1 }, { b0: 1, a0: 1 }]) {
    const map = new Map([...clearing.fills, ...Object.entries(fills)]);
    const { priceInClearingSet } = certify(orders, { ...nothing, fills: map });
    assertEquals(priceInClearingSet, { holds: false, residual: Infinity });
  }
});

Deno.test("certificate: the middle of neighbouring prices is either of them, in any currency", () => {
  for (const size of [2 ** -20, 1, 2 ** 20]) {
    for (const [low, high] of [[size, size * (1 + 2 ** -40)], [-size * (1 + 2 ** -40), -size]]) {
      const orders = book([[high, 1]], [[low, 1]]);
      for (const clearingPrice of [low, high]) {
        const certificate = certify(orders, { ...clearOrders(orders), clearingPrice });
        assert(certificate.valid, `${clearingPrice} between ${low} and ${high}`);
      }
    }
  }
});
