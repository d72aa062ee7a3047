import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Clearing, clearOrders, type Orders } from "../../lib/market/auction.ts";
import { type Certificate, certify } from "../../lib/market/certificate.ts";
import { largestVolume, levelsOf } from "../../lib/market/filled_levels.ts";
import { arbitraryOrders, book, clearUnits, unitOrders } from "../helpers/order_books.ts";

type Property = Exclude<keyof Certificate, "valid">;

const properties: readonly Property[] = [
  "volumeMaximal",
  "priceInClearingSet",
  "budgetBalanced",
  "individuallyRational",
  "energyConserving",
  "marginSharedFairly",
];

/** The properties that a certificate denies; `valid` must say the same. */
function broken(certificate: Certificate): Property[] {
  const names = properties.filter((name) => !certificate[name].holds);
  assertEquals(certificate.valid, names.length === 0);
  return names;
}

Deno.test("certificate: every clearing of random books has all properties", () => {
  fc.assert(
    fc.property(
      fc.oneof(arbitraryOrders, unitOrders(40)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (orders, priceWeight) => {
        const clearing = clearOrders(orders, { priceWeight });
        assertEquals(broken(certify(orders, clearing, { priceWeight })), []);
      },
    ),
    { numRuns: 3000, seed: 3 },
  );
});

Deno.test("certificate: a remainder of just the size of dust is certified", () => {
  for (const supply of [1 + 1e-9, 1 + 0.9999999e-9, 1 + 1.0000001e-9, 1 + 2e-9, 1 + 0.5e-9]) {
    const orders = book([[2, 1]], [[1, supply / 2], [1, supply / 2]]);
    assertEquals(broken(certify(orders, clearOrders(orders))), [], `supply ${supply}`);
  }
});

Deno.test("certificate: an order behind a remainder of just less than dust has no part", () => {
  // The remainder of the first two is 1e-9 kWh but for rounding, which the last covers exactly.
  const [sixteen, fifteen] = [[8e-9, 8e-9], [7.000000000000001e-9, 8e-9]];
  const at = (
    price: number,
    quantities: number[],
    last: number,
  ) => [...quantities.map((kwh) => [price, kwh] as const), [last, 1e-9] as const];
  const longDemand = book(at(3, sixteen, 2), at(1, fifteen, 2));
  const longSupply = book(at(3, fifteen, 2), at(1, sixteen, 2));
  for (const orders of [longDemand, longSupply]) {
    assertEquals(broken(certify(orders, clearOrders(orders))), []);
  }
});

Deno.test("certificate: payments too small for all their digits are certified", () => {
  const orders = book([[0.3, 194.98546838444332], [0.2, 0.1]], [[2.5e-323, 1e6]]);
  assertEquals(broken(certify(orders, clearOrders(orders))), []);
});

Deno.test("certificate: a remainder of about the size of dust may count as rejected or not", () => {
  for (const remainder of [0.75e-9, 1.5e-9]) {
    const orders = book([[2, 1]], [[1, 1 + remainder]]);
    const clearing = clearOrders(orders);
    for (const clearingInterval of [[1, 1], [1, 2]] as const) {
      const clearingPrice = (clearingInterval[0] + clearingInterval[1]) / 2;
      const certificate = certify(orders, { ...clearing, clearingPrice, clearingInterval });
      assertEquals(broken(certificate), []);
    }
  }
});

Deno.test("certificate: orders too small for the sum of their book do not break it", () => {
  for (const behind of [1e-6, 1]) {
    const longDemand = book([[3, 1e9 + 2e-6], [2, behind]], [[1, 1e9], [1.5, 1e-9]]);
    const longSupply = book([[3, 1e9], [2, 1e-9]], [[1, 1e9 + 2e-6], [1.5, behind]]);
    for (const orders of [longDemand, longSupply]) {
      assertEquals(broken(certify(orders, clearOrders(orders))), []);
    }
  }
});

Deno.test("certificate: the largest volume is that of clearing unit by unit", () => {
  fc.assert(
    fc.property(unitOrders(12), (orders) => {
      const unfilled = (side: Orders["bids"]) =>
        levelsOf(side.map((order) => ({ ...order, fillKwh: 0 })), 1e-9);
      const volume = largestVolume(unfilled(orders.bids), unfilled(orders.asks));
      assertEquals(volume, clearUnits(orders).volumeKwh);
    }),
    { numRuns: 2000, seed: 4 },
  );
});

/** What is broken once a fault is put into the right clearing of a book. */
function tampered(
  orders: Orders,
  fault: Partial<Omit<Clearing, "fills">> & { readonly fills?: Readonly<Record<string, number>> },
): Certificate {
  const clearing = clearOrders(orders);
  assertEquals(broken(certify(orders, clearing)), []);
  const fills = new Map([...clearing.fills, ...Object.entries(fault.fills ?? {})]);
  return certify(orders, { ...clearing, ...fault, fills });
}

/** 1 kWh trades; any price from 0.2, the rejected bid, to 0.3 clears. */
const pair = book([[0.3, 1], [0.2, 1]], [[0.1, 1]]);
/** Everything at one price. */
const flat = book([[0.2, 2]], [[0.2, 2]]);

Deno.test("certificate: a volume that could be larger is found", () => {
  const certificate = tampered(flat, { volumeKwh: 1, fills: { b0: 1, a0: 1 } });
  assertEquals(broken(certificate), ["volumeMaximal"]);
  assertEquals(certificate.volumeMaximal.residual, 1);
  const idle = { clearingPrice: null, clearingInterval: null, volumeKwh: 0 };
  assertEquals(broken(tampered(flat, { ...idle, fills: { b0: 0, a0: 0 } })), ["volumeMaximal"]);
});

Deno.test("certificate: a price outside the clearing set is found", () => {
  const belowRejectedBid = { clearingPrice: 0.15, clearingInterval: [0.1, 0.2] } as const;
  const certificate = tampered(pair, belowRejectedBid);
  assertEquals(broken(certificate), ["priceInClearingSet"]);
  assertAlmostEquals(certificate.priceInClearingSet.residual, 0.1);
});

Deno.test("certificate: an interval that is not the clearing set is found", () => {
  for (const clearingInterval of [[0.24, 0.26], [0.2, 0.3001], [0.19, 0.31]] as const) {
    const clearingPrice = (clearingInterval[0] + clearingInterval[1]) / 2;
    const certificate = tampered(pair, { clearingPrice, clearingInterval });
    assertEquals(broken(certificate), ["priceInClearingSet"]);
  }
  assertEquals(broken(tampered(pair, { clearingInterval: null })), ["priceInClearingSet"]);
});

Deno.test("certificate: a price without trade is found", () => {
  const apart = book([[0.1, 1]], [[0.2, 1]]);
  for (const clearingInterval of [null, [0.1, 0.2]] as const) {
    const certificate = tampered(apart, { clearingPrice: 0.15, clearingInterval });
    assertEquals(broken(certificate), ["priceInClearingSet"]);
    assertEquals(certificate.priceInClearingSet.residual, Infinity);
  }
});

Deno.test("certificate: trade without a price cannot be certified", () => {
  const certificate = tampered(pair, { clearingPrice: null });
  assertEquals(broken(certificate), [
    "priceInClearingSet",
    "budgetBalanced",
    "individuallyRational",
  ]);
});

Deno.test("certificate: a trade beyond a limit is found, and its price is outside the set", () => {
  const certificate = tampered(pair, { clearingPrice: 0.35 });
  assertEquals(broken(certificate), [
    "priceInClearingSet",
    "individuallyRational",
    "marginSharedFairly",
  ]);
  assertAlmostEquals(certificate.individuallyRational.residual, 0.05);
  const seller = tampered(pair, { clearingPrice: 0.05, clearingInterval: [0, 0.1] });
  assertEquals(broken(seller), ["priceInClearingSet", "individuallyRational"]);
});

Deno.test("certificate: energy from nowhere is found", () => {
  const free = book([[0, 2], [-1, 1]], [[0, 2]]);
  const overfilled = tampered(free, { fills: { b0: 3 } });
  assertEquals(broken(overfilled), ["energyConserving"]);
  assertEquals(overfilled.energyConserving.residual, 1);
  const paidFor = tampered(flat, { fills: { b0: 2 + 1e-6 } });
  assertEquals(broken(paidFor), ["budgetBalanced", "energyConserving"]);
});

Deno.test("certificate: a fill above its order by one bit is found", () => {
  const certificate = tampered(flat, { fills: { a0: 2 + 2 ** -51 } });
  assertEquals(broken(certificate), ["energyConserving"]);
});

Deno.test("certificate: a volume that is not what was filled is found", () => {
  assertEquals(broken(tampered(flat, { volumeKwh: 3 })), ["energyConserving"]);
});

Deno.test("certificate: dust that trades is found", () => {
  const orders = book([[0.2, 2], [0.3, 5e-10]], [[0.2, 2]]);
  assertEquals(broken(tampered(orders, { fills: { b1: 5e-10 } })), [
    "budgetBalanced",
    "energyConserving",
  ]);
  const free = book([[0, 2], [0, 5e-10]], [[0, 2]]);
  assertEquals(broken(tampered(free, { fills: { b1: 5e-10 } })), ["energyConserving"]);
});

Deno.test("certificate: a fill for a stranger and a fill that is missing are found", () => {
  assertEquals(broken(tampered(flat, { fills: { stranger: 0 } })), ["energyConserving"]);
  const { fills: _, ...rest } = clearOrders(flat);
  const certificate = certify(flat, { ...rest, fills: new Map([["b0", 2]]) });
  assertEquals(certificate.energyConserving, { holds: false, residual: Infinity });
});

Deno.test("certificate: serving equal prices first come, first served is found", () => {
  const orders = book([[0.2, 1], [0.2, 1]], [[0.1, 1]]);
  const certificate = tampered(orders, { fills: { b0: 1, b1: 0 } });
  assertEquals(broken(certificate), ["marginSharedFairly"]);
  assertEquals(certificate.marginSharedFairly.residual, 0.5);
});

Deno.test("certificate: a price that favours one side of the margin is found", () => {
  const certificate = tampered(pair, { clearingPrice: 0.3 });
  assertEquals(broken(certificate), ["marginSharedFairly"]);
  assertAlmostEquals(certificate.marginSharedFairly.residual, 0.5);
  const narrow = tampered(book([[1 + Number.EPSILON, 1]], [[1, 1]]), {
    clearingPrice: 1 + Number.EPSILON,
  });
  assertEquals(broken(narrow), [], "the middle of neighbouring numbers is either");
  const clearing = clearOrders(pair, { priceWeight: 1 });
  assertEquals(broken(certify(pair, clearing)), ["marginSharedFairly"]);
  assertEquals(broken(certify(pair, clearing, { priceWeight: 1 })), []);
});
